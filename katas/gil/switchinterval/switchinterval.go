// Package switchinterval is an exercise: the GIL itself, as it is in CPython's Python/ceval_gil.c since 3.2. One thread at a
// time has it. The others wait, and after a while ask for it.
//
// # The rules
//
//  1. Who takes the GIL while it is free has it at once. Otherwise he waits until it is dropped. Which of several who
//     wait gets it is not said. None of them sleeps on while it is free.
//  2. Who waits does so in switch intervals, the first of which begins when he begins to wait. At the end of each he
//     looks: if it was the same thread that had the GIL all the time, he sets the drop request. If it has changed hands
//     meanwhile, he does not. Either way he waits on, for another interval. (An interval may also begin anew when the
//     GIL is dropped and somebody else is quicker.)
//  3. Who has the GIL keeps it for as long as he likes. Only at a check he looks whether there is a drop request. If
//     there is, he drops the GIL and takes it again, by rules 1 and 2 like everybody else. If there is none he goes on,
//     however many wait.
//  4. Who drops the GIL while there is a drop request, for whatever reason, does not come back from dropping it before
//     another thread has taken it: forced switching. Otherwise he might be the first to take it again. If there is no
//     drop request he does not wait for anybody.
//  5. Who takes the GIL clears the drop request: it was not he who was asked.
//
// There is no clock but the one of package time, and nobody looks at it again and again: who waits sleeps until the GIL
// is dropped or his interval is over. A GIL owns no goroutine, and a call that has returned leaves nothing behind.
package switchinterval

import (
	"errors"
	"time"
)

// DefaultInterval is what sys.getswitchinterval() says unless somebody has set it.
const DefaultInterval = 5 * time.Millisecond

// ErrInterval is ValueError("switch interval must be strictly positive").
var ErrInterval = errors.New("switch interval must be strictly positive")

var errNotWritten = errors.New("not written yet")

// GIL is the global interpreter lock. Its methods may be called by any goroutine at any time.
type GIL struct {
	// Your fields.
}

// New returns a GIL that is free and has no threads, with the default switch interval.
func New() *GIL {
	return &GIL{}
}

// SetSwitchInterval is sys.setswitchinterval: it holds for every interval that begins from now on. An interval in which
// somebody waits already is as long as it was. The error is ErrInterval, and nothing changes, where it is not positive.
func (g *GIL) SetSwitchInterval(interval time.Duration) error {
	return errNotWritten
}

// Switches returns how often the GIL was taken by another thread than had it last. The first time counts. It does not
// wait for the GIL.
func (g *GIL) Switches() int {
	return 0
}

// NewThread returns a thread, which does not have the GIL yet. It is a name for whoever uses it, one goroutine at a time,
// and starts nothing.
func (g *GIL) NewThread() *Thread {
	return &Thread{}
}

// Thread is what CPython calls a thread state. A thread that has the GIL may call Drop, Check and AllowThreads, one that
// has not may call Take.
type Thread struct {
	// Your fields.
}

// Take is take_gil: it returns when the thread has the GIL.
func (t *Thread) Take() {
}

// Drop is drop_gil: the thread does not have the GIL any more.
func (t *Thread) Drop() {
}

// Check is where the interpreter looks at its eval breaker, between two instructions. The thread has the GIL when it
// returns; if there was a drop request, another one has had it meanwhile.
func (t *Thread) Check() {
}

// AllowThreads is what CPython writes around a call that may block, between Py_BEGIN_ALLOW_THREADS and
// Py_END_ALLOW_THREADS: it drops the GIL, calls blocking without it, and takes it again. The latter also if blocking
// panics; the panic goes on to the caller.
func (t *Thread) AllowThreads(blocking func()) {
}
