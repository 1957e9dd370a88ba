// Package gather is an exercise: the ways in which asyncio's tasks wait for each other (await, gather, wait_for, shield),
// and what a cancel and an exception make of them, as in Python 3.12 and later.
//
// # Tasks
//
// A coroutine is a func(t *Task) (any, error) here. It gets its own task handed in, because Go has no current_task(). An
// error that it returns is what a Python coroutine raises. A task runs its coroutine on a goroutine of its own.
//
// Sleep, Await and WaitFor are what stands behind an await in Python. A task calls them for itself and nobody else does.
// Everything else may be called by any goroutine, also by many at the same time.
//
// # Cancelling
//
// Cancel is a request to a task. What becomes of it depends on where the task is:
//
//   - in Sleep: Sleep returns ErrCancelled at once.
//   - in Await or WaitFor: the request is passed on to the task that is waited for, and the waiting goes on. What the other
//     one makes of it is what comes back: ErrCancelled, another error, or even a result.
//   - anywhere else: it stays outstanding until the next of these calls begins, which then does as above.
//
// That uses the request up, and the awaits after it wait as they always do. Requests that come while one is outstanding
// count as one. No request is lost: where one comes just as an await ends, it is for this await or for the next.
//
// Nothing is left behind: when the tasks are done, no goroutine of theirs waits or sleeps on.
package gather

import (
	"errors"
	"time"
)

var (
	// ErrCancelled is asyncio.CancelledError. An error for which errors.Is(err, ErrCancelled) holds is one as well.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout is TimeoutError.
	ErrTimeout = errors.New("timed out")

	errNotWritten = errors.New("not written yet")
)

// Task is asyncio.Task, and asyncio.Future where Gather and Shield return one. It is done when it has a result or an error.
type Task struct {
	// Your fields.
}

// CreateTask is asyncio.create_task: it starts coro and returns its task without waiting. The task is done when coro
// returns, with what coro returned. If coro returns without an error while a request is outstanding, the task is done with
// ErrCancelled. A task that is cancelled before its coroutine has begun may leave it out, and is done with ErrCancelled.
func CreateTask(coro func(t *Task) (any, error)) *Task {
	return &Task{}
}

// Wait waits until the task is done and returns its result or its error. It is for code outside of tasks, like asyncio.run,
// and no await: it has nothing to do with cancelling.
func (t *Task) Wait() (any, error) {
	return nil, errNotWritten
}

// Cancel asks the task to stop. It does not wait for that. It returns false, and changes nothing, if the task is done.
func (t *Task) Cancel() bool {
	return false
}

// Sleep is asyncio.sleep: it returns nil after d, or ErrCancelled. A sleep of zero or less does not wait, but takes a request
// that is outstanding like any other.
func (t *Task) Sleep(d time.Duration) error {
	return errNotWritten
}

// Await is "await other": it waits until other is done and returns its result or its error. A task that is done already is
// not waited for, and a request that is outstanding then stays so.
func (t *Task) Await(other *Task) (any, error) {
	return nil, errNotWritten
}

// WaitFor is "await asyncio.wait_for(other, timeout)": an Await that loses its patience. When the timeout has passed, other
// is cancelled once, and is waited for still, however long it takes to stop.
//
//   - other is done with ErrCancelled because of the timeout: ErrTimeout. But if t was cancelled in this call as well, before
//     the timeout or after it, ErrCancelled.
//   - other is done in another way: that is what WaitFor returns, how ever late it is.
//
// A timeout of zero or less has passed already. A task that is done already is not waited for, whatever the timeout.
func (t *Task) WaitFor(other *Task, timeout time.Duration) (any, error) {
	return nil, errNotWritten
}

// Gather is asyncio.gather: it returns at once a task that waits for all of tasks. They are all under way already.
//
//   - When all are done without an error it is done, with a []any of their results, in the order of the arguments. Without
//     arguments that is an empty one.
//   - When one is done with an error, ErrCancelled or another, it is done in that moment, with the error of the first.
//     The others are not cancelled. They run on, and nobody waits for them.
//   - To cancel it is to cancel those that are not done. It goes on waiting as above; but if none of them ends with an
//     error, it is done with ErrCancelled and not with results.
//
// A task may be among the arguments twice. Its result then stands in both places, and a Cancel asks it once.
func Gather(tasks ...*Task) *Task {
	return &Task{}
}

// GatherReturnExceptions is asyncio.gather(…, return_exceptions=True). It waits until all are done, however that is, and the
// []any has the error in the place of a result where there was one. If it was cancelled, it is done with ErrCancelled,
// when all are done.
func GatherReturnExceptions(tasks ...*Task) *Task {
	return &Task{}
}

// Shield is asyncio.shield: it returns at once a task that is done when inner is done, in the same way, ErrCancelled
// included. But to cancel it ends it at once with ErrCancelled, and inner hears nothing of it and runs on.
func Shield(inner *Task) *Task {
	return &Task{}
}
