package gil

import (
	"errors"
	"fmt"
	"strings"
)

// Op is an operation, named as the dis module names it.
type Op int

// The operations. Push and pop speak of the stack of the thread that runs them.
const (
	// LoadGlobal pushes the value of counter.
	LoadGlobal Op = iota
	// LoadConst pushes Arg.
	LoadConst
	// Call calls the function step, which returns Arg, and pushes what it returned.
	Call
	// BinaryOp pops two values and pushes their sum.
	BinaryOp
	// StoreGlobal pops a value and stores it in counter.
	StoreGlobal
	// PopTop pops a value and drops it.
	PopTop
	// JumpBackward goes to the beginning of the code as long as the thread has rounds left. It is the last instruction.
	JumpBackward
	// Acquire calls lock.acquire(). Where the lock is taken, also by this very thread, the thread gives the GIL away
	// and waits; it takes the lock when it runs and the lock is free.
	Acquire
	// Release calls lock.release(). Any thread may do that. A lock that is not locked is ErrUnlocked.
	Release
)

// operations are the facts about each operation.
var operations = map[Op]struct {
	name, operand string
	// showArg: the operand is Arg.
	showArg bool
	// pops and pushes are what it does to the stack.
	pops, pushes int
	// checked: the eval breaker is looked at after it since Python 3.10.
	checked bool
}{
	LoadGlobal:   {name: "LOAD_GLOBAL", operand: "counter", pushes: 1},
	LoadConst:    {name: "LOAD_CONST", showArg: true, pushes: 1},
	Call:         {name: "CALL", operand: "step", pushes: 1, checked: true},
	BinaryOp:     {name: "BINARY_OP", operand: "+", pops: 2, pushes: 1},
	StoreGlobal:  {name: "STORE_GLOBAL", operand: "counter", pops: 1},
	PopTop:       {name: "POP_TOP", pops: 1},
	JumpBackward: {name: "JUMP_BACKWARD", checked: true},
	Acquire:      {name: "CALL", operand: "lock.acquire", checked: true},
	Release:      {name: "CALL", operand: "lock.release", checked: true},
}

// Instruction is one operation with its argument, which only LoadConst and Call have.
type Instruction struct {
	Op  Op
	Arg int
}

// String is the instruction as the dis module would show it, as in "LOAD_GLOBAL counter".
func (in Instruction) String() string {
	facts, known := operations[in.Op]
	switch {
	case !known:
		return fmt.Sprintf("Op(%d)", int(in.Op))
	case facts.showArg:
		return fmt.Sprintf("%s %d", facts.name, in.Arg)
	case facts.operand == "":
		return facts.name
	}
	return facts.name + " " + facts.operand
}

// Code is what a thread runs, from the first instruction to the last.
type Code []Instruction

// String is the code on one line.
func (c Code) String() string {
	words := make([]string, len(c))
	for i, in := range c {
		words[i] = in.String()
	}
	return strings.Join(words, "; ")
}

// ErrCode is the kind of every error about code that CPython's compiler would not write.
var ErrCode = errors.New("invalid code")

// Validate holds code to what the compiler guarantees: operations are known, no value is popped that was not pushed,
// the stack is empty at the end, and a JumpBackward is the last instruction. The error is an ErrCode.
func (c Code) Validate() error {
	depth := 0
	for i, in := range c {
		facts, known := operations[in.Op]
		switch {
		case !known:
			return fmt.Errorf("%w: instruction %d: unknown operation %d", ErrCode, i, int(in.Op))
		case depth < facts.pops:
			return fmt.Errorf("%w: instruction %d: %v pops from a stack of %d", ErrCode, i, in, depth)
		case in.Op == JumpBackward && i < len(c)-1:
			return fmt.Errorf("%w: instruction %d: %v must be the last", ErrCode, i, in)
		}
		depth += facts.pushes - facts.pops
	}
	if depth != 0 {
		return fmt.Errorf("%w: %d values left on the stack at the end", ErrCode, depth)
	}
	return nil
}
