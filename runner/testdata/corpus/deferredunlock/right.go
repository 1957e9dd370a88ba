package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type document struct {
	mu      sync.Mutex
	version atomic.Int64
}

// edit begins anew where somebody else has edited since it looked.
func (d *document) edit() {
	for {
		seen := d.version.Load()
		d.mu.Lock()
		if d.version.Load() == seen {
			d.version.Add(1)
			d.mu.Unlock()
			return
		}
		d.mu.Unlock()
	}
}

// Run edits in two goroutines; both edits must be made.
func Run() string {
	var d document
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(d.edit)
	}
	wg.Wait()
	if v := d.version.Load(); v != 2 {
		return fmt.Sprintf("two edits were made, and the version is %d", v)
	}
	return ""
}
