// Package barrier is a kata: threading.Barrier of Python.
//
// A barrier lets a fixed number of goroutines, its parties, wait for each other. Each calls Wait; when the last of them
// has called it, all of them go on. Then the barrier is closed again, and the same parties or others may meet at it
// once more. Each such meeting is a round:
//
//	filling ──the last party arrives──▶ full: the action runs ──it returns nil──▶ released
//	   │                                        └──it fails──▶ broken
//	   ├──a timeout runs out, Abort──▶ broken
//	   └──Reset──▶ given up, and the barrier fills anew
//
// Rules for the whole type:
//   - A round ends in one way for all who wait in it: either it is released, and every call returns an index, or it is
//     not, and every call returns an error. What happens to later rounds changes nothing for those who come back late
//     from an earlier one. Abort alone is an exception, see there.
//   - A call that comes when a round is full belongs to the next round, however late the others of the full one are
//     in coming back.
//   - A barrier that is broken stays broken until Reset.
//   - Every method may be called by many goroutines at the same time, by more of them than there are parties too. The
//     action may call Parties, NWaiting and Broken, and no other method.
//   - What a party did before it called Wait has happened before the action runs, and both before any call of that round
//     returns.
//   - A barrier owns no goroutine. When a call has come back nothing of it still waits or sleeps, and its timeout breaks
//     nothing any more.
package barrier

import (
	"errors"
	"time"
)

// The errors are named as in Python. They are returned as they are, or wrapped so that errors.Is finds them.
var (
	// ErrBrokenBarrier: the barrier is broken, or was reset while the call waited (threading.BrokenBarrierError).
	ErrBrokenBarrier = errors.New("the barrier is broken")
	// ErrValue: there must be one party at least (ValueError).
	ErrValue = errors.New("parties must be 1 or more")
)

// errNotWritten is what the stub returns. It goes when you are done.
var errNotWritten = errors.New("not written yet")

// Forever stands for a timeout that never runs out, Python's timeout=None. It is ten years, so that code which knows
// nothing of it works as well.
const Forever = 10 * 365 * 24 * time.Hour

// Barrier is a meeting point of a fixed number of goroutines. Barriers are made by New and used through their pointer.
type Barrier struct {
	// Your fields.
}

// New returns a barrier for so many parties, 1 or more. With fewer there is no barrier (nil), and the error is
// ErrValue.
//
// The action, where it is not nil, runs once in each round, see Wait. The timeout is the one that Wait waits for; give
// Forever for none. Zero is not "none": with it every Wait that finds nobody left to wait for breaks the barrier, as
// WaitTimeout(0) does.
func New(parties int, action func() error, timeout time.Duration) (*Barrier, error) {
	return &Barrier{}, nil
}

// Wait waits for the other parties, for the timeout given to New at the most. In everything else it is WaitTimeout.
func (b *Barrier) Wait() (index int, err error) {
	return -1, errNotWritten
}

// WaitTimeout waits until all parties of the round have arrived, for timeout at the most.
//
//   - All have arrived, and the action, if there is one, has returned nil: every call of the round returns at that
//     moment, each with an index of its own from 0 to parties-1, in any order.
//   - The action runs when the last party has arrived, in the goroutine of one of the calls, and no call returns before
//     it has. If it fails the barrier is broken: the call that ran it returns the very error that it returned, or, where
//     the action panics, panics with the same value; every other call of the round returns ErrBrokenBarrier.
//   - The timeout runs out before all have arrived: the barrier is broken, and this call returns ErrBrokenBarrier. So
//     does every other that waits, at that same moment. Who fails to arrive in time fails everybody.
//   - Abort or Reset is called before all have arrived: ErrBrokenBarrier, at once.
//   - The barrier is broken already: ErrBrokenBarrier, at once. The call counts for nothing.
//
// With every error the index is -1.
//
// A timeout of zero or less does not wait: the last party to arrive passes with any timeout, everyone else breaks the
// barrier at once. Once all have arrived no timeout matters any more, however long the action takes.
//
// A call that comes while the action runs waits until the action is over, whatever its timeout. It belongs to the next
// round, and its own timeout begins then. If the action has failed it finds the barrier broken.
func (b *Barrier) WaitTimeout(timeout time.Duration) (index int, err error) {
	return -1, errNotWritten
}

// Reset makes the barrier as good as new: not broken, nobody waiting. Every call that waits returns ErrBrokenBarrier at
// once. Those who call Wait after that make up a round of their own, also while the others have not come back yet.
//
// A round that is full is not harmed: its calls return as if there had been no Reset. While the action runs, Reset waits
// until it is over; where the action has failed, the barrier is broken first and reset then.
func (b *Barrier) Reset() {
}

// Abort breaks the barrier. Every call that waits returns ErrBrokenBarrier at once, and so does every later one, until
// Reset.
//
// While the action runs, Abort waits until it is over, and breaks the barrier then. A call of that round, or of any
// that has been released already, which comes back after Abort was called may return its index or ErrBrokenBarrier: it
// is all the same to CPython, and to the tests.
func (b *Barrier) Abort() {
}

// Parties is how many must arrive in each round.
func (b *Barrier) Parties() int {
	return 0
}

// NWaiting is how many calls wait in the round that fills. While the action runs it is all parties of the round; when
// a round has been released, given up or broken it is 0 until somebody arrives for the next one. NWaiting never waits,
// not even for the action.
func (b *Barrier) NWaiting() int {
	return 0
}

// Broken reports whether the barrier is broken. It never waits, not even for the action.
func (b *Barrier) Broken() bool {
	return false
}
