//kata:wrong kind=wrong  each looks at the other's flag and writes its own

package corpus

import (
	"sync"
	"sync/atomic"
)

type ward struct {
	mu     sync.Mutex
	onCall [2]atomic.Bool
}

// leave lets a doctor go if the other one stays.
func (w *ward) leave(me int) {
	if w.onCall[1-me].Load() {
		w.onCall[me].Store(false)
	}
}

// Run has two doctors ask for leave; one of them must stay.
func Run() string {
	var w ward
	w.onCall[0].Store(true)
	w.onCall[1].Store(true)
	var wg sync.WaitGroup
	for me := range 2 {
		wg.Go(func() { w.leave(me) })
	}
	wg.Wait()
	if !w.onCall[0].Load() && !w.onCall[1].Load() {
		return "both doctors have left"
	}
	return ""
}
