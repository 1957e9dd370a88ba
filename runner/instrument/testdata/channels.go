package p

import "context"

type named chan int

func ops(ch chan int, n named, done <-chan struct{}, cancel context.CancelFunc) (sum int) {
	ch <- 1
	v := <-ch
	sum += v + <-n
	if w, ok := <-ch; ok {
		sum += w
	}
	for x := range ch {
		sum += x
	}
	for range n { // a comment stays where it is
		sum++
	}
outer:
	for x := range ch {
		for {
			if x > 1 {
				continue outer
			}
			break outer
		}
	}
	<-done
	ch <- <-ch
	close(ch)
	defer close(n)
	defer cancel()
	cancel()
	return sum
}

func generic[C chan T, T any](ch C) T {
	for range ch {
	}
	defer close(ch)
	select {
	case <-ch:
	default:
	}
	ch <- *new(T)
	return <-ch
}
