package corpus

import "sync"

// Run has two goroutines exchange two values; both must come through.
func Run() string {
	a, b := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() {
		a <- 1
		<-b
	})
	wg.Go(func() {
		<-a
		b <- 2
	})
	wg.Wait()
	return ""
}
