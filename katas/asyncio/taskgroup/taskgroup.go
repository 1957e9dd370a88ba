// Package taskgroup is an exercise: asyncio.TaskGroup, and the cancellation that it rests on, as in Python 3.13.
//
// # Tasks
//
// A coroutine is a func(t *Task) error here. It gets its own task handed in, because Go has no current_task(). An error
// that it returns is what a Python coroutine raises. A task runs its coroutine on a goroutine of its own.
//
// A call of Sleep, and the wait at the end of WithTaskGroup, are what stands behind an await in Python: there, and nowhere
// else, a task can be interrupted. Sleep, Uncancel and WithTaskGroup are called by a task for itself. Everything else may
// be called by any goroutine, also by many at the same time.
//
// # Cancelling
//
// Cancel is a request. It is outstanding until it is delivered: the await in which the task is, or else its next one,
// returns ErrCancelled at once. That is all. What the task does with it is the task's business: the awaits after it wait
// as they always do.
//
//   - Requests that come while one is outstanding are delivered together, with one ErrCancelled.
//   - No request is lost. Where one comes just as an await ends, either this await returns ErrCancelled or the next does.
//   - A task counts its requests, delivered or not: Cancelling. Whoever stops one takes it back: Uncancel.
//
// Nothing is left behind: when the tasks have ended, no goroutine of theirs waits or sleeps on.
package taskgroup

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrCancelled is asyncio.CancelledError. An error for which errors.Is(err, ErrCancelled) holds is one as well.
	ErrCancelled = errors.New("cancelled")
	// ErrShuttingDown is RuntimeError("TaskGroup is shutting down").
	ErrShuttingDown = errors.New("task group is shutting down")
	// ErrFinished is RuntimeError("TaskGroup is finished").
	ErrFinished = errors.New("task group is finished")

	errNotWritten = errors.New("not written yet")
)

// Task is asyncio.Task.
type Task struct {
	// Your fields.
}

// CreateTask is asyncio.create_task: it starts coro and returns its task without waiting. A task that is cancelled before
// its coroutine has begun may leave it out altogether.
func CreateTask(coro func(t *Task) error) *Task {
	return &Task{}
}

// Wait waits until the task has ended and returns how. It is for code outside of tasks, like asyncio.run, and no await:
// nothing interrupts it.
//
//   - An error that coro returned, ErrCancelled too: that error.
//   - coro returned nil while a request was outstanding: ErrCancelled. It came too late for an await, and is not lost.
//   - Otherwise nil.
func (t *Task) Wait() error {
	return errNotWritten
}

// Cancel asks the task to stop. It does not wait for that. It returns false, and changes nothing, if the task has ended.
func (t *Task) Cancel() bool {
	return false
}

// Cancelling returns how many requests there were that no Uncancel has taken back.
func (t *Task) Cancelling() int {
	return 0
}

// Uncancel takes one request back, if there is one, and returns how many are left. When none is left, a request that is
// still outstanding is dropped with it.
func (t *Task) Uncancel() int {
	return 0
}

// Sleep is asyncio.sleep: it returns nil after d, or ErrCancelled as soon as there is a request to deliver. A sleep of zero
// or less does not wait, but delivers like any other.
func (t *Task) Sleep(d time.Duration) error {
	return errNotWritten
}

// TaskGroup is asyncio.TaskGroup. Only WithTaskGroup makes one.
type TaskGroup struct {
	// Your fields.
}

// WithTaskGroup is "async with asyncio.TaskGroup() as g: body". It calls body, then waits until every child (every task of
// the group) has ended, and then says how it went.
//
// A group shuts down for the first of these reasons: a child ends with an error, body returns one, t is cancelled in the
// wait at the end. To shut down is to cancel all children that have not ended, each of them once, and to accept no more.
// What the children make of it is their business, and the group waits for them however long they take.
//
//   - A child's error, if the group is not shutting down yet, cancels t as well, once: the body may be in an await, and
//     has to come out of it. This request is the group's own. It is taken back by Uncancel before WithTaskGroup returns.
//   - ErrCancelled is no error of a child: a child that was cancelled, by whomever, has simply ended. It does not shut the
//     group down. A body that returns ErrCancelled does.
//   - The wait at the end is an await while there are children. A request for t shuts the group down, and is returned later
//     as ErrCancelled. If the group is shutting down already, a request changes nothing for the children. Where no child is
//     left there is no wait, and what is outstanding stays so.
//
// What it returns, when body and all children have ended:
//
//   - Was there an error: an *ExceptionGroup of all of them, the children's in the order in which they ended, that of the
//     body behind them. It is one even if there is a single error, and ErrCancelled is never part of it.
//   - Otherwise ErrCancelled, if body returned it or a request shut the group down.
//   - Otherwise nil.
//
// Errors come before a cancel by somebody else, which must not get lost all the same: if WithTaskGroup returns an
// ExceptionGroup and, with the group's own request taken back, t.Cancelling() is not zero, then a request is outstanding for
// t again. The count stays as it is.
func WithTaskGroup(t *Task, body func(g *TaskGroup) error) error {
	return errNotWritten
}

// CreateTask starts coro as a child of the group. Body may call it, and children, and anybody else, also while the group
// waits at its end. The coroutine is not run, and the task is nil, where the error is
//
//   - ErrFinished: body has returned and no child is left;
//   - ErrShuttingDown: otherwise, if the group shuts down.
func (g *TaskGroup) CreateTask(coro func(t *Task) error) (*Task, error) {
	return nil, errNotWritten
}

// ExceptionGroup is Python's: several errors at once. It is given, there is nothing to write here.
type ExceptionGroup struct {
	Exceptions []error
}

func (e *ExceptionGroup) Error() string {
	return fmt.Sprintf("unhandled errors in a TaskGroup (%d of them): %v", len(e.Exceptions), e.Exceptions)
}

// Unwrap lets errors.Is and errors.As look at each of them.
func (e *ExceptionGroup) Unwrap() []error { return e.Exceptions }
