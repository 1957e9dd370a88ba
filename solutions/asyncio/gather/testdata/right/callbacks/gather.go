// Package gather is built as CPython builds it: a task knows what it waits for, a cancel goes down along that, and who is
// done calls back. One lock stands for the one thread of the event loop.
package gather

import (
	"errors"
	"slices"
	"sync"
	"time"
)

var (
	// ErrCancelled is asyncio.CancelledError. An error for which errors.Is(err, ErrCancelled) holds is one as well.
	ErrCancelled = errors.New("cancelled")
	// ErrTimeout is TimeoutError.
	ErrTimeout = errors.New("timed out")
)

// loop is held by whoever runs in the event loop.
var loop sync.Mutex

// Task is asyncio.Task and asyncio.Future. Everything in it is guarded by loop.
type Task struct {
	wake       *sync.Cond
	done       bool
	result     any
	err        error
	callbacks  []func()
	mustCancel bool
	requests   int
	waitsFor   *Task
	// cancel is what Cancel does to a future; nil for a task.
	cancel func() bool
}

func newTask() *Task { return &Task{wake: sync.NewCond(&loop)} }

func (t *Task) set(result any, err error) {
	if t.done {
		return
	}
	t.done, t.result, t.err = true, result, err
	t.wake.Broadcast()
	for _, callback := range t.callbacks {
		callback()
	}
}

func (t *Task) addDoneCallback(callback func()) {
	if t.done {
		callback()
		return
	}
	t.callbacks = append(t.callbacks, callback)
}

// CreateTask starts coro and returns its task.
func CreateTask(coro func(t *Task) (any, error)) *Task {
	t := newTask()
	go func() {
		loop.Lock()
		defer loop.Unlock()
		if t.mustCancel {
			t.set(nil, ErrCancelled)
			return
		}
		loop.Unlock()
		result, err := coro(t)
		loop.Lock()
		if t.mustCancel && err == nil {
			result, err = nil, ErrCancelled
		}
		t.set(result, err)
	}()
	return t
}

// Wait waits until the task is done and returns its result or its error.
func (t *Task) Wait() (any, error) {
	loop.Lock()
	defer loop.Unlock()
	for !t.done {
		t.wake.Wait()
	}
	return t.result, t.err
}

// Cancel asks the task to stop.
func (t *Task) Cancel() bool {
	loop.Lock()
	defer loop.Unlock()
	return t.askToStop()
}

func (t *Task) askToStop() bool {
	if t.done {
		return false
	}
	if t.cancel != nil {
		return t.cancel()
	}
	t.requests++
	if t.waitsFor == nil || !t.waitsFor.askToStop() {
		t.mustCancel = true
		t.wake.Broadcast()
	}
	return true
}

// Sleep returns nil after d, or ErrCancelled.
func (t *Task) Sleep(d time.Duration) error {
	loop.Lock()
	defer loop.Unlock()
	if t.mustCancel {
		t.mustCancel = false
		return ErrCancelled
	}
	if d <= 0 {
		return nil
	}
	future := newTask()
	future.cancel = func() bool { future.set(nil, ErrCancelled); return true }
	defer time.AfterFunc(d, func() {
		loop.Lock()
		defer loop.Unlock()
		future.set(nil, nil)
	}).Stop()
	_, err := t.waitFor(future)
	return err
}

// waitFor is await, with the lock held.
func (t *Task) waitFor(other *Task) (any, error) {
	if !other.done {
		if t.mustCancel && other.askToStop() {
			t.mustCancel = false
		}
		t.waitsFor = other
		for !other.done {
			other.wake.Wait()
		}
		t.waitsFor = nil
		if t.mustCancel { // it came when other was done and this one had not gone on yet
			t.mustCancel = false
			return nil, ErrCancelled
		}
	}
	return other.result, other.err
}

// Await waits until other is done and returns its result or its error.
func (t *Task) Await(other *Task) (any, error) {
	loop.Lock()
	defer loop.Unlock()
	return t.waitFor(other)
}

// WaitFor is an Await that cancels other when the timeout has passed.
func (t *Task) WaitFor(other *Task, timeout time.Duration) (any, error) {
	loop.Lock()
	defer loop.Unlock()
	before := t.requests
	if t.mustCancel && !other.done {
		before--
	}
	late := false
	if timeout <= 0 {
		late = other.askToStop()
	}
	defer time.AfterFunc(max(1, timeout), func() {
		loop.Lock()
		defer loop.Unlock()
		if !late {
			late = other.askToStop()
		}
	}).Stop()
	result, err := t.waitFor(other)
	if late && errors.Is(err, ErrCancelled) && t.requests == before {
		return nil, ErrTimeout
	}
	late = true // the timer has nothing to do any more
	return result, err
}

// Gather waits for all, or for the first error.
func Gather(tasks ...*Task) *Task { return gather(tasks, false) }

// GatherReturnExceptions waits for all, and takes errors for results.
func GatherReturnExceptions(tasks ...*Task) *Task { return gather(tasks, true) }

func gather(tasks []*Task, returnExceptions bool) *Task {
	loop.Lock()
	defer loop.Unlock()
	var children []*Task
	for _, task := range tasks {
		if !slices.Contains(children, task) {
			children = append(children, task)
		}
	}
	outer := newTask()
	requested := false
	outer.cancel = func() bool {
		any := false
		for _, child := range children {
			if child.askToStop() {
				any = true
			}
		}
		requested = requested || any
		return any
	}
	results := func() {
		if requested {
			outer.set(nil, ErrCancelled)
			return
		}
		var all []any
		for _, task := range tasks {
			if task.err != nil {
				all = append(all, task.err)
			} else {
				all = append(all, task.result)
			}
		}
		outer.set(all, nil)
	}
	left := len(children)
	if left == 0 {
		results()
	}
	for _, child := range children {
		child.addDoneCallback(func() {
			left--
			if child.err != nil && !returnExceptions {
				outer.set(nil, child.err)
			} else if left == 0 {
				results()
			}
		})
	}
	return outer
}

// Shield waits for inner and passes no request on.
func Shield(inner *Task) *Task {
	loop.Lock()
	defer loop.Unlock()
	outer := newTask()
	outer.cancel = func() bool { outer.set(nil, ErrCancelled); return true }
	inner.addDoneCallback(func() { outer.set(inner.result, inner.err) })
	return outer
}
