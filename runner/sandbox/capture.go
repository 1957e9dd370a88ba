package sandbox

import (
	"os"
	"sync"
	"time"
)

// capture reads a pipe to its end and keeps the first bytes. It goes on reading what it does not keep, so that
// the writer never waits for it. It is safe for use by many goroutines.
type capture struct {
	// full is closed when more has come than is kept.
	full chan struct{}
	// ended is closed when the pipe has come to its end.
	ended chan struct{}
	pipe  *os.File

	mu     sync.Mutex
	limit  int64 // 0: none
	kept   []byte
	passed bool // full is closed
}

// newCapture begins to read pipe, and closes it in the end.
func newCapture(pipe *os.File, limit int64) *capture {
	c := &capture{full: make(chan struct{}), ended: make(chan struct{}), pipe: pipe, limit: limit}
	go c.read()
	return c
}

func (c *capture) read() {
	defer close(c.ended)
	defer c.pipe.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := c.pipe.Read(buf)
		c.keep(buf[:n])
		if err != nil { // the end, or finish has closed the pipe
			return
		}
	}
}

func (c *capture) keep(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	room := int64(len(p))
	if c.limit > 0 {
		room = max(0, min(room, c.limit-int64(len(c.kept))))
	}
	c.kept = append(c.kept, p[:room]...)
	if room < int64(len(p)) && !c.passed {
		c.passed = true
		close(c.full)
	}
}

// allow makes room for n bytes more than are kept now.
func (c *capture) allow(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limit > 0 {
		c.limit = max(c.limit, int64(len(c.kept))+n)
	}
}

// finish waits for the pipe's end, and makes an end after grace. Nothing is kept from then on.
func (c *capture) finish(grace time.Duration) {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.ended:
	case <-timer.C:
		c.pipe.Close() // a Read that waits returns
		<-c.ended
	}
}

func (c *capture) bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept
}

func (c *capture) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.passed
}
