// Package taskgraph is an exercise: the scheduler of Dask. What is to be computed is data, a graph of tasks; the scheduler
// hands it to workers task by task, keeps an eye on what lies in their memory, and bears the loss of some of them.
//
// Rules for the whole package:
//   - Workers and tasks are the caller's, and take their time. A worker is given one task at a time; all workers work at
//     the same time.
//   - Compute is called by many goroutines at the same time only with workers of their own each.
//   - Who waits sleeps: it does not ask again and again. When Compute has returned nothing of it runs any more.
package taskgraph

import "errors"

var (
	// ErrCycle says that tasks wait for each other in a circle.
	ErrCycle = errors.New("the graph has a cycle")
	// ErrMissing says that a key is wanted, by the caller or by a task, that no task has.
	ErrMissing = errors.New("no task has this key")
	// ErrLost is what a worker answers that is gone, with all that was in its memory. It may be wrapped.
	ErrLost = errors.New("the worker is lost")
	// ErrNoWorker says that a result was not computed because no worker was left to do it.
	ErrNoWorker = errors.New("no worker is left")

	errNotWritten = errors.New("not written yet")
)

// Key names a task, and its result.
type Key string

// Task is a node of the graph. What it does is nothing to the scheduler: the worker knows.
type Task struct {
	Key Key
	// Inputs are the keys of the results that it needs, in the order in which it wants them. One may be there twice.
	Inputs []Key
}

// Worker runs tasks and keeps their results in its memory. All methods may be called at the same time, and only Run takes
// time. A worker that is lost answers ErrLost to each of them from then on, a Run that is under way included: what it had
// in its memory is gone, and it never comes back.
type Worker interface {
	// Run runs a task with its inputs and keeps the result. The error is the task's own, or ErrLost.
	Run(task Task, inputs []any) error
	// Get returns a result that the worker keeps. The error is ErrLost.
	Get(key Key) (any, error)
	// Release has the worker forget a result that it keeps. The error is ErrLost, and then there is nothing to forget.
	Release(key Key) error
}

// Result is what became of a task that is wanted: a value, or an error.
type Result struct {
	Value any
	Err   error
}

// Compute computes the results of the wanted keys and returns what became of each. No two tasks have the same key.
//
// What is run:
//   - A task is run if a wanted one needs it, directly or by way of others, or is wanted itself; otherwise not. It is run
//     once, whoever needs it.
//   - It begins as soon as its inputs are there and a worker is free; it does not wait for anything else. Where more are
//     ready than workers are free, the order is that of a walk which begins at the wanted keys, in their order, and goes to
//     the inputs of a task, in their order, before it comes to the task itself. (So results are used up early.)
//
// What is kept:
//   - When a wanted task is done, its Value is fetched with Get at once. It is yours then: no loss takes it back.
//   - The result of a task is released as soon as it is needed no more: all the tasks that need it are done, or will not
//     be run. A task that is running still needs its inputs.
//   - When Compute returns, no worker keeps anything any more.
//
// What goes wrong:
//   - Where a task fails, it and all that need it, directly or by way of others, get its error, and none of them is run or
//     run again; but a task that is running, or whose result is there, is not touched by it. Everything else goes on. What only
//     tasks with an error would have needed is not begun any more; what runs is waited for. A task that needs two that have
//     failed gets the error of either.
//   - A worker that has answered ErrLost is not given anything any more. The task that it was running is run again by
//     another one. Of the results that it kept those are computed again that are still needed, together with what is
//     needed to compute them, as far as that is not there any more; and no other. To be lost is no failure of a task.
//   - Where no worker is left, what is not there yet gets ErrNoWorker.
//
// The error is ErrCycle or ErrMissing, wherever in tasks or in wanted; then nothing is run, and the map is nil.
func Compute(tasks []Task, wanted []Key, workers []Worker) (map[Key]Result, error) {
	return nil, errNotWritten
}
