package sandbox

import "time"

// sample is one look at a process tree.
type sample struct {
	processes int
	// memory is resident, in bytes.
	memory int64
	// cpu is the user and system time of all that live and lived. It never falls.
	cpu time.Duration
	// runnable: some thread runs, could run, or waits for the disk.
	runnable bool
	// delayed is for how long the look itself was kept from the processor. It is no look at one moment then: one that
	// was awake may have been seen asleep before it was woken by another, that fell asleep before it was seen.
	delayed time.Duration
	// wakeups is how often a thread that lives has got onto a processor; 0 where the kernel does not count.
	wakeups uint64
}

// What a program may do and yet be at rest. A blocked Go program does nothing: no thread of a race binary with a
// hundred blocked goroutines ran once in seconds. But a test binary may hold a goroutine that looks on at every tick of
// 50 ms. That makes some 100 wake-ups a second on any machine, and one of 10 ms some 400, while the CPU time
// of a wake-up differs tenfold between machines. So wake-ups tell who only ticks, and CPU time who works when woken.
// A tick is seen as runnable now and then, more often on a busy machine; who is starved is runnable in look after look.
const (
	restWakeups  = 180 // a second
	restCPU      = 50  // one part in so many of the span
	restRunnable = 5   // one part in so many of the span
	// restDelay is how much a look may be kept from the processor and still count.
	restDelay = 5 * time.Millisecond
	// restLook is how much rest one look can vouch for: some thirty are needed for a rest, however far apart a starved
	// watch makes them.
	restLook = 50 * time.Millisecond
	// tickLength is the unit of CPU time in /proc: USER_HZ is 100 on every Linux that Go runs on.
	tickLength = 10 * time.Millisecond
)

// stillness tells how long a process tree has been at rest. A rest is over when more has been done since it began than
// a program at rest does in the whole span, or when a thread was runnable for too much of it.
type stillness struct {
	// span is how much rest is asked for, and look how much one look vouches for at most.
	span, look time.Duration
	// began is the look that the rest began with, rested how much of it has been seen.
	began  sample
	rested time.Duration
	// runnable is for how long a thread has been runnable since, with each look standing for the time before it: looks
	// that come late, because the watch is starved as well, count for more.
	runnable time.Duration
	last     time.Time
}

// lasted takes in the look of now and reports whether the rest has lasted for the span.
func (st *stillness) lasted(now time.Time, s sample) bool {
	first, before := st.last.IsZero(), now.Sub(st.last)
	st.last = now
	switch {
	case first:
		st.begin(s)
		return false
	case s.delayed > restDelay: // it tells nothing, but that nothing has been found to speak against a rest
	case s.runnable:
		st.runnable += before
		st.rested += min(before, st.look)
	default:
		st.rested += min(before, st.look)
	}
	if st.worked(s) || st.runnable > st.span/restRunnable {
		st.begin(s)
	}
	return !s.runnable && st.rested >= st.span
}

func (st *stillness) begin(s sample) { st.began, st.rested, st.runnable = s, 0, 0 }

// worked reports whether more was done since the rest began than goes with it. Fewer wake-ups than at the beginning
// mean that a thread has ended, which is work as well.
func (st *stillness) worked(s sample) bool {
	wakeups := uint64(st.span.Seconds()*restWakeups) + 1
	cpu := max(tickLength, st.span/restCPU)
	return s.wakeups < st.began.wakeups || s.wakeups-st.began.wakeups > wakeups || s.cpu-st.began.cpu > cpu
}
