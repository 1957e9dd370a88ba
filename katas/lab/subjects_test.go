package lab_test

import (
	"os"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
)

// The tests below are subjects: they fail by intent, so they run only in a child process of the tests in
// records_test.go, which read what they report.
const subjectVariable = "KATA_LAB_SUBJECT"

func subject(t *testing.T) {
	t.Helper()
	if os.Getenv(subjectVariable) == "" {
		t.Skip("runs in a child process only")
	}
}

func TestSubjectPasses(t *testing.T) {
	subject(t)
	for range 2 {
		lab.Virtual(t, func(t *lab.T) {
			t.Takes("a sleep", lab.Exactly(time.Hour), func() { time.Sleep(time.Hour) })
		})
	}
}

func TestSubjectSequential(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		bound := lab.Exactly(time.Second).Sequential(3*time.Second, "the three calls")
		t.Takes("three calls of one second", bound, func() {
			for _, lane := range []string{"call 1", "call 2", "call 3"} {
				end := t.Timeline().Start(lane)
				time.Sleep(time.Second)
				end()
			}
		})
	})
}

func TestSubjectDeadlock(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) { <-make(chan int) })
}

func TestSubjectLeak(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		c := make(chan int)
		go func() { c <- 1 }()
	})
}

func TestSubjectSleepsOut(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) { go time.Sleep(5 * time.Second) })
}

func TestSubjectPanics(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		var m map[string]int
		set(m)
	})
}

func set(m map[string]int) { m["a"] = 1 }

func TestSubjectCrashes(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		go func() { panic("in a goroutine") }()
		time.Sleep(time.Second)
	})
}

func TestSubjectSpins(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		for n := 0; n >= 0; {
			n = n / 2
		}
	})
}

func TestSubjectMeetsAlone(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		r := t.Rendezvous("the three tasks", 3)
		for range 3 {
			r.Arrive()
		}
	})
}

func TestSubjectMeets(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		r := t.Rendezvous("the three tasks", 3)
		for range 2 {
			go r.Arrive()
		}
		r.Arrive()
	})
}

func TestSubjectRealLeak(t *testing.T) {
	subject(t)
	lab.Real(t, func(t *lab.T) {
		go func() { select {} }()
	})
}

// TestSubjectRaces has a race that every book the lab keeps would hide, if it ordered anything.
func TestSubjectRaces(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		var shared int
		var done sync.WaitGroup
		r := t.Rendezvous("both", 2)
		for _, lane := range []string{"a", "b"} {
			done.Go(func() {
				end := t.Timeline().Start(lane)
				shared++
				end()
				r.Arrive()
			})
		}
		done.Wait()
	})
}

// TestSubjectRecords uses every book of the lab from several goroutines and races nowhere.
func TestSubjectRecords(t *testing.T) {
	subject(t)
	lab.Virtual(t, func(t *lab.T) {
		r := t.Rendezvous("all", 8)
		var done sync.WaitGroup
		for range 8 {
			done.Go(func() {
				defer t.Timeline().Start("lane")()
				r.Arrive()
				t.Equal("a number", 1, 2)
			})
		}
		done.Wait()
	})
}
