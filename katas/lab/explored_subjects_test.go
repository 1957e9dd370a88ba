package lab_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/lab/hook"
	"github.com/python-concurrency/kata/katas/lab/sync"
	"github.com/python-concurrency/kata/katas/lab/sync/atomic"
)

// The subjects of the explored lens are written as the rewriting of runner/instrument leaves them.

func explored(t *testing.T, body func(t *lab.T)) {
	t.Helper()
	subject(t)
	lab.Explored(t, body)
}

// pass takes a lock and gives it back.
func pass(m *sync.Mutex) {
	m.Lock()
	defer m.Unlock()
}

// both runs two functions in goroutines and waits for them.
func both(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

func TestExploredRight(t *testing.T) {
	explored(t, func(t *lab.T) {
		var m sync.Mutex
		n := 0
		add := func() { m.Lock(); n++; m.Unlock() }
		both(add, add)
		t.Equal("the sum", n, 2)
	})
}

func TestExploredLostUpdate(t *testing.T) {
	explored(t, func(t *lab.T) {
		var m sync.Mutex
		n := 0
		add := func() {
			m.Lock()
			v := n
			m.Unlock()
			m.Lock()
			n = v + 1
			m.Unlock()
		}
		both(add, add)
		if n != 2 {
			t.Errorf("two added 1, and the sum is %d", n)
		}
	})
}

func TestExploredCircle(t *testing.T) {
	explored(t, func(*lab.T) {
		var a, b sync.Mutex
		take := func(a, b *sync.Mutex) func() {
			return func() { a.Lock(); pass(b); a.Unlock() }
		}
		both(take(&a, &b), take(&b, &a))
	})
}

func TestExploredSelf(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		m.Lock()
		m.Lock()
	})
}

// TestExploredHidden: the test itself gets away by a timeout, and what is behind it is still a circle of locks.
func TestExploredHidden(t *testing.T) {
	explored(t, func(t *lab.T) {
		var a, b sync.Mutex
		take := func(a, b *sync.Mutex) func() {
			return func() { a.Lock(); pass(b); a.Unlock() }
		}
		done := make(chan bool)
		go hook.Go0(func() { both(take(&a, &b), take(&b, &a)); close(hook.Close(done)) })()
		select {
		case <-done:
		case <-time.After(time.Second):
			t.Errorf("it takes too long")
		}
	})
}

func TestExploredChannel(t *testing.T) {
	explored(t, func(*lab.T) { <-hook.Receive(make(chan int)) })
}

func TestExploredLeak(t *testing.T) {
	explored(t, func(*lab.T) {
		c := make(chan int)
		go hook.Go0(func() { hook.Send(c) <- 1 })()
	})
}

func TestExploredLeakedLock(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		m.Lock()
		go hook.Go0(func() { m.Lock() })()
	})
}

func TestExploredTicker(t *testing.T) {
	explored(t, func(*lab.T) {
		tick := time.NewTicker(time.Second)
		go hook.Go0(func() {
			for range hook.Range(tick.C) {
			}
		})()
	})
}

func TestExploredPanic(t *testing.T) {
	explored(t, func(*lab.T) {
		c := make(chan int, 1)
		both(func() { close(hook.Close(c)) }, func() { hook.Send(c) <- 1 })
	})
}

func TestExploredFatal(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		defer func() { _ = recover() }() // no help: it is no panic
		m.Unlock()
	})
}

func TestExploredSpin(t *testing.T) {
	explored(t, func(*lab.T) {
		var flag atomic.Bool
		for !flag.Load() {
			hook.Loop()
		}
	})
}

// TestExploredWaitsForAFlag waits badly, and its wait ends in every schedule.
func TestExploredWaitsForAFlag(t *testing.T) {
	explored(t, func(*lab.T) {
		var flag atomic.Bool
		both(func() {
			for !flag.Load() {
				hook.Loop()
			}
		}, func() { flag.Store(true) })
	})
}

