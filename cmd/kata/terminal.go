package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// isTerminal reports whether a stream is shown to a person.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// color reports whether a stream may carry colour: a terminal, and nobody asked for none (no-color.org).
func color(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// mostColumns is the widest that text is still easy to read.
const mostColumns = 120

// width is how many columns a line may take: what the terminal has, or COLUMNS where somebody set it.
func width(w io.Writer) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return min(n, mostColumns)
	}
	if f, ok := w.(*os.File); ok {
		if n := windowColumns(f.Fd()); n > 0 {
			return min(n, mostColumns)
		}
	}
	return 100
}

// bar tells of long work: on a terminal as a line that counts the seconds, otherwise as one line. It is safe for use by
// many goroutines.
type bar struct {
	out      io.Writer
	terminal bool

	// what is being done, for the next time the line is drawn.
	what atomic.Value

	mu    sync.Mutex
	since time.Time
	stop  chan struct{} // nil while no line is drawn
	gone  chan struct{}
}

func newBar(out io.Writer) *bar { return &bar{out: out, terminal: isTerminal(out)} }

// step says what is being done from now on. Call done at its end.
func (b *bar) step(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.erase()
	if !b.terminal {
		fmt.Fprintf(b.out, "kata: %s\n", tame(what))
		return
	}
	b.what.Store(what)
	b.since = now()
	b.show()
}

// update says how far the step is. Where nobody looks on it says nothing.
func (b *bar) update(what string) { b.what.Store(what) }

// done takes the line away.
func (b *bar) done() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.erase()
}

// aside takes the line away while something else is printed.
func (b *bar) aside(print func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	drawn := b.stop != nil
	b.erase()
	print()
	if drawn {
		b.show()
	}
}

// show and erase are called with the lock held.
func (b *bar) show() {
	b.stop, b.gone = make(chan struct{}), make(chan struct{})
	go b.draw(b.since, b.stop, b.gone)
}

func (b *bar) erase() {
	if b.stop != nil {
		close(b.stop)
		<-b.gone
		b.stop = nil
	}
}

func (b *bar) draw(since time.Time, stop, gone chan struct{}) {
	defer close(gone)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		fmt.Fprintf(b.out, "\r\033[K%s, %d s", fit(tame(oneLine(b.what.Load().(string))), width(b.out)-10), int(now().Sub(since).Seconds()))
		select {
		case <-stop:
			fmt.Fprint(b.out, "\r\033[K")
			return
		case <-tick.C:
		}
	}
}

// fit cuts a text to n columns: a line that wraps could not be taken back.
func fit(s string, n int) string {
	runes := []rune(s)
	if n = max(n, 1); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}
