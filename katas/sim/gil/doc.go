// Package gil simulates Python threads under the global interpreter lock: a few bytecodes, one counter, one
// threading.Lock, and the rule for when the lock may change hands. Nothing in it is left to chance. A [Program] is run
// on the [Schedule] that you write, or with a switch interval, or on every schedule there is.
//
// Each thread has a value stack of its own. All threads share the global variable counter, which starts at 0, and the
// lock, which starts unlocked.
//
// What is simulated is the way of CPython's evaluation loop. A thread that waits for the GIL asks for it by setting a
// drop request (gil_drop_request, part of the eval breaker). The thread that has the GIL looks at the eval breaker only
// at certain instructions, see [Checks], and gives the GIL away there or not at all. In CPython 3.13 this is in
// Python/ceval_gil.c (take_gil, drop_gil) and Python/bytecodes.c.
//
// Left out: loading the function that is called (LOAD_GLOBAL step) is part of [Call], and so is the check at the
// function's entry (RESUME). A loop is the jump at its end; FOR_ITER is part of [JumpBackward].
//
// All types are plain values. No goroutine is started, and functions and methods may be called by many goroutines at
// the same time.
package gil
