package p

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

type server struct {
	mu sync.Mutex
	n  int
	m  map[string]int
	l  []int
}

func (s *server) run(a int, b error, c ...string) {}
func (s *server) two(a int, b error) error        { return b }

func work[T any](v T) {}

func start(ctx context.Context, s *server, f func(int) (int, int)) {
	go s.run(1, nil)
	go s.two(1, nil)
	go func() {
		s.n++
	}()
	go func(n int, err error) { s.n = n }(2, nil)
	go work(1)
	go work[int](1)
	go f(3)
	go println()
	time.AfterFunc(time.Second, func() { s.n++ })
	stop := context.AfterFunc(ctx, s.touch)
	stop()
	var wg sync.WaitGroup
	wg.Go(s.touch)
	wg.Wait()
}

func hand(ctx context.Context, s *server, w *io.PipeWriter, cancel context.CancelFunc) {
	var wg sync.WaitGroup
	wg.Go(cancel)
	wg.Go(s.touch)
	wg.Go(func() { w.Close() })
	go cancel()
	go w.Write(nil)
	go fmt.Println("x")
	go wg.Done()
	go w.CloseWithError(nil)
	fmt.Fprintln(w, "x")
	io.WriteString(w, "x")
	if ctx.Err() != nil && context.Cause(ctx) != nil {
		time.NewTimer(time.Second).Stop()
	}
	wg.Wait()
}

func (s *server) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	if s.n > 1 {
		s.m["x"] = s.n
	} else if len(s.l) > 0 {
		s.l[0], s.n = s.n, 2
	}
	delete(s.m, "y")
	for s.n < 10 {
		s.n++
	}
	for i := 0; i < 3; i++ {
		s.l = append(s.l, i)
	}
	kata := 1
	_ = kata
	x := 0
	inc := func() { x++ }
	inc()
	println(x)
	y := 0
	read := func() int { return y }
	_ = read()
again:
	if x < 3 {
		x++
		goto again
	}
}
