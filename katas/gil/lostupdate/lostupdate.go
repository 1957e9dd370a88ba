// Package lostupdate is a kata: how an update gets lost although there is a GIL, and what makes it safe.
//
// In Python, counter += step() is four instructions. Package gil simulates them, and threads that run them:
//
//	LOAD_GLOBAL counter    push the value of counter on the thread's own stack
//	CALL step              call step and push what it returned
//	BINARY_OP +            pop two values, push their sum
//	STORE_GLOBAL counter   pop the sum, store it in counter
//
// As code for the simulator it is, for a step that returns 1,
//
//	gil.Code{{Op: gil.LoadGlobal}, {Op: gil.Call, Arg: 1}, {Op: gil.BinaryOp}, {Op: gil.StoreGlobal}}
//
// The GIL lets one thread run at a time. Another one can get it only where the running thread looks whether somebody
// asks for it: at a check. Since Python 3.10 there is a check after calls and at backward jumps (gil.CallsAndJumps);
// up to 3.9 there was one after nearly every instruction (gil.EveryInstruction). The stack is the thread's own, and the
// value on it stays what it was when it was loaded, whatever others do to counter meanwhile.
//
// There are four things to write. They do not need each other.
package lostupdate

import "github.com/python-concurrency/kata/katas/sim/gil"

// LostUpdate returns a schedule on which all updates but one are lost. Each of the threads, two or more, runs
// counter += step() once; step returns 1, and there is a check after calls and jumps (gil.CallsAndJumps). When all have
// ended, counter must be 1.
//
// A schedule is the numbers of the threads, from 0, in the order in which they get the GIL, turn by turn. In a turn a
// thread runs until its next check, or to its end. Here each thread has two turns: LOAD_GLOBAL and CALL, then BINARY_OP
// and STORE_GLOBAL. For two threads, [0 0 1 1] runs one thread after the other, and counter is 2.
//
// To see what a schedule does, print what (gil.Program{Code: …, Threads: …}).Replay(schedule) returns.
func LostUpdate(threads int) gil.Schedule {
	return nil
}

// CanLose reports whether two threads that run code can lose an update: whether there is a check between the load of a
// value from counter and the store of that value, or of a sum that it is part of. A value that is never stored (POP_TOP
// drops it) does no harm, and neither does a check while no value from counter is on the stack.
//
// The check of an instruction comes right after it; checks.After(op) says which instructions have one.
//
// The code is valid in the sense of gil.Code.Validate and has no Acquire and no Release. It may be thousands of
// instructions long: read it, once; running it on every schedule would take for ever (Explore gives up).
func CanLose(code gil.Code, checks gil.Checks) bool {
	return false
}

// WithLock puts code under the lock, as in
//
//	with lock:
//	    counter += step()
//
// It returns the instructions of code, all of them in their order, with Acquire and Release put in so that any number
// of threads can run the result for any number of rounds, with either kind of checks: no update is lost, none waits
// for ever, and none releases a lock that is not locked. The lock is not reentrant: a thread that acquires it twice
// waits for itself.
//
// The code is valid and has no Acquire and no Release. Where it ends with a JumpBackward, that must be the last
// instruction of the result too, and Acquire and Release are run anew in each round:
//
//	for _ in range(rounds):
//	    with lock:
//	        counter += step()
//
// The caller's slice is left as it is, the capacity behind its end included.
func WithLock(code gil.Code) gil.Code {
	return nil
}

// Counter is the same in Go, where there is no GIL and goroutines run at the same time. Counters are made by
// NewCounter and used through their pointer. All methods may be called by many goroutines at the same time. A counter
// owns no goroutine.
type Counter struct {
	// Your fields.
}

// NewCounter returns a counter that stands at 0.
func NewCounter() *Counter {
	return &Counter{}
}

// Add calls step, once, and then adds what it returned to the counter. No update is ever lost. In Python:
//
//	n = step()
//	with lock:
//	    counter += n
//
// The call is not part of the update. So while step runs nobody waits for it, however long it takes: others may Add and
// ask for the Value, and step itself may do so too. If step panics, the panic goes on to the caller of Add and nothing
// is added.
func (c *Counter) Add(step func() int) {
}

// Value returns the sum of all that was added. What an Add that has returned before has added is part of it.
func (c *Counter) Value() int {
	return 0
}
