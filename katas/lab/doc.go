// Package lab is what hidden tests are written with. A hidden test names the lens it looks through and, inside it,
// says what must hold:
//
//	// TestMapOverlaps checks that Map runs its calls at the same time.
//	func TestMapOverlaps(t *testing.T) {
//		lab.Virtual(t, func(t *lab.T) {
//			t.Takes("five calls of one second", lab.Exactly(time.Second).Sequential(5*time.Second), func() { … })
//		})
//	}
//
// The lenses are [Virtual] (a bubble with a clock of its own), [Explored] (a bubble, on many schedules) and [Real]
// (real threads, processes and I/O). Each reports to the runner where one listens, and through the testing package
// otherwise, so that the same tests run under plain `go test -race`.
//
// What the lab itself does to keep its books adds no happens-before edge: a recorder that took an ordinary lock would
// order the learner's goroutines and hide the races that the detector should see.
//
// The package imports the standard library and goleak only, since every graded test binary links it.
package lab
