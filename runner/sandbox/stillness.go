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
	// wakeups is how often a thread that lives has got onto a processor; 0 where the kernel does not count.
	wakeups uint64
}

// What a program may do and yet be at rest. A blocked Go program does nothing: no thread of a race binary with a
// hundred blocked goroutines ran once in seconds. But a test binary may hold a goroutine that looks on at every tick of
// 50 ms. That makes some 100 wake-ups a second on any machine, and one of 10 ms some 400, while the CPU time
// of a wake-up differs tenfold between machines. So wake-ups tell who only ticks, with CPU time for those who work
// when they wake.
const (
	restWakeups = 180 // a second
	restCPU     = 50  // one part in so many
	// tickLength is the unit of CPU time in /proc: USER_HZ is 100 on every Linux that Go runs on.
	tickLength = 10 * time.Millisecond
)

// stillness tells how long a process tree has been at rest. A span of rest ends with a look that sees a runnable
// thread, or when more has been done since it began than a program at rest does in the whole of it.
type stillness struct {
	// span is how much rest is asked for.
	span  time.Duration
	since time.Time // zero: not at rest
	began sample
}

// lasted takes in the look of now and reports whether the rest has lasted for the span.
func (st *stillness) lasted(now time.Time, s sample) bool {
	switch {
	case s.runnable:
		st.since = time.Time{}
		return false
	case st.since.IsZero() || st.worked(s):
		st.since, st.began = now, s
	}
	return now.Sub(st.since) >= st.span
}

// worked reports whether more was done since the rest began than goes with it. Fewer wake-ups than at the beginning
// mean that a thread has ended, which is work as well.
func (st *stillness) worked(s sample) bool {
	wakeups := uint64(st.span.Seconds()*restWakeups) + 1
	cpu := max(tickLength, st.span/restCPU)
	return s.wakeups < st.began.wakeups || s.wakeups-st.began.wakeups > wakeups || s.cpu-st.began.cpu > cpu
}
