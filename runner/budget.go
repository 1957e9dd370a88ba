package runner

import (
	"bytes"

	"github.com/python-concurrency/kata/runner/kata"
)

// Bounds on how many schedules are explored where the learner asks for no number. A schedule of a small test takes some
// 150 microseconds with the race detector on, so all of a kata's explored tests together take about 0.3 s.
const (
	schedulesPerKata = 2000
	fewestSchedules  = 200
	mostSchedules    = 1000
)

// schedules is how many schedules each explored test of a kata gets. It is a number and not a time, so that a verdict
// rests on nothing but the submission.
func schedules(req Request) int {
	if req.Schedules > 0 {
		return req.Schedules
	}
	return min(mostSchedules, max(fewestSchedules, schedulesPerKata/max(1, exploredTests(req.Kata))))
}

// exploredTests counts the uses of the explored lens in the hidden tests.
func exploredTests(k kata.Kata) (n int) {
	for _, source := range k.Hidden {
		n += bytes.Count(source, []byte("lab.Explored("))
	}
	return n
}
