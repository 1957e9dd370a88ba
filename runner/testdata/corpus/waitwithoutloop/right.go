package corpus

import "sync"

type queue struct {
	mu    sync.Mutex
	any   *sync.Cond
	items []int
}

func (q *queue) put(n int) {
	q.mu.Lock()
	q.items = append(q.items, n)
	q.mu.Unlock()
	q.any.Signal()
}

func (q *queue) get() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 {
		q.any.Wait()
	}
	n := q.items[0]
	q.items = q.items[1:]
	return n
}

// Run has two goroutines get the two items that the caller puts; each must get one.
func Run() string {
	q := &queue{}
	q.any = sync.NewCond(&q.mu)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { q.get() })
	}
	q.put(1)
	q.put(2)
	wg.Wait()
	return ""
}
