// Package kernel is an exercise: the kernel of curio, a loop that runs coroutines by their traps.
//
// A coroutine cannot sleep, start another one or wait for something: it can only stand still and hand out a value that says
// what it wants, a trap. The kernel looks at the value, sees to it that it happens, and has the coroutine go on with the answer
// when it is time. So what blocks in other models is a request here, and who waits is an entry in a list.
//
// Rules for the whole package:
//   - One task runs at a time, until its next trap. Those that can go on stand in a queue, the ready queue, and go on in its order. A
//     task joins it at its end: when it is spawned, and when what it waits for is there.
//   - Spawn and Self are answered at once: the task goes on, and nobody in between. The others are blocking traps: Sleep, Join,
//     Cancel, Get, Put. One that has nothing to wait for is answered at once as well, save Sleep.
//   - Where no task is ready the kernel sleeps until the next one is due; it looks at nothing again and again. Of tasks that are
//     due at the same time the one comes first that has slept longer, that is, whose trap came first.
//   - A kernel is used by one goroutine, that of Run; kernels know nothing of one another.
package kernel

import (
	"errors"
	"fmt"
	"iter"
	"time"
)

var (
	// ErrCancelled is CancelledError: what a blocking trap returns in a task that is cancelled.
	ErrCancelled = errors.New("the task was cancelled")
	// ErrSelf says that a task wanted to join or to cancel itself.
	ErrSelf = errors.New("a task cannot wait for its own end")
	// ErrDeadlock says that all tasks waited for each other.
	ErrDeadlock = errors.New("every task waits, and none can go on")

	errNotWritten = errors.New("not written yet")
)

// TaskError is what a Join returns for a task that has failed. It is given.
type TaskError struct{ Err error }

func (e *TaskError) Error() string { return fmt.Sprintf("the task failed: %v", e.Err) }

// Unwrap makes errors.Is look at the cause.
func (e *TaskError) Unwrap() error { return e.Err }

// Trap is what a coroutine hands out. The types below are all there are.
type Trap any

type (
	// Sleep is answered with nil when Duration has passed. With zero or less the task only goes to the end of the ready queue.
	Sleep struct{ Duration time.Duration }
	// Spawn is answered with the *Task that will run Fn.
	Spawn struct{ Fn Fn }
	// Join is answered with the task's result when that has ended, or with a *TaskError if it has ended with an error, also with
	// ErrCancelled. Any number of tasks may join one.
	Join struct{ Task *Task }
	// Cancel cancels a task, and is answered when that has ended: with true, or with false if it had ended already, and then at once.
	Cancel struct{ Task *Task }
	// Get is answered with the first item of a queue, when there is one.
	Get struct{ Queue *Queue }
	// Put is answered with nil when the item is in the queue. Who waits for room has his item in it as soon as there is some, before
	// anybody who comes later.
	Put struct {
		Queue *Queue
		Item  any
	}
	// Self is answered with the task that asks.
	Self struct{}
)

// Fn is what a task does. It traps by means of c, and of nothing else. An error is what it failed with.
type Fn func(c *Coroutine) (any, error)

// Coroutine is a function that can stand still, with what it hands out and gets. It is given; it is a generator, as in the kata
// coroutines/generator.
type Coroutine struct {
	next   func() (Trap, bool)
	yield  func(Trap) bool
	answer any
	err    error
	result any
	failed error
}

func newCoroutine(fn Fn) *Coroutine {
	c := &Coroutine{}
	c.next, _ = iter.Pull(func(yield func(Trap) bool) {
		c.yield = yield
		c.result, c.failed = fn(c)
	})
	return c
}

// resume has the coroutine go on, with an answer or an error for its last trap (nothing for the first time), until it hands out the
// next one. It reports false when the function has returned; then result and failed are what it returned.
func (c *Coroutine) resume(answer any, err error) (Trap, bool) {
	c.answer, c.err = answer, err
	return c.next()
}

// Trap hands out a trap, and returns the answer.
func (c *Coroutine) Trap(t Trap) (any, error) {
	c.yield(t)
	return c.answer, c.err
}

// Task is a coroutine that a kernel runs.
type Task struct {
	// Your fields.
}

// Queue is a queue of items that tasks of one kernel hand to each other.
type Queue struct {
	// Your fields.
}

// NewQueue returns an empty queue that has room for size items, any number if size is zero or less. Who waits for an item, or for
// room, gets it in the order of coming.
func NewQueue(size int) *Queue {
	return &Queue{}
}

// Run runs fn as the first task, and all that are spawned, until the first one has ended. It returns what that returned. The tasks
// that are left are cancelled then, as by Cancel, in the order in which they were spawned, and Run returns when they have ended.
//
// To cancel a task means: where it waits in a blocking trap that one is answered with ErrCancelled, and what it waited for goes
// to others. Where it does not wait its next blocking trap is answered so at once, and asks for nothing. That happens once: a task that has
// got ErrCancelled and goes on is not disturbed any more, however often it is cancelled. Who cancels waits for its end all the same. What a
// task was given already, an item for instance, it keeps.
//
// Where every task waits and none sleeps all of them are cancelled, the first one too, and the error of Run is ErrDeadlock. A task
// that has got ErrCancelled comes to its end by itself: that much may be relied upon.
//
// A task that joins or cancels itself gets ErrSelf, at once.
func Run(fn Fn) (any, error) {
	return nil, errNotWritten
}
