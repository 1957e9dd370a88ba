//kata:wrong kind=wrong  lets the lock go between the look for room and the put

// Package boundedqueue looks whether there is room, and puts later.
package boundedqueue

import (
	"errors"
	"sync"
	"time"
)

var (
	// ErrFull is queue.Full.
	ErrFull = errors.New("queue is full")
	// ErrEmpty is queue.Empty.
	ErrEmpty = errors.New("queue is empty")
	// ErrShutDown is queue.ShutDown.
	ErrShutDown = errors.New("queue is shut down")
	// ErrTimeout is ValueError("'timeout' must be a non-negative number").
	ErrTimeout = errors.New("timeout must be a non-negative number")
	// ErrTooManyDone is ValueError('task_done() called too many times').
	ErrTooManyDone = errors.New("task done called too many times")
)

// Queue is first in, first out. It is safe for use by many goroutines.
type Queue[T any] struct {
	maxsize int

	mu         sync.Mutex
	items      []T
	unfinished int
	down       bool
	// changed is closed, and made anew, whenever something changes that somebody may wait for.
	changed chan struct{}
}

// forever is a timeout that never comes.
const forever time.Duration = 1<<63 - 1

// New returns an empty queue.
func New[T any](maxsize int) *Queue[T] {
	return &Queue[T]{maxsize: maxsize, changed: make(chan struct{})}
}

// wait waits until holds, or for as long as the timeout, and reports whether holds does. It is called, and returns, with
// the lock held.
func (q *Queue[T]) wait(holds func() bool, timeout time.Duration) bool {
	if holds() || timeout <= 0 {
		return holds()
	}
	var end <-chan time.Time
	if timeout != forever {
		end = time.After(timeout)
	}
	for !holds() {
		changed := q.changed
		q.mu.Unlock()
		select {
		case <-changed:
			q.mu.Lock()
		case <-end:
			q.mu.Lock()
			return holds()
		}
	}
	return true
}

func (q *Queue[T]) notify() {
	close(q.changed)
	q.changed = make(chan struct{})
}

// Put adds an item, and waits while there is no room.
func (q *Queue[T]) Put(item T) error { return q.PutTimeout(item, forever) }

// PutNowait adds an item if there is room.
func (q *Queue[T]) PutNowait(item T) error { return q.PutTimeout(item, 0) }

// PutTimeout adds an item, and waits for room no longer than timeout.
func (q *Queue[T]) PutTimeout(item T, timeout time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	bounded := q.maxsize > 0
	if bounded && timeout < 0 && !q.down {
		return ErrTimeout
	}
	room := func() bool { return q.down || !bounded || len(q.items) < q.maxsize }
	if !q.wait(room, timeout) {
		return ErrFull
	}
	if q.down {
		return ErrShutDown
	}
	q.mu.Unlock()
	q.mu.Lock()
	q.items = append(q.items, item)
	q.unfinished++
	q.notify()
	return nil
}

// Get takes the oldest item, and waits while there is none.
func (q *Queue[T]) Get() (T, error) { return q.GetTimeout(forever) }

// GetNowait takes the oldest item if there is one.
func (q *Queue[T]) GetNowait() (T, error) { return q.GetTimeout(0) }

// GetTimeout takes the oldest item, and waits for one no longer than timeout.
func (q *Queue[T]) GetTimeout(timeout time.Duration) (item T, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch any := func() bool { return q.down || len(q.items) > 0 }; {
	case q.down && len(q.items) == 0:
		return item, ErrShutDown
	case timeout < 0:
		return item, ErrTimeout
	case !q.wait(any, timeout):
		return item, ErrEmpty
	case len(q.items) == 0:
		return item, ErrShutDown
	}
	item = q.items[0]
	q.items = q.items[1:]
	q.notify()
	return item, nil
}

// TaskDone says that one item which was got has been worked on.
func (q *Queue[T]) TaskDone() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.unfinished == 0 {
		return ErrTooManyDone
	}
	q.unfinished--
	q.notify()
	return nil
}

// Join waits until TaskDone was called for every item that was put.
func (q *Queue[T]) Join() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wait(func() bool { return q.unfinished == 0 }, forever)
}

// Shutdown makes Put, and Get once the queue is empty, return ErrShutDown.
func (q *Queue[T]) Shutdown(immediate bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.down = true
	if immediate {
		q.unfinished -= len(q.items)
		q.items = nil
	}
	q.notify()
}

// Qsize returns how many items are there.
func (q *Queue[T]) Qsize() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}
