package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Run resets and stops timers, and waits for what is left.
func Run() string {
	var fired atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		late := time.NewTimer(time.Hour)
		late.Reset(time.Second)
		<-late.C
		fired.Add(1)
	})
	wg.Go(func() {
		never := time.AfterFunc(time.Second, func() { fired.Add(100) })
		if !never.Stop() {
			fired.Add(100)
		}
		done := make(chan bool)
		time.AfterFunc(time.Second, func() { fired.Add(1); close(done) })
		<-done
	})
	wg.Wait()
	if n := fired.Load(); n != 2 {
		return fmt.Sprintf("two timers fired, and the count is %d", n)
	}
	return ""
}
