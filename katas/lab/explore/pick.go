package explore

// Pick chooses one of n ways that are open to the caller, 0 where the plan says nothing: the case of a select that is
// tried first. Any other way counts like a preemption, so that schedules with few surprises come first. Outside of a
// run it is 0.
//
//go:norace
func Pick(n int) int {
	r := active
	if r == nil || n < 2 || n > maxChoices {
		return 0
	}
	deaf()
	r.mu.Lock()
	chosen := r.pick(n)
	r.mu.Unlock()
	hear()
	return chosen
}

//go:norace
func (r *Run) pick(n int) int {
	k := r.decisions
	r.decisions++
	chosen := 0
	if r.plan.random {
		chosen = r.random.below(n)
	} else if way, ok := r.plan.deviates(k); ok && way < n {
		chosen = way
	}
	if k < maxDecisions {
		d := &r.taken[k]
		d.ready, d.usual, d.chosen, d.going = 1<<n-1, 0, int8(chosen), 0
		r.nTaken = k + 1
	}
	return chosen
}
