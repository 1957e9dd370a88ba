package corpus

import "fmt"

// Run plays a hundred rounds over two channels without room.
func Run() string {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for n := range ping {
			pong <- n + 1
		}
		close(pong)
	}()
	n := 0
	for range 100 {
		ping <- n
		n = <-pong
	}
	close(ping)
	if _, open := <-pong; open || n != 100 {
		return fmt.Sprintf("a hundred rounds came to %d", n)
	}
	return ""
}
