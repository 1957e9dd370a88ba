package corpus

import (
	"fmt"
	"sync"
)

type base struct {
	sync.RWMutex
	*sync.Cond
}

type list[T any] struct {
	base
	items []T
}

func (l *list[T]) push(item T) {
	l.RWMutex.Lock()
	defer l.RWMutex.Unlock()
	l.items = append(l.items, item)
	l.Broadcast()
}

func (l *list[T]) wait(n int) {
	lock, unlock := l.L.Lock, l.L.Unlock
	lock()
	defer unlock()
	for len(l.items) < n {
		l.Wait()
	}
}

func (l *list[T]) size() int {
	l.RLock()
	defer l.RUnlock()
	return len(l.items)
}

// Run uses embedded locks, method values and a generic type, with sync shadowed where it is of no use.
func Run() string {
	l := &list[string]{}
	l.Cond = sync.NewCond(&l.RWMutex)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { l.push("x") })
	}
	wg.Go(func() { l.wait(2) })
	wg.Go(func() { l.size() })
	wg.Wait()
	if sync := l.size(); sync != 2 {
		return fmt.Sprintf("two were pushed, and %d are there", sync)
	}
	return ""
}
