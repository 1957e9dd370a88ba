package each_test

import (
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/demo/each"
	"github.com/python-concurrency/kata/katas/lab"
)

// TestSum checks that the results are added up.
func TestSum(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		t.Equal("the sum of 0 to 9", each.Sum(10, func(i int) int { return i }), 45)
	})
}

// TestNothingIsLost checks that no result is lost, whoever comes in between.
func TestNothingIsLost(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		t.Equal("the sum of two ones", each.Sum(2, func(int) int { return 1 }), 2)
	})
}

// TestOverlap checks that the tasks run at the same time.
func TestOverlap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		bound := lab.Exactly(time.Second).Sequential(3*time.Second, "the three tasks")
		t.Takes("three tasks of one second", bound, func() {
			each.Sum(3, func(i int) int {
				defer t.Timeline().Start("task " + string(rune('1'+i)))()
				time.Sleep(time.Second)
				return i
			})
		})
	})
}

// TestMeet checks with real goroutines that the tasks run at the same time.
func TestMeet(t *testing.T) {
	lab.Real(t, func(t *lab.T) {
		all := t.Rendezvous("the four tasks", 4)
		each.Sum(4, func(i int) int {
			all.Arrive()
			return i
		})
	})
}
