package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

var calls atomic.Int64

// Run asks for a value that is made once, in every way there is to make one once.
func Run() string {
	calls.Store(0)
	f := sync.OnceFunc(func() { calls.Add(1) })
	v := sync.OnceValue(func() int { calls.Add(1); return 7 })
	vs := sync.OnceValues(func() (int, error) { calls.Add(1); return 7, nil })
	var once sync.Once
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			f()
			v()
			vs()
			once.Do(func() { calls.Add(1) })
		})
	}
	wg.Wait()
	if n := calls.Load(); n != 4 {
		return fmt.Sprintf("four things were done %d times", n)
	}
	return ""
}
