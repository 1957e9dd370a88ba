package corpus

import (
	"sync"
	"sync/atomic"
)

type job struct {
	wg       sync.WaitGroup
	finished atomic.Bool
}

func (j *job) finish() {
	if j.finished.CompareAndSwap(false, true) {
		j.wg.Done()
	}
}

// Run finishes a job from two sides; it must count as done once.
func Run() string {
	var j job
	j.wg.Add(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(j.finish)
	}
	wg.Wait()
	j.wg.Wait()
	return ""
}
