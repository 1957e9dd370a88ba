package corpus

import (
	"sync"
	"sync/atomic"
)

// resource is freed when its last owner lets go.
type resource struct {
	owners atomic.Int64
	freed  atomic.Bool
}

func (r *resource) acquire() bool {
	for n := r.owners.Load(); n > 0; n = r.owners.Load() {
		if r.owners.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

func (r *resource) release() {
	if r.owners.Add(-1) == 0 {
		r.freed.Store(true)
	}
}

// Run has one goroutine let go while another comes; nobody may own what was freed.
func Run() string {
	var r resource
	r.owners.Store(1)
	freed := false
	var wg sync.WaitGroup
	wg.Go(r.release)
	wg.Go(func() {
		if r.acquire() {
			freed = r.freed.Load()
			r.release()
		}
	})
	wg.Wait()
	if freed {
		return "an owner has a resource that was freed"
	}
	return ""
}
