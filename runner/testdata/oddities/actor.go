package corpus

import (
	"fmt"
	"sync"
)

type add struct {
	n     int
	reply chan int
}

// Run has one goroutine own a number, and others ask it over a channel, with a goroutine for each question.
func Run() string {
	requests := make(chan add)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		total := 0
		for r := range requests {
			total += r.n
			r.reply <- total
		}
	}()
	var wg sync.WaitGroup
	highest := make(chan int, 2)
	ask := func(n int, _ ...string) {
		defer wg.Done()
		r := add{n, make(chan int)}
		requests <- r
		highest <- <-r.reply
	}
	for n := range 2 {
		wg.Add(1)
		go ask(n+1, "a variadic function", "is started")
	}
	wg.Wait()
	close(requests)
	<-gone
	if top := max(<-highest, <-highest); top != 3 {
		return fmt.Sprintf("1 and 2 are %d", top)
	}
	return ""
}
