package explore

// Plan says how a run is scheduled: as usual but for some deviations, or at random. The usual schedule preempts nobody:
// who runs goes on for as long as it can. A plan and a program make one schedule, every time.
type Plan struct {
	// Deviations are in the order of their decisions.
	Deviations []Deviation
	// Fine: plain accesses to memory are choices too.
	Fine bool

	// preemptions is how many of the deviations preempt somebody.
	preemptions int
	// random plans run the highest of random priorities, with change points at these decisions.
	random bool
	seed   uint64
	falls  [maxFalls]int
	nFalls int
}

// Deviation is a decision that goes another way than the usual.
type Deviation struct {
	// Decision counts the choices between several goroutines in a run from 0.
	Decision int
	// Goroutine is who is chosen.
	Goroutine int
}

// maxFalls is how many change points a random plan has at most: PCT's depth less one.
const maxFalls = 4

//go:norace
func (p *Plan) deviates(k int) (goroutine int, ok bool) {
	for i := range p.Deviations {
		if p.Deviations[i].Decision == k {
			return p.Deviations[i].Goroutine, true
		}
	}
	return 0, false
}

//go:norace
func (p *Plan) changes(k int) bool {
	for i := range p.nFalls {
		if p.falls[i] == k {
			return true
		}
	}
	return false
}

// Followed is the plan that r went by, as deviations from the usual schedule: a random plan comes out as one that can be
// shortened.
func (r *Run) Followed() *Plan {
	p := &Plan{Fine: r.plan.Fine, seed: r.plan.seed}
	for k := range r.nTaken {
		d := r.taken[k]
		if d.chosen == d.usual {
			continue
		}
		p.Deviations = append(p.Deviations, Deviation{k, int(d.chosen)})
		if d.going >= 0 && d.going != d.chosen {
			p.preemptions++
		}
	}
	return p
}

// Len is how many deviations the plan has.
func (p *Plan) Len() int { return len(p.Deviations) }

// Without is the plan with the deviations from one up to the one before another left out.
func (p *Plan) Without(from, to int) *Plan {
	shorter := &Plan{Fine: p.Fine, seed: p.seed}
	shorter.Deviations = append(append(shorter.Deviations, p.Deviations[:from]...), p.Deviations[to:]...)
	return shorter
}

// generator makes random numbers: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). It is ours so that a seed means the
// same with every Go release, and so that drawing from it is seen by nobody.
type generator uint64

//go:norace
func (g *generator) next() uint64 {
	*g += 0x9e3779b97f4a7c15
	z := uint64(*g)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a random number from 0 to n-1.
//
//go:norace
func (g *generator) below(n int) int { return int(g.next() % uint64(n)) }
