// Package explore runs a program of several goroutines on schedules of its own choosing. Inside a testing/synctest
// bubble it lets one goroutine run at a time; at every point, which is the place just before an operation that another
// goroutine can see, it decides who goes on.
//
// Which schedules are tried is the business of a [Search]: every schedule with at most a few preemptions, fewest first
// (iterative context bounding: Musuvathi and Qadeer, PLDI 2007; CHESS, OSDI 2008), and random priorities with a few
// change points where those are too many (PCT: Burckhardt et al., ASPLOS 2010).
//
// A point stands before synchronisation only: locks, atomics, channels, condition variables. Switching between plain
// accesses to memory cannot show more: where it would matter the program has a data race, and the race detector says so
// on any schedule that does not happen to order the accesses (CHESS rests on the same). Plain accesses are points too,
// but for the drawing and for the random search only. Before an operation that only gives something back (unlock,
// Done) no choice is needed either: it commutes with what the others could do in between (Lipton, CACM 1975).
//
// Points come from the drop-ins for sync and sync/atomic, and from the calls that are written into a submission on its
// way to the compiler (package hook). What blocks outside of both (a channel operation, time.Sleep, net.Pipe) is seen by
// the bubble: when nobody runs any more, who has not come to a point waits. Time in the bubble passes only when nobody
// can run.
//
// The scheduler orders nothing for the race detector: its hand-overs happen with the detector deaf
// (runtime.RaceDisable) and its books are touched only in functions marked go:norace. A slice that grows and a map
// count as accesses even there, so the books are arrays and linked lists.
package explore
