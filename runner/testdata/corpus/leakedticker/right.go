package corpus

import (
	"sync/atomic"
	"time"
)

type clock struct {
	tick  *time.Ticker
	done  chan struct{}
	ticks atomic.Int64
}

func start() *clock {
	c := &clock{tick: time.NewTicker(time.Second), done: make(chan struct{})}
	go func() {
		for {
			select {
			case <-c.tick.C:
				c.ticks.Add(1)
			case <-c.done:
				return
			}
		}
	}()
	return c
}

func (c *clock) stop() {
	c.tick.Stop()
	close(c.done)
}

// Run lets a clock tick for a while and stops it; its goroutine must end.
func Run() string {
	c := start()
	time.Sleep(3500 * time.Millisecond)
	c.stop()
	if c.ticks.Load() != 3 {
		return "the clock did not tick three times"
	}
	return ""
}
