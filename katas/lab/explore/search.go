package explore

// Search is a walk through the schedules of one program. Ask it for plans with Next, run each, and tell it how the run
// went with Learn. It belongs to one goroutine.
//
// It goes through all schedules with no preemption, then those with one, and so on, up to Bound: each exactly once,
// because a plan's successors deviate from it only behind its own last deviation (iterative context bounding). Where
// they do not fit into what is left of the budget the rest of it goes to random priorities.
type Search struct {
	// Budget is how many schedules may be run.
	Budget int
	// Bound is how many preemptions a schedule may have in the systematic part; negative for any number.
	Bound int
	// Seed decides the order among schedules with as many preemptions, and the random ones.
	Seed int64

	random generator
	// level is the number of preemptions being gone through; waiting holds the plans with as many, and with one more.
	level   int
	waiting [2][]*Plan
	started bool
	ran     int
	steps   int
	longest int
}

// share of the budget that the systematic part may take where it does not come to its end.
const systematicShare = 0.75

// depth of the bugs that the random part aims at: change points and one.
const randomDepth = 3

// Next is the plan to run next, nil when all is explored or the budget is spent.
func (s *Search) Next() *Plan {
	if !s.started {
		s.started = true
		s.random = generator(s.Seed)
		return &Plan{}
	}
	if s.ran >= s.Budget {
		return nil
	}
	if s.Exhausted() {
		return nil
	}
	if p := s.systematic(); p != nil {
		return p
	}
	return s.chance()
}

// systematic is the next plan of the systematic part.
func (s *Search) systematic() *Plan {
	if float64(s.ran) >= systematicShare*float64(s.Budget) {
		return nil
	}
	for len(s.waiting[0]) == 0 {
		if s.level == s.Bound || len(s.waiting[1]) == 0 {
			return nil
		}
		s.level++
		s.waiting[0], s.waiting[1] = s.waiting[1], nil
	}
	// Any order would do for going through all; where there is no time for all, a random one is not partial to the
	// beginning or the end of a run.
	w := s.waiting[0]
	i := s.random.below(len(w))
	p := w[i]
	w[i] = w[len(w)-1]
	s.waiting[0] = w[:len(w)-1]
	return p
}

// chance is a random plan.
func (s *Search) chance() *Plan {
	p := &Plan{random: true, Fine: s.ran%2 == 0, seed: s.random.next()}
	for range randomDepth - 1 {
		p.falls[p.nFalls] = s.random.below(max(s.longest, 1))
		p.nFalls++
	}
	return p
}

// Learn takes in how a run went: which other ways it could have gone.
func (s *Search) Learn(p *Plan, r *Run) {
	s.ran++
	s.steps += r.points
	s.longest = max(s.longest, r.decisions)
	if p.random {
		return
	}
	from := 0
	if n := len(p.Deviations); n > 0 {
		from = p.Deviations[n-1].Decision + 1
	}
	for k := from; k < r.nTaken; k++ {
		d := r.taken[k]
		for id := range maxChoices {
			if d.ready&(1<<id) != 0 && id != int(d.chosen) {
				s.add(p, k, id, d.going >= 0)
			}
		}
	}
}

// maxWaiting bounds the plans that wait: beyond it there is no time to run them anyway.
const maxWaiting = 1 << 16

func (s *Search) add(p *Plan, k, id int, preempts bool) {
	successor := &Plan{Fine: p.Fine, preemptions: p.preemptions}
	if preempts {
		successor.preemptions++
	}
	if s.Bound >= 0 && successor.preemptions > s.Bound {
		return
	}
	later := successor.preemptions - s.level
	if len(s.waiting[later]) >= maxWaiting {
		return
	}
	successor.Deviations = append(append([]Deviation(nil), p.Deviations...), Deviation{k, id})
	s.waiting[later] = append(s.waiting[later], successor)
}

// Ran is how many schedules were run.
func (s *Search) Ran() int { return s.ran }

// Complete is the number of preemptions up to which every schedule was run; -1 where not even those without any were.
func (s *Search) Complete() int {
	if len(s.waiting[0]) == 0 {
		return s.level
	}
	return s.level - 1
}

// Exhausted reports whether every schedule up to the bound was run.
func (s *Search) Exhausted() bool {
	return s.started && len(s.waiting[0]) == 0 && (s.level == s.Bound || len(s.waiting[1]) == 0)
}
