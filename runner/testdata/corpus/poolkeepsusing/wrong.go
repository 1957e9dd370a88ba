//kata:wrong kind=race  what was given back to the pool is used on

package corpus

import "sync"

type buffer struct{ n int }

// Run has two goroutines use buffers of one pool; a buffer must have one user at a time.
func Run() string {
	p := sync.Pool{New: func() any { return new(buffer) }}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			b := p.Get().(*buffer)
			p.Put(b)
			b.n++
		})
	}
	wg.Wait()
	return ""
}
