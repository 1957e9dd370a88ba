// Package kernel is the reference solution: the kernel of curio, a loop that runs coroutines by their traps.
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
	"container/heap"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

var (
	// ErrCancelled is CancelledError: what a blocking trap returns in a task that is cancelled.
	ErrCancelled = errors.New("the task was cancelled")
	// ErrSelf says that a task wanted to join or to cancel itself.
	ErrSelf = errors.New("a task cannot wait for its own end")
	// ErrDeadlock says that all tasks waited for each other.
	ErrDeadlock = errors.New("every task waits, and none can go on")
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
	coroutine *Coroutine
	// answer and err are what it goes on with.
	answer any
	err    error
	// leave takes it out of the list that it waits in; nil where it does not wait.
	leave func()
	// cancelled: it has been, once and for all; pending: and has not learned of it yet.
	cancelled, pending bool
	ended              bool
	joining, canceling []*Task
}

// Queue is a queue of items that tasks of one kernel hand to each other.
type Queue struct {
	size    int
	items   []any
	getting []*Task
	putting []putting
}

type putting struct {
	task *Task
	item any
}

// NewQueue returns an empty queue.
func NewQueue(size int) *Queue { return &Queue{size: size} }

type kernel struct {
	tasks    []*Task // that have not ended
	ready    []*Task
	sleeping sleepers
	slept    int
}

// Run runs fn as the first task, and all that are spawned.
func Run(fn Fn) (any, error) {
	k := &kernel{}
	first := k.spawn(fn)
	var deadlock error
	for !first.ended {
		switch {
		case k.step():
		case deadlock != nil: // they have gone on waiting
			return nil, deadlock
		default:
			deadlock = ErrDeadlock
			k.cancelAll()
		}
	}
	k.cancelAll()
	for k.step() {
	}
	if deadlock != nil {
		return nil, deadlock
	}
	return first.coroutine.result, first.coroutine.failed
}

func (k *kernel) spawn(fn Fn) *Task {
	t := &Task{coroutine: newCoroutine(fn)}
	k.tasks = append(k.tasks, t)
	k.ready = append(k.ready, t)
	return t
}

func (k *kernel) cancelAll() {
	for _, t := range k.tasks {
		k.cancel(t)
	}
}

// step has one task go on to its next blocking trap. It reports false where none can.
func (k *kernel) step() bool {
	if len(k.ready) == 0 {
		if len(k.sleeping) == 0 {
			return false
		}
		s := k.sleeping[0]
		time.Sleep(time.Until(s.due))
		k.wake(s.task, nil, nil)
	}
	t := k.ready[0]
	k.ready = k.ready[1:]
	for answer, err := t.answer, t.err; ; {
		trap, more := t.coroutine.resume(answer, err)
		if !more {
			k.end(t)
			return true
		}
		var now bool
		if answer, err, now = k.handle(t, trap); !now {
			return true
		}
	}
}

// wake has a task that waits go on, with an answer or an error.
func (k *kernel) wake(t *Task, answer any, err error) {
	if t.leave != nil {
		t.leave()
		t.leave = nil
	}
	t.answer, t.err = answer, err
	k.ready = append(k.ready, t)
}

// wait has a task wait in a list.
func (t *Task) wait(list *[]*Task) {
	*list = append(*list, t)
	t.leave = func() { *list = slices.DeleteFunc(*list, func(other *Task) bool { return other == t }) }
}

// handle answers a trap, or reports false: then the task waits.
func (k *kernel) handle(t *Task, trap Trap) (answer any, err error, now bool) {
	switch trap := trap.(type) {
	case Self:
		return t, nil, true
	case Spawn:
		return k.spawn(trap.Fn), nil, true
	}
	if t.pending {
		t.pending = false
		return nil, ErrCancelled, true
	}
	switch trap := trap.(type) {
	case Sleep:
		k.sleep(t, trap.Duration)
		return nil, nil, false
	case Join:
		return k.join(t, trap.Task)
	case Cancel:
		return k.cancelFor(t, trap.Task)
	case Get:
		return k.get(t, trap.Queue)
	case Put:
		return k.put(t, trap.Queue, trap.Item)
	}
	panic(fmt.Sprintf("no such trap: %T", trap))
}

