package gil

import (
	"encoding/binary"
	"slices"
)

// machine is the state between two instructions.
type machine struct {
	program Program
	counter int
	locked  bool
	threads []thread
}

type thread struct {
	// next is the index of the next instruction.
	next int
	// rounds is how often the jump will still be taken.
	rounds int
	stack  []int
}

func newMachine(p Program) *machine {
	m := &machine{program: p, threads: make([]thread, p.Threads)}
	for i := range m.threads {
		m.threads[i].rounds = max(p.Rounds, 1) - 1
	}
	return m
}

func (m *machine) clone() *machine {
	c := *m
	c.threads = slices.Clone(m.threads)
	for i := range c.threads {
		c.threads[i].stack = slices.Clone(c.threads[i].stack)
	}
	return &c
}

func (m *machine) ended(i int) bool { return m.threads[i].next == len(m.program.Code) }

// runnable reports whether thread i could run if it had the GIL.
func (m *machine) runnable(i int) bool {
	return !m.ended(i) && !(m.locked && m.program.Code[m.threads[i].next].Op == Acquire)
}

// anyRunnable is the runnable thread with the lowest number from first on, wrapping around; -1 where there is none.
func (m *machine) anyRunnable(first int) int {
	for k := range m.threads {
		if i := (first + k) % len(m.threads); m.runnable(i) {
			return i
		}
	}
	return -1
}

// finished is nil where all threads have ended, and ErrDeadlock where not. It asks for a machine without runnable
// threads.
func (m *machine) finished() error {
	for i := range m.threads {
		if !m.ended(i) {
			return ErrDeadlock
		}
	}
	return nil
}

// turn has thread i run until it looks at the eval breaker, waits for the lock, or ends.
func (m *machine) turn(i int, seen func(Step)) error {
	for m.runnable(i) {
		op := m.program.Code[m.threads[i].next].Op
		if err := m.step(i, seen); err != nil {
			return err
		}
		if m.program.Checks.After(op) {
			return nil
		}
	}
	return nil
}

// step has thread i run one instruction. The thread must be runnable, and the code valid.
func (m *machine) step(i int, seen func(Step)) error {
	t := &m.threads[i]
	in := m.program.Code[t.next]
	t.next++
	switch in.Op {
	case LoadGlobal:
		t.push(m.counter)
	case LoadConst, Call:
		t.push(in.Arg)
	case BinaryOp:
		t.push(t.pop() + t.pop())
	case StoreGlobal:
		m.counter = t.pop()
	case PopTop:
		t.pop()
	case JumpBackward:
		if t.rounds > 0 {
			t.rounds--
			t.next = 0
		}
	case Acquire:
		m.locked = true
	case Release:
		if !m.locked {
			return ErrUnlocked
		}
		m.locked = false
	}
	if seen != nil {
		seen(Step{Thread: i, Instruction: in, Counter: m.counter, Stack: slices.Clone(t.stack)})
	}
	return nil
}

func (t *thread) push(value int) { t.stack = append(t.stack, value) }

func (t *thread) pop() int {
	top := t.stack[len(t.stack)-1]
	t.stack = t.stack[:len(t.stack)-1]
	return top
}

// key is the state as a string: equal keys, equal futures. How deep a stack is follows from next, so that no two
// states run into each other.
func (m *machine) key() string {
	b := binary.AppendVarint(nil, int64(m.counter))
	if m.locked {
		b = append(b, 1)
	} else {
		b = append(b, 0)
	}
	for _, t := range m.threads {
		b = binary.AppendVarint(b, int64(t.next))
		b = binary.AppendVarint(b, int64(t.rounds))
		for _, value := range t.stack {
			b = binary.AppendVarint(b, int64(value))
		}
	}
	return string(b)
}
