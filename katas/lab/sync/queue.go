package sync

// queue is who waits, first come first served. It grows as a linked list, because growing a slice counts as an access
// to the old one for the race detector.
type queue struct {
	first, last *waiter
}

type waiter struct {
	// turn is closed when the waiter may go on. It is made by the waiter, so that it belongs to its bubble.
	turn chan struct{}
	next *waiter
}

// join puts the caller at the end and returns what is closed when its turn comes.
//
//go:norace
func (q *queue) join() <-chan struct{} {
	w := &waiter{turn: make(chan struct{})}
	if q.last == nil {
		q.first = w
	} else {
		q.last.next = w
	}
	q.last = w
	return w.turn
}

// admit lets the first one go on and reports whether there was one.
//
//go:norace
func (q *queue) admit() bool {
	w := q.first
	if w == nil {
		return false
	}
	q.first = w.next
	if q.first == nil {
		q.last = nil
	}
	close(w.turn)
	return true
}

//go:norace
func (q *queue) empty() bool { return q.first == nil }
