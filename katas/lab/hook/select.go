package hook

import "github.com/python-concurrency/kata/katas/lab/explore"

// Select makes the choice of one select statement. Go's own choice between several cases that are ready is random and
// cannot be had again. In a run the cases are tried one after another, from one that the schedule has chosen. What was
// received is handed to the statement in a channel that holds just that, and the other channels are put away:
//
//	s := hook.NewSelect(); c0 := hook.On(s, ch); c1 := hook.To(s, out); c1.V = x; s.Choose(false)
//	select {
//	case v := <-c0.C: …
//	case c1.C <- c1.V: …
//	}
//
// Where no case is ready the statement waits on the true channels.
type Select struct {
	cases []selectable
}

type selectable interface {
	// try does the operation if it is ready, and puts what came of it where the statement will find it.
	try() bool
	// drop takes the case out of the statement.
	drop()
}

// NewSelect begins a select statement. It returns nil outside of a run.
func NewSelect() *Select {
	if explore.At(explore.Select, nil) == nil {
		return nil
	}
	return &Select{}
}

// Incoming is a case that receives.
type Incoming[T any] struct{ C <-chan T }

// On is a case that receives from ch.
func On[C ~chan T | ~<-chan T, T any](s *Select, ch C) *Incoming[T] {
	c := &Incoming[T]{C: ch}
	s.add(c)
	return c
}

func (c *Incoming[T]) try() bool {
	select {
	case v, ok := <-c.C:
		got := make(chan T, 1)
		if ok {
			got <- v
		} else {
			close(got)
		}
		c.C = got
		return true
	default:
		return false
	}
}

func (c *Incoming[T]) drop() { c.C = nil }

// Outgoing is a case that sends V.
type Outgoing[T any] struct {
	C chan<- T
	V T
}

// To is a case that sends to ch.
func To[C ~chan T | ~chan<- T, T any](s *Select, ch C) *Outgoing[T] {
	c := &Outgoing[T]{C: ch}
	s.add(c)
	return c
}

func (c *Outgoing[T]) try() bool {
	select {
	case c.C <- c.V:
		c.C = make(chan T, 1)
		return true
	default:
		return false
	}
}

func (c *Outgoing[T]) drop() { c.C = nil }

func (s *Select) add(c selectable) {
	if s != nil {
		s.cases = append(s.cases, c)
	}
}

// Choose makes the choice. hasDefault says that the statement has a default case, which is taken where no other is
// ready.
func (s *Select) Choose(hasDefault bool) {
	if s == nil || len(s.cases) == 0 {
		return
	}
	explore.Resume() // a channel or a value may have been waited for
	first := explore.Pick(len(s.cases))
	for i := range s.cases { // from there on in turn
		at := (first + i) % len(s.cases)
		if s.cases[at].try() {
			explore.Changed()
			s.only(at)
			return
		}
	}
	if hasDefault {
		s.only(-1)
	}
}

// only leaves one case in the statement.
func (s *Select) only(chosen int) {
	for i, c := range s.cases {
		if i != chosen {
			c.drop()
		}
	}
}
