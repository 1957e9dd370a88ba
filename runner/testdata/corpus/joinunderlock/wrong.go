//kata:wrong kind=deadlock  it waits for the worker and keeps the lock that the worker needs

package corpus

import "sync"

type worker struct {
	mu   sync.Mutex
	jobs int
	wg   sync.WaitGroup
}

func (w *worker) work(begun chan struct{}) {
	close(begun)
	w.mu.Lock()
	w.jobs++
	w.mu.Unlock()
}

func (w *worker) join() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wg.Wait()
	return w.jobs
}

// Run waits for a worker that has begun; its job must be counted.
func Run() string {
	var w worker
	begun := make(chan struct{})
	w.wg.Go(func() { w.work(begun) })
	<-begun
	if w.join() != 1 {
		return "the worker has ended, and its job is not counted"
	}
	return ""
}
