package lab

import (
	"fmt"
	"sync"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// Rendezvous is a meeting of n parties that nobody leaves before all have come. Tasks that can only finish if all of
// them run at once prove that they did, without a stopwatch. Where too few come, the test cannot end, and what is
// reported is not a deadlock but that they ran one after another.
type Rendezvous struct {
	test string
	what string
	n    int
	open chan struct{}

	mu      sync.Mutex
	arrived int
}

// Rendezvous makes a meeting of n parties, named for the report as in "the four tasks". It belongs to the lens it is
// made in.
func (t *T) Rendezvous(what string, n int) *Rendezvous {
	r := &Rendezvous{test: t.name, what: what, n: n, open: make(chan struct{})}
	t.meet(r)
	return r
}

// Arrive counts the caller in and returns once all have come. It is safe for use by many goroutines. It orders
// nothing that the parties did before it: a race between them is still a race.
//
//go:norace
func (r *Rendezvous) Arrive() {
	quietly(func() {
		n := r.count()
		runner.send(wire.Record{Event: wire.Arrived, Test: r.test, Title: r.what, N: n, Of: r.n})
		if n == r.n {
			close(r.open)
		}
		<-r.open
	})
}

//go:norace
func (r *Rendezvous) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrived++
	return r.arrived
}

// tell makes a record one of a meeting to which only n came.
//
//go:norace
func (r *Rendezvous) tell(record *wire.Record, n int) {
	record.Kind = "timing"
	record.Title = fmt.Sprintf("%s must run at the same time: only %d of %d did", r.what, n, r.n)
	record.Explain = "Each of them waits until all have started; the others were never started while these ran."
	record.Want, record.Got = fmt.Sprintf("%d at once", r.n), fmt.Sprintf("%d at once", n)
}

// short reports whether somebody came and not all did, and how many.
//
//go:norace
func (r *Rendezvous) short() (int, bool) {
	n := r.arrived
	return n, n > 0 && n < r.n
}
