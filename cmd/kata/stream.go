package main

import "io"

// stream is stdout or stderr. It keeps the first error of a write, which the commands that print do not look at: run
// does, once, so that a full disk behind a redirection does not pass for success.
type stream struct {
	w   io.Writer
	err error
	// color: it may carry colour.
	color bool
}

func newStream(w io.Writer) *stream { return &stream{w: w, color: color(w)} }

func (s *stream) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if s.err == nil {
		s.err = err
	}
	return n, err
}
