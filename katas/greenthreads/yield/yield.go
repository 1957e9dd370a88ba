// Package yield is a kata: a cooperative scheduler of green threads, as greenlet and gevent have it.
//
// A green thread is a function with a stack of its own that runs until it gives its turn away itself. There are three
// ways to give it away: Yield, a Join that has to wait, and the end of the function. Nothing else is a switch: not
// time, not Spawn, not Stop, and not an operation that blocks, such as time.Sleep: that one blocks all of them.
//
// Rules for the whole package:
//   - Of all the threads of a scheduler, one runs at a time, and while Run runs, one does.
//   - Turns go round. Who can go on stands in a queue; who gives the turn away hands it to the first in the queue.
//     A thread joins the queue at its end, when it is spawned, when it yields, and when what it joins has ended.
//   - A switch orders everything before it before everything after it. Threads share variables without a lock, and so
//     do they with the caller of Run, before Run is called and after it has returned.
//   - A thread that waits for its turn costs nothing: it polls nothing, and it takes no time.
//   - Schedulers know nothing of one another. A green thread may run a scheduler of its own.
//
// So that you need no lock for your own fields either, the methods are called under these conditions only. Spawn and
// Stop: before Run, or by the thread that runs. Run: once, and not by a thread of the same scheduler. Yield and Join: by
// the thread itself, from its function, from what that calls, or from its deferred functions.
package yield

import (
	"errors"
	"fmt"
)

// The errors are returned as they are, or wrapped so that errors.Is finds them.
var (
	// ErrDeadlock: threads are left, and every one of them waits in Join (gevent.exceptions.LoopExit, "This operation
	// would block forever").
	ErrDeadlock = errors.New("deadlock: every green thread that is left waits in join")
	// ErrJoinSelf: a thread cannot wait for its own end (RuntimeError of threading.Thread.join).
	ErrJoinSelf = errors.New("cannot join current thread")
)

// errNotWritten is what the stub returns. It goes when you are done.
var errNotWritten = errors.New("not written yet")

// PanicError is what Join returns for a thread that ended with a panic. It is written already.
type PanicError struct {
	// Name is the name of the thread that panicked.
	Name string
	// Value is what it gave to panic.
	Value any
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("green thread %q panicked: %v", e.Name, e.Value)
}

// Scheduler runs green threads in turns. It is made by New and used through its pointer.
type Scheduler struct {
	// Your fields.
}

// Thread is a green thread (gevent.Greenlet). It is made by Spawn and used through its pointer.
type Thread struct {
	name string
	// Your fields.
}

// Name is what Spawn was given. It is written already. Several threads may have the same name.
func (t *Thread) Name() string { return t.name }

// New returns a scheduler with no threads.
func New() *Scheduler {
	return &Scheduler{}
}

// Spawn puts a new thread at the end of the queue and returns it (gevent.spawn). Its first turn calls fn with this very
// thread. Spawn itself runs nothing and is no switch: the caller goes on. It starts no goroutine either: a scheduler
// that is dropped before Run is called leaves nothing behind.
func (s *Scheduler) Spawn(name string, fn func(t *Thread)) *Thread {
	return &Thread{name: name}
}

// Run lets the threads run, also those that are spawned meanwhile, and returns when each of them has ended.
//
//   - All have ended by themselves, or there were none: nil. A panic is no matter of Run's: it ends the thread it came
//     up in, Join passes it on to those who ask, and all others go on.
//   - No thread can go on, and some wait in Join: those are ended by the scheduler, see below; then ErrDeadlock. That
//     some threads join each other is no deadlock as long as another one can go on.
//   - Stop was called: the threads that are left are ended by the scheduler; then nil.
//
// How the scheduler ends a thread (gevent kills it with GreenletExit; a generator's close raises GeneratorExit):
//
//   - One that had its first turn ends where it stands. The Yield or Join in which it waits does not return, but the
//     deferred functions run, and then the thread has ended. Whether you do it by runtime.Goexit or by a panic of your
//     own is yours to choose. (Inside of iter.Pull, Goexit would end the caller of Run as well.)
//   - A Yield or Join that a deferred function calls meanwhile does not return either, and hands the turn to nobody:
//     it ends that deferred function, and the thread goes on with its next one.
//   - A panic in a deferred function meanwhile is dropped.
//   - One that never had a turn never gets one: its function is not called.
//
// Threads are ended one after another, in any order: also then one runs at a time. Run returns after the last of their
// deferred functions, and leaves no goroutine behind.
func (s *Scheduler) Run() error {
	return errNotWritten
}

// Stop has all threads ended by the scheduler, the calling one too. It is no switch: the caller goes on alone, up to its
// end or its next Yield or Join, and only then the others are ended. After Stop
//
//   - no Yield and no Join returns, also where it would have nothing to wait for;
//   - no thread has its first turn, also none that is spawned only now: Spawn returns it, and that is all;
//   - a panic is dropped.
//
// Stop before Run has Run return nil at once. A second Stop changes nothing.
func (s *Scheduler) Stop() {
}

// Yield hands the turn to the first in the queue and returns when it is this thread's turn again (gevent.sleep(0)). The
// thread stands at the end of the queue meanwhile. Where nobody else is in the queue, Yield returns at once.
func (t *Thread) Yield() {
}

// Join waits until other, a thread of the same scheduler, has ended, and says how it ended (gevent's Greenlet.get).
//
//   - other has ended already: Join returns at once. This is no switch.
//   - Otherwise t leaves the queue and hands the turn to the first in it. When other ends, all who joined it go to the
//     end of the queue, in the order in which they came.
//
// The error is nil if the function of other has returned, and a *PanicError, as it is or wrapped, if it has panicked.
// Everyone who joins gets it, however often and however late. Who joined a thread with an error has not panicked by that.
//
// A thread that joins itself gets ErrJoinSelf at once. This is no switch.
func (t *Thread) Join(other *Thread) error {
	return errNotWritten
}
