package gil

import (
	"fmt"
	"strings"
)

// Schedule says which thread gets the GIL, turn by turn. In a turn a thread runs until it next looks at the eval
// breaker (see Checks), waits for the lock, or ends. Two threads that run LOAD_GLOBAL; CALL; BINARY_OP; STORE_GLOBAL
// with checks after calls have two turns each: [0 1 0 1] is that they take turns.
type Schedule []int

// Run is what happened.
type Run struct {
	// Counter is the value of the global variable at the end.
	Counter int
	// Trace is every instruction in the order they were run.
	Trace []Step
}

// Step is one instruction of one thread, with what it left behind.
type Step struct {
	Thread      int
	Instruction Instruction
	// Counter is the global variable after the instruction.
	Counter int
	// Stack is the thread's own stack after the instruction, the top last.
	Stack []int
}

// String shows a run as a table: thread, instruction, its stack, the counter.
func (r Run) String() string {
	var b strings.Builder
	for _, s := range r.Trace {
		fmt.Fprintf(&b, "thread %d  %-20s  stack %-6s counter %d\n", s.Thread, s.Instruction, fmt.Sprint(s.Stack), s.Counter)
	}
	return b.String()
}

// Replay runs the program on a schedule. Where the schedule is shorter than the run, the thread that has the GIL keeps
// it as long as it can, and then the runnable one with the lowest number gets it; so Replay(nil) runs one thread after
// the other. The errors are ErrSchedule where the schedule names a thread that cannot run then, ErrDeadlock and
// ErrUnlocked where the program comes to that, and those of Validate. With an error, Run is what happened until then.
func (p Program) Replay(schedule Schedule) (Run, error) {
	if err := p.Validate(); err != nil {
		return Run{}, err
	}
	m, run := newMachine(p), Run{}
	err := m.follow(schedule, func(s Step) { run.Trace = append(run.Trace, s) })
	run.Counter = m.counter
	return run, err
}

func (m *machine) follow(schedule Schedule, seen func(Step)) error {
	last := 0
	for turn, i := range schedule {
		if err := m.refuse(i); err != nil {
			return fmt.Errorf("%w: turn %d: %w", ErrSchedule, turn, err)
		}
		if err := m.turn(i, seen); err != nil {
			return err
		}
		last = i
	}
	for {
		if !m.runnable(last) {
			last = m.anyRunnable(0)
		}
		if last < 0 {
			return m.finished()
		}
		if err := m.turn(last, seen); err != nil {
			return err
		}
	}
}

// refuse says why thread i cannot have a turn; nil where it can.
func (m *machine) refuse(i int) error {
	switch {
	case i < 0 || i >= len(m.threads):
		return fmt.Errorf("there is no thread %d", i)
	case m.ended(i):
		return fmt.Errorf("thread %d has ended", i)
	case !m.runnable(i):
		return fmt.Errorf("thread %d waits for the lock", i)
	}
	return nil
}