// TestExploredSpinsWithOthers changes something in each round of its wait.
func TestExploredSpinsWithOthers(t *testing.T) {
	explored(t, func(*lab.T) {
		var flag atomic.Bool
		var rounds atomic.Int64
		both(func() {
			for !flag.Load() {
				hook.Loop()
				rounds.Add(1)
			}
		}, func() { flag.Store(true) })
	})
}

func TestExploredLivelock(t *testing.T) {
	explored(t, func(*lab.T) {
		var turn atomic.Int64
		both(func() {
			for {
				hook.Loop()
				turn.Store(1)
			}
		}, func() {
			for {
				hook.Loop()
				turn.Store(2)
			}
		})
	})
}

func TestExploredCrowd(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		m.Lock()
		for range 2000 {
			go hook.Go0(func() { pass(&m) })()
		}
		m.Unlock()
	})
}

func TestExploredTimeout(t *testing.T) {
	explored(t, func(t *lab.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		var m sync.Mutex
		start := time.Now()
		go hook.Go0(func() {
			m.Lock()
			defer m.Unlock()
			<-hook.Receive(ctx.Done())
		})()
		<-hook.Receive(ctx.Done())
		m.Lock()
		defer m.Unlock()
		t.Equal("the time", fmt.Sprint(time.Since(start)), "1s")
	})
}

// TestExploredGoexit: a test that is ended in the middle has not passed.
func TestExploredGoexit(t *testing.T) {
	explored(t, func(*lab.T) {
		hook.Read()
		runtime.Goexit()
	})
}

// TestExploredMeetsAlone: the two of a rendezvous run one after another.
func TestExploredMeetsAlone(t *testing.T) {
	explored(t, func(t *lab.T) {
		both := t.Rendezvous("the two tasks", 2)
		hook.Read()
		both.Arrive()
		both.Arrive()
	})
}

// TestExploredThree: the bug needs five preemptions, and there is room in the budget for them.
func TestExploredThree(t *testing.T) {
	explored(t, func(t *lab.T) {
		var x atomic.Int64
		seen := false
		both(func() { x.Store(1); x.Store(2); x.Store(3) }, func() { seen = x.Load() == 1 && x.Load() == 2 && x.Load() == 3 })
		t.True("nobody sees 1, 2 and 3", !seen)
	})
}

// TestExploredWokenOutside: who is woken out of the scheduler's sight comes to its next operation beside the others.
func TestExploredWokenOutside(t *testing.T) {
	explored(t, func(*lab.T) {
		ctx, cancel := context.WithCancel(context.Background())
		var wg sync.WaitGroup
		wg.Go(func() { hook.Call(cancel)() })
		<-hook.Receive(ctx.Done())
		wg.Wait()
	})
}

// TestExploredTimerWakes: everybody waits for what only a timer's function will do.
func TestExploredTimerWakes(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		c := sync.NewCond(&m)
		late := false
		time.AfterFunc(time.Second, hook.Callback(func() {
			m.Lock()
			late = true
			m.Unlock()
			c.Broadcast()
		}))
		m.Lock()
		for !late {
			c.Wait()
		}
		m.Unlock()
	})
}

func TestExploredRace(t *testing.T) {
	explored(t, func(*lab.T) {
		n := 0
		both(func() { hook.Write(); n++ }, func() { hook.Write(); n++ })
	})
}

func TestExploredAccidentalOrder(t *testing.T) {
	explored(t, func(*lab.T) {
		var m sync.Mutex
		n := 0
		both(func() {
			n++
			pass(&m)
		}, func() {
			pass(&m)
			n++
		})
	})
}

func TestExploredRaceByChannel(t *testing.T) {
	explored(t, func(*lab.T) {
		c := make(chan int, 1)
		n := 0
		both(func() {
			n++
			s := hook.NewSelect()
			to := hook.To(s, c)
			s.Choose(true)
			select {
			case to.C <- to.V:
			default:
			}
		}, func() {
			s := hook.NewSelect()
			on := hook.On(s, c)
			s.Choose(true)
			select {
			case <-on.C:
			default:
			}
			n++
		})
	})
}
