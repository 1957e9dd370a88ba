package p

import "time"

func pick(a chan int, b chan<- string, f func() chan int) (n int) {
	select {
	case v := <-a:
		n = v
	case b <- "x":
	case n = <-f():
	}
	select {
	case v, ok := <-a:
		if !ok {
			n = v
		}
	default:
		n = -1
	}
loop:
	for {
	inner:
		select {
		case <-time.After(time.Second):
			break loop
		case <-a:
			break inner
		case b <- func() string { a <- 1; return "" }(): // in a value
		}
	}
	switch {
	case n > 0:
		select {
		case <-a:
		}
	}
	select {}
}

// forever ends in a select that never ends: no return is missing.
func forever(a, b chan int) int {
	select {
	case v := <-a:
		return v
	case <-b:
		return 0
	}
}

func jumps(a chan int) {
again:
	select {
	case <-a:
		goto again
	default:
	}
}

func longCase(a chan int) {
	select {
	case <-func() chan int {
		return a
	}():
	}
}
