package gil

import "fmt"

// SwitchEvery runs the program with a switch interval, as sys.setswitchinterval sets one, counted here in instructions. A
// thread that has waited for the interval sets the drop request. The thread that has the GIL sees that when it next
// looks at the eval breaker, which may be much later, and the next thread in the order of their numbers goes on. The
// errors are those of Replay, but for ErrSchedule.
func (p Program) SwitchEvery(instructions int) (Run, error) {
	if err := p.Validate(); err != nil {
		return Run{}, err
	}
	if instructions < 1 {
		return Run{}, fmt.Errorf("a switch interval is one instruction or more, not %d", instructions)
	}
	m, run := newMachine(p), Run{}
	err := m.share(instructions, func(s Step) { run.Trace = append(run.Trace, s) })
	run.Counter = m.counter
	return run, err
}

// share hands the GIL round.
func (m *machine) share(interval int, seen func(Step)) error {
	for i := m.anyRunnable(0); i >= 0; i = m.anyRunnable(i + 1) {
		since := 0 // instructions since thread i got the GIL
		counted := func(s Step) { since++; seen(s) }
		dropRequest := func() bool { return since >= interval }
		for m.runnable(i) && !dropRequest() {
			if err := m.turn(i, counted); err != nil {
				return err
			}
		}
	}
	return m.finished()
}