func (k *kernel) sleep(t *Task, d time.Duration) {
	if d <= 0 {
		k.wake(t, nil, nil)
		return
	}
	k.slept++
	s := &sleeper{task: t, due: time.Now().Add(d), number: k.slept}
	heap.Push(&k.sleeping, s)
	t.leave = func() { heap.Remove(&k.sleeping, s.at) }
}

func (k *kernel) join(t, other *Task) (any, error, bool) {
	switch {
	case other == t:
		return nil, ErrSelf, true
	case other.ended:
		answer, err := other.outcome()
		return answer, err, true
	}
	t.wait(&other.joining)
	return nil, nil, false
}

// outcome is what a Join of the task is answered with.
func (t *Task) outcome() (any, error) {
	if t.coroutine.failed != nil {
		return nil, &TaskError{t.coroutine.failed}
	}
	return t.coroutine.result, nil
}

func (k *kernel) cancelFor(t, other *Task) (any, error, bool) {
	switch {
	case other == t:
		return nil, ErrSelf, true
	case other.ended:
		return false, nil, true
	}
	k.cancel(other)
	t.wait(&other.canceling)
	return nil, nil, false
}

func (k *kernel) cancel(t *Task) {
	if t.cancelled {
		return
	}
	t.cancelled = true
	if t.leave != nil {
		k.wake(t, nil, ErrCancelled)
	} else {
		t.pending = true
	}
}

// end answers those that wait for the end of a task.
func (k *kernel) end(t *Task) {
	t.ended = true
	k.tasks = slices.DeleteFunc(k.tasks, func(other *Task) bool { return other == t })
	for len(t.joining) > 0 {
		answer, err := t.outcome()
		k.wake(t.joining[0], answer, err)
	}
	for len(t.canceling) > 0 {
		k.wake(t.canceling[0], true, nil)
	}
}

func (k *kernel) get(t *Task, q *Queue) (any, error, bool) {
	if len(q.items) == 0 {
		t.wait(&q.getting)
		return nil, nil, false
	}
	item := q.items[0]
	q.items = q.items[1:]
	if len(q.putting) > 0 {
		p := q.putting[0]
		q.items = append(q.items, p.item)
		k.wake(p.task, nil, nil)
	}
	return item, nil, true
}

func (k *kernel) put(t *Task, q *Queue, item any) (any, error, bool) {
	switch {
	case len(q.getting) > 0:
		k.wake(q.getting[0], item, nil)
	case q.size > 0 && len(q.items) == q.size:
		q.putting = append(q.putting, putting{t, item})
		t.leave = func() { q.putting = slices.DeleteFunc(q.putting, func(p putting) bool { return p.task == t }) }
		return nil, nil, false
	default:
		q.items = append(q.items, item)
	}
	return nil, nil, true
}

// sleeper is a task that sleeps.
type sleeper struct {
	task   *Task
	due    time.Time
	number int
	at     int
}

// sleepers is a heap of them, the first one due in front.
type sleepers []*sleeper

func (s sleepers) Len() int { return len(s) }

func (s sleepers) Less(i, j int) bool {
	if !s[i].due.Equal(s[j].due) {
		return s[i].due.Before(s[j].due)
	}
	return s[i].number < s[j].number
}

func (s sleepers) Swap(i, j int) {
	s[i], s[j] = s[j], s[i]
	s[i].at, s[j].at = i, j
}

func (s *sleepers) Push(x any) {
	added := x.(*sleeper)
	added.at = len(*s)
	*s = append(*s, added)
}

func (s *sleepers) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}
