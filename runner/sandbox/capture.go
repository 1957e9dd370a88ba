package sandbox

import "sync"

// capture keeps the first bytes written to it, and tells when there were more. It is safe for use by many goroutines.
type capture struct {
	// full is closed when the limit is passed.
	full chan struct{}

	mu    sync.Mutex
	limit int64 // 0: none
	kept  []byte
	// passed: more was written than is kept.
	passed bool
}

func newCapture(limit int64) *capture {
	return &capture{full: make(chan struct{}), limit: limit}
}

// Write never fails: a writer that is cut off is ended, not told.
func (c *capture) Write(p []byte) (int, error) {
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
	return len(p), nil
}

// allow makes room for n bytes more than are kept now.
func (c *capture) allow(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limit > 0 {
		c.limit = max(c.limit, int64(len(c.kept))+n)
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
