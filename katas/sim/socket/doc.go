// Package socket simulates what an event-driven program has from its operating system: connections that never block, and
// a selector that says which of them are ready, as Python's socket.setblocking(False) and the module selectors.
//
//	here, there := socket.Pair(16)
//	selector := socket.NewSelector()
//	selector.Register(here, socket.Readable)
//	time.AfterFunc(time.Second, func() { there.Write([]byte("hello")) })
//	for _, ready := range selector.Select(-1) { // a second later
//		n, err := ready.Conn.Read(buffer)
//	}
//
// Everything happens in memory. Waiting is done by channels and timers, so in a bubble it takes virtual time, and who waits for
// ever is found. A connection may be used from several goroutines; a selector belongs to one.
package socket
