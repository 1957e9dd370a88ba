package gil

import (
	"cmp"
	"slices"
)

// MaxStates is how many states of a program Explore visits before it gives up.
const MaxStates = 20_000

// Outcome is one way in which a program can end.
type Outcome struct {
	// Counter is the value of the global variable at the end.
	Counter int
	// Err is nil, ErrDeadlock or ErrUnlocked.
	Err error
	// Schedule is one with the fewest turns that leads there. Replay shows it.
	Schedule Schedule
}

// Explore runs the program on every schedule and returns every outcome once: first those without an error, then by
// Counter. Schedules that have come to the same state go on as one, so that a hundred thousand schedules may be a few
// hundred states; where there are more than MaxStates the error is ErrTooManyStates. Other errors are those of
// Validate.
func (p Program) Explore() ([]Outcome, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	e := explorer{seen: make(map[string]bool)}
	e.visit(&state{machine: newMachine(p)})
	for len(e.queue) > 0 {
		s := e.queue[0]
		e.queue = e.queue[1:]
		e.expand(s)
		if len(e.seen) > MaxStates {
			return nil, ErrTooManyStates
		}
	}
	slices.SortFunc(e.outcomes, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(rank(a.Err), rank(b.Err)), cmp.Compare(a.Counter, b.Counter))
	})
	return e.outcomes, nil
}

// rank orders errors.
func rank(err error) int {
	return slices.Index([]error{nil, ErrDeadlock, ErrUnlocked}, err)
}

// explorer searches breadth first, so that the first way to an outcome is one with the fewest turns.
type explorer struct {
	seen     map[string]bool
	queue    []*state
	outcomes []Outcome
}

// state is a machine and the turn that led to it.
type state struct {
	*machine
	before *state
	thread int
}

func (e *explorer) visit(s *state) {
	if key := s.key(); !e.seen[key] {
		e.seen[key] = true
		e.queue = append(e.queue, s)
	}
}

// expand gives the GIL to each thread that can run.
func (e *explorer) expand(s *state) {
	if s.anyRunnable(0) < 0 {
		e.end(s, s.finished())
		return
	}
	for i := range s.threads {
		if !s.runnable(i) {
			continue
		}
		next := &state{machine: s.clone(), before: s, thread: i}
		if err := next.turn(i, nil); err != nil {
			e.end(next, err)
			continue
		}
		e.visit(next)
	}
}

func (e *explorer) end(s *state, err error) {
	for _, o := range e.outcomes {
		if o.Counter == s.counter && o.Err == err {
			return
		}
	}
	e.outcomes = append(e.outcomes, Outcome{Counter: s.counter, Err: err, Schedule: s.schedule()})
}

func (s *state) schedule() Schedule {
	var turns Schedule
	for ; s.before != nil; s = s.before {
		turns = append(turns, s.thread)
	}
	slices.Reverse(turns)
	return turns
}
