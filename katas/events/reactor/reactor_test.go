package reactor_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/events/reactor"
	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/sim/socket"
)

// world is a reactor with its selector, and a diary of what it has called and when.
type world struct {
	*reactor.Reactor
	t        *lab.T
	selector *socket.Selector
	start    time.Time
	mu       sync.Mutex
	said     []string
	// calls counts without a lock: all that the reactor calls it calls on one goroutine.
	calls int
	// unblock frees a Write that waits for its peer.
	unblock func()
}

func virtual(t *testing.T, body func(t *lab.T, w *world)) {
	t.Helper()
	lab.Virtual(t, func(t *lab.T) {
		s := socket.NewSelector()
		body(t, &world{Reactor: reactor.New(s), t: t, selector: s, start: time.Now()})
	})
}

// say writes into the diary, with the time where it is not the beginning.
func (w *world) say(format string, args ...any) {
	w.calls++
	line := fmt.Sprintf(format, args...)
	if at := time.Since(w.start); at > 0 {
		line = fmt.Sprintf("%v %s", at, line)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, line)
}

// reads holds the diary to what must be in it, and empties it.
func (w *world) reads(what string, want ...string) {
	w.t.Helper()
	w.mu.Lock()
	got := strings.Join(w.said, "; ")
	w.said = nil
	w.mu.Unlock()
	w.t.Equal(what, got, strings.Join(want, "; "))
}

// serves runs the reactor for so long. What stops it is a frame on a connection of its own, behind all others.
func (w *world) serves(d time.Duration) {
	w.t.Helper()
	near, far := socket.Pair(8)
	stop := w.add(near, "")
	stop.frame = func([]byte) { w.Stop() }
	at := time.AfterFunc(d, func() { _, _ = far.Write(framed("stop")) })
	done := make(chan struct{})
	go func() { defer close(done); w.Run() }()
	began := time.Now()
	select {
	case <-done:
		if took := time.Since(began); took != d {
			w.t.Errorf("Run came back after %v, and Stop was to be called after %v (what was called until then: %s)", took, d, strings.Join(w.said, "; "))
			w.t.FailNow()
		}
	case <-time.After(d + time.Minute):
		w.mu.Lock()
		said := strings.Join(w.said, "; ")
		w.mu.Unlock()
		if w.unblock != nil {
			w.unblock() // so that who waits for it, and looks again and again, comes to an end
			<-time.After(time.Minute)
		}
		w.t.Fatalf("a frame that came after %v, and calls Stop, is not served a minute later: does something wait outside of the selector, or was a connection forgotten? What was called until then: %s", d, said)
	}
	at.Stop()
	w.selector.Unregister(near)
}

// protocol writes into the diary what is called, and does what the test wants besides.
type protocol struct {
	w                *world
	name             string
	transport        *reactor.Transport
	frame            func(frame []byte)
	pause, resume    func()
	lost             func(err error)
	inside, wasEnded bool
}

// add has a connection served by a protocol of this name; one without a name writes nothing.
func (w *world) add(conn *socket.Conn, name string) *protocol {
	p := &protocol{w: w, name: name}
	p.transport = w.Add(conn, p)
	return p
}

func (p *protocol) say(format string, args ...any) {
	if p.name != "" {
		p.w.say("%s %s", p.name, fmt.Sprintf(format, args...))
	}
	if p.wasEnded {
		p.w.t.Errorf("%s was called after ConnectionLost, which is the last call", p.name)
	}
}

func (p *protocol) FrameReceived(frame []byte) {
	p.say("gets %s", short(frame))
	if p.frame != nil {
		p.inside = true
		p.frame(frame)
		p.inside = false
	}
}

func (p *protocol) PauseWriting() {
	p.say("is to pause")
	if p.pause != nil {
		p.pause()
	}
}

func (p *protocol) ResumeWriting() {
	p.say("may go on")
	if p.resume != nil {
		p.resume()
	}
}

func (p *protocol) ConnectionLost(err error) {
	if err == nil {
		p.say("is lost")
	} else {
		p.say("is lost: %v", err)
	}
	if p.inside {
		p.w.t.Errorf("ConnectionLost of %s was called from inside of another method of it", p.name)
	}
	p.wasEnded = true
	if p.lost != nil {
		p.lost(err)
	}
}

func short(frame []byte) string {
	if len(frame) > 24 {
		return fmt.Sprintf("%d bytes", len(frame))
	}
	return fmt.Sprintf("%q", frame)
}

// framed are the bytes of frames.
func framed(payloads ...string) []byte {
	var b []byte
	for _, p := range payloads {
		b = append(b, byte(len(p)>>8), byte(len(p)))
		b = append(b, p...)
	}
	return b
}

// after has something written at the far end of a connection, at a moment.
func after(d time.Duration, far *socket.Conn, b []byte) {
	time.AfterFunc(d, func() { _, _ = far.Write(b) })
}

// take reads n bytes at the far end, or as many as are there.
func take(far *socket.Conn, n int) []byte {
	b := make([]byte, n)
	n, _ = far.Read(b)
	return b[:n]
}

// reader reads at the far end, so many bytes each second.
type reader struct {
	mu   sync.Mutex
	got  []byte
	err  error
	done bool
}

func reads(far *socket.Conn, n int) *reader {
	r := &reader{}
	var again func()
	again = func() {
		b := make([]byte, n)
		n, err := far.Read(b)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, b[:n]...)
		if err != nil && !errors.Is(err, socket.ErrWouldBlock) {
			r.err = err
			return
		}
		if !r.done {
			time.AfterFunc(time.Second, again)
		}
	}
	time.AfterFunc(time.Second, again)
	return r
}

// all ends the reading and returns what has come, and the error that was the end.
func (r *reader) all() ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done = true
	return r.got, r.err
}

// TestAFrame checks that a frame reaches the protocol of its connection when it comes, and that Run returns when Stop is called and can be called again.
func TestAFrame(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(100)
		b, farB := socket.Pair(100)
		w.add(a, "a")
		w.add(b, "b")
		after(time.Second, farA, framed("hello"))
		after(2*time.Second, farB, framed("world"))
		after(4*time.Second, farA, framed("again"))
		w.serves(3 * time.Second)
		w.reads("what is called", `1s a gets "hello"`, `2s b gets "world"`)
		w.serves(2 * time.Second)
		w.reads("what is called by a second Run", `4s a gets "again"`)
	})
}

// TestFramesInPieces checks that a frame is whole for its protocol wherever it was cut on its way, in its length too.
func TestFramesInPieces(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		sent := framed("ab", "", "c", "the end")
		for cut := 1; cut < len(sent); cut++ {
			a, far := socket.Pair(100)
			p := w.add(a, "")
			var got []string
			p.frame = func(frame []byte) { got = append(got, string(frame)) }
			after(time.Second, far, sent[:cut])
			after(2*time.Second, far, sent[cut:])
			w.serves(3 * time.Second)
			if !t.Equal(fmt.Sprintf("four frames of %d bytes together, cut after %d", len(sent), cut), got, []string{"ab", "", "c", "the end"}) {
				return
			}
		}
		a, far := socket.Pair(1)
		w.add(a, "a")
		w.start = time.Now()
		for i, b := range framed("xy", "", "z") {
			after(time.Duration(i+1)*time.Second, far, []byte{b})
		}
		w.serves(20 * time.Second)
		w.reads("what comes of three frames, one byte a second", `4s a gets "xy"`, `6s a gets ""`, `9s a gets "z"`)
	})
}

// TestALongFrame checks that a frame may be longer than one read, and that its length has two bytes, the higher one first.
func TestALongFrame(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(100_000)
		p := w.add(a, "a")
		long := strings.Repeat("0123456789", 6553) + "abcde"
		p.frame = func(frame []byte) {
			t.True("the frame is what was sent", string(frame) == long || string(frame) == "short")
		}
		after(time.Second, far, framed("short", long, "short"))
		w.serves(2 * time.Second)
		w.reads("what is called", `1s a gets "short"`, "1s a gets 65535 bytes", `1s a gets "short"`)
	})
}

// TestFramesBelongToTheProtocol checks that a frame which a protocol keeps is not overwritten by what comes later, and that what it writes into one harms no other.
func TestFramesBelongToTheProtocol(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(100)
		p := w.add(a, "")
		var kept [][]byte
		p.frame = func(frame []byte) {
			kept = append(kept, frame)
			_ = append(frame, "!!!!!!!!!!"...)
		}
		after(time.Second, far, framed("one", "two", "three"))
		after(2*time.Second, far, framed("four", "five", "six"))
		w.serves(3 * time.Second)
		t.Equal("the frames that were kept", string(bytes.Join(kept, []byte(" "))), "one two three four five six")
	})
}

// TestNobodyWaitsForWhoSendsMuch checks that a connection is read once in a turn, at most ReadSize bytes, so that others come in between.
func TestNobodyWaitsForWhoSendsMuch(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(100)
		b, farB := socket.Pair(100)
		w.add(a, "a")
		w.add(b, "b")
		_, _ = farA.Write(framed("a-first-", "a-second", "a-third-", "a-fourth", "a-fifth-")) // ten bytes each
		_, _ = farB.Write(framed("b-first-", "b-second"))
		w.serves(time.Second)
		w.reads("the order of the frames", `a gets "a-first-"`, `b gets "b-first-"`, `a gets "a-second"`, `a gets "a-third-"`, `b gets "b-second"`, `a gets "a-fourth"`, `a gets "a-fifth-"`)
	})
}

// TestWrite checks that Write sends at once what goes, as two bytes of length and the frame, also before Run.
func TestWrite(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(1000)
		p := w.add(a, "a")
		p.transport.Write([]byte("early"))
		t.Equal("what the peer finds after a Write before Run", string(take(far, 100)), string(framed("early")))
		p.frame = func(frame []byte) {
			p.transport.Write(frame)
			p.transport.Write(nil)
			t.Equal("how many bytes the peer finds when Write has returned", far.Unread(), 308)
		}
		_, _ = far.Write(framed(strings.Repeat("long", 76))) // 304 bytes
		w.serves(time.Second)
		w.reads("what is called", "a gets 304 bytes")
		t.Equal("what the peer finds", string(take(far, 1000)), string(framed(strings.Repeat("long", 76), "")))
	})
}

// TestASlowPeerHoldsUpNobody checks that Write does not wait for a peer that never reads, and that the others are served at their moments.
func TestASlowPeerHoldsUpNobody(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		slow, farSlow := socket.Pair(4)
		b, farB := socket.Pair(100)
		lazy, echo := w.add(slow, ""), w.add(b, "b")
		w.unblock = func() { _ = farSlow.Close() }
		echo.frame = func(frame []byte) {
			for range 20 {
				lazy.transport.Write([]byte("news, news, news"))
			}
			echo.transport.Write(frame)
		}
		for i := range 3 {
			after(time.Duration(i+1)*time.Second, farB, framed("ping"))
		}
		w.serves(4 * time.Second)
		w.reads("what is called", `1s b gets "ping"`, `2s b gets "ping"`, `3s b gets "ping"`)
		t.Equal("what the one who reads finds", string(take(farB, 100)), string(framed("ping", "ping", "ping")))
		t.Equal("how many bytes there are for the one who does not", farSlow.Unread(), 4)
	})
}

// TestWriteInPieces checks that nothing is lost, doubled or put in another order where a peer reads a few bytes at a time, and that a frame belongs to the caller again when Write returns.
func TestWriteInPieces(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(5)
		p := w.add(a, "")
		frame := make([]byte, 7)
		var want []byte
		for i := range 6 {
			copy(frame, fmt.Sprintf("frame %d", i))
			want = append(want, framed(string(frame))...)
			p.transport.Write(frame)
			copy(frame, "garbage")
		}
		r := reads(far, 3)
		w.serves(30 * time.Second)
		got, _ := r.all()
		t.Equal("what a peer gets that reads three bytes a second", string(got), string(want))
	})
}

// TestTheMarks checks that PauseWriting is called when more than HighWater bytes are left in the buffer, and ResumeWriting when LowWater or less are.
func TestTheMarks(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(10)
		p := w.add(a, "a")
		p.transport.Write(make([]byte, 8))
		p.transport.Write(make([]byte, 62))
		w.reads("what is called with 64 bytes in the buffer")
		p.transport.Write(nil)
		w.reads("what is called with 66", "a is to pause")
		p.transport.Write(make([]byte, 28))
		w.reads("what is called with 96, after it was told to pause")
		for i, n := range []int{10, 10, 10, 10, 10, 10, 10, 9, 1, 10} { // leaves 86, 76, … 26, 17, 16 and 6
			time.AfterFunc(time.Duration(i+1)*time.Second, func() { take(far, n) })
		}
		w.serves(20 * time.Second)
		w.reads("what is called while the peer reads, which leaves 17 bytes after eight seconds and 16 after nine", "9s a may go on")

		b, _ := socket.Pair(10)
		q := w.add(b, "b")
		q.transport.Write(make([]byte, 73)) // a buffer that comes to 65 at once
		w.reads("what is called before Write returns, with 65 bytes left", "20s b is to pause")
		c, _ := socket.Pair(80)
		w.add(c, "c").transport.Write(make([]byte, 78))
		w.reads("what is called where a long frame goes at once")
	})
}

// TestWriteWhenResumed checks that ResumeWriting may write, so much that it is paused again, and that all of it goes.
func TestWriteWhenResumed(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(10)
		p := w.add(a, "a")
		var want []byte
		rounds := 0
		p.resume = func() {
			if rounds++; rounds <= 2 {
				frame := strings.Repeat(fmt.Sprint(rounds), 88)
				want = append(want, framed(frame)...)
				p.transport.Write([]byte(frame))
			}
		}
		first := strings.Repeat("0", 88)
		want = append(want, framed(first)...)
		p.transport.Write([]byte(first))
		r := reads(far, 90) // ten bytes a second
		w.serves(time.Minute)
		// 80 bytes are left, ten go each second: 10 after seven, and 100 with the next frame.
		w.reads("what is called", "a is to pause", "7s a may go on", "7s a is to pause", "16s a may go on", "16s a is to pause", "25s a may go on")
		got, _ := r.all()
		t.Equal("what the peer gets", string(got), string(want))

		b, far := socket.Pair(100)
		q := w.add(b, "b")
		q.resume = func() {
			if q.resume = nil; far.Unread() == 100 {
				q.transport.Write(make([]byte, 198)) // into a buffer that has just become empty
			}
		}
		q.transport.Write(make([]byte, 98))
		q.transport.Write(make([]byte, 98))
		w.start = time.Now()
		w.said = nil
		r = reads(far, 100)
		w.serves(10 * time.Second)
		w.reads("what is called where all goes, and ResumeWriting writes more", "1s b may go on", "1s b is to pause", "3s b may go on")
		got, _ = r.all()
		t.Equal("how many bytes the peer gets", len(got), 400)
	})
}

// TestCloseWhenResumed checks that ResumeWriting may close its transport, with something in the buffer and with nothing.
func TestCloseWhenResumed(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(10)
		b, farB := socket.Pair(100)
		p, q := w.add(a, "a"), w.add(b, "b")
		p.resume, q.resume = p.transport.Close, q.transport.Close
		p.transport.Write(make([]byte, 88))
		q.transport.Write(make([]byte, 98))
		q.transport.Write(make([]byte, 98))
		r := reads(farA, 10)
		time.AfterFunc(2*time.Second, func() { take(farB, 100) })
		w.serves(20 * time.Second)
		w.reads("what is called", "a is to pause", "b is to pause", "2s b may go on", "2s b is lost", "7s a may go on", "8s a is lost")
		got, err := r.all()
		t.Equal("how many bytes the peer of a gets", len(got), 90)
		t.ErrorIs("what it reads then", err, io.EOF)
		t.Equal("how many bytes are there for the peer of b", farB.Unread(), 100)
		t.Equal("what the selector is asked for then", w.selector.Registered(b), socket.Event(0))
	})
}

// TestTheSelectorIsNotPestered checks that the reactor waits in the selector, once in a turn, and asks it for a writable connection only while there is something to write.
func TestTheSelectorIsNotPestered(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(10)
		p := w.add(a, "a")
		after(time.Second, far, framed("x"))
		w.serves(10 * time.Second)
		t.Equal("how often Select is called in ten seconds in which two frames come, in two turns", w.selector.Selects(), 2)
		t.Equal("what the selector is asked for where there is nothing to write", w.selector.Registered(a), socket.Readable)
		p.transport.Write(make([]byte, 18))
		t.Equal("what it is asked for with something in the buffer", w.selector.Registered(a), socket.Readable|socket.Writable)
		w.start = time.Now()
		time.AfterFunc(time.Second, func() { take(far, 10) })
		before := w.selector.Selects()
		w.serves(10 * time.Second)
		t.Equal("how often Select is called in ten seconds in which a connection is writable once, and a frame comes", w.selector.Selects()-before, 2)
		t.Equal("what it is asked for when all is written", w.selector.Registered(a), socket.Readable)
	})
}

// TestClose checks that what was written before Close still goes, that nothing is read or written after it, and that the connection is lost then, without an error.
func TestClose(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(10)
		p := w.add(a, "a")
		p.frame = func([]byte) {
			p.transport.Write([]byte("the last words"))
			p.transport.Close()
			p.transport.Write([]byte("too late"))
			p.transport.Close()
			w.say("Close has returned")
		}
		_, _ = far.Write(framed("go", "not"))
		after(time.Second, far, framed("never"))
		r := reads(far, 4)
		w.serves(10 * time.Second)
		// 16 bytes, of which 10 go at once, 4 after a second and 2 after another one.
		w.reads("what is called", `a gets "go"`, "Close has returned", "2s a is lost")
		got, err := r.all()
		t.Equal("what the peer gets", string(got), string(framed("the last words")))
		t.ErrorIs("what it reads then", err, io.EOF)
		t.True("the connection is closed", a.Closed())
	})
}

// TestCloseWithNothingToWrite checks that a connection without anything in its buffer is closed at once, and its protocol told once, in the same turn, also where Close was called before Run.
func TestCloseWithNothingToWrite(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(10)
		b, farB := socket.Pair(10)
		p, q := w.add(a, "a"), w.add(b, "b")
		p.frame = func([]byte) { p.transport.Close(); t.True("the connection is closed when Close returns", a.Closed()) }
		_, _ = farA.Write(framed("go", "not"))
		q.transport.Close()
		w.reads("what is called in Close")
		t.Equal("what the selector is asked for then", w.selector.Registered(b), socket.Event(0))
		_, err := farB.Read(make([]byte, 1))
		t.ErrorIs("what the peer reads", err, io.EOF)
		w.serves(time.Second)
		w.reads("what is called", `a gets "go"`, "b is lost", "a is lost")

		c, _ := socket.Pair(10)
		z := w.add(c, "c")
		z.transport.Write(make([]byte, 80))
		w.reads("what is called", "1s c is to pause")
		z.transport.Close()
		t.True("a connection with something in its buffer is open", !c.Closed())
		t.Equal("what the selector is asked for when Close has returned", w.selector.Registered(c), socket.Writable)

		d, _ := socket.Pair(10)
		last := w.add(d, "d")
		last.lost = func(error) { w.Stop() }
		last.transport.Close()
		done := make(chan struct{})
		go func() { defer close(done); w.Run() }()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("a connection was closed before Run, and a minute later its protocol has not been told")
		}
		w.reads("what is called where one was closed before Run, and nothing else happens", "1s d is lost")
	})
}

// TestCloseKeepsItsProtocolQuiet checks that a protocol whose transport is closing is not told to go on, nor that it may.
func TestCloseKeepsItsProtocolQuiet(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(10)
		p := w.add(a, "a")
		p.transport.Write(make([]byte, 88))
		p.transport.Close()
		r := reads(far, 10)
		w.serves(time.Minute)
		w.reads("what is called where 80 bytes are to go, ten a second", "a is to pause", "8s a is lost")
		got, err := r.all()
		t.Equal("how many bytes the peer gets", len(got), 90)
		t.ErrorIs("what it reads then", err, io.EOF)
	})
}

// TestCloseOfAnother checks that a protocol may close a connection that is to be served in the same turn: nothing of that is read, and it is told once.
func TestCloseOfAnother(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(100)
		b, farB := socket.Pair(100)
		c, farC := socket.Pair(10)
		p, q, r := w.add(a, "a"), w.add(b, "b"), w.add(c, "c")
		r.transport.Write(make([]byte, 18))
		p.frame = func([]byte) { q.transport.Close(); r.transport.Close() }
		for _, far := range []*socket.Conn{farB, farC, farA} {
			_, _ = far.Write(framed("x"))
		}
		take(farC, 5) // so that c is readable and writable
		w.serves(time.Second)
		w.reads("what is called where all three are ready, and the first closes the others", `a gets "x"`, "b is lost")
		t.Equal("what the selector is asked for, of the one that is closing", w.selector.Registered(c), socket.Writable)
		t.Equal("how much of what is left has gone", farC.Unread(), 10)
		take(farC, 10)
		w.serves(time.Second)
		w.reads("what is called when all is written", "1s c is lost")
	})
}

// TestTheEnd checks that the frames before the end of a connection are served, that one in the middle of a frame is an error, and that everything is put away.
func TestTheEnd(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		for what, c := range map[string]struct {
			sent []byte
			want []string
		}{
			"nothing was sent":           {nil, []string{"a is lost"}},
			"a frame was sent":           {framed("this is a long one, twenty-nine"), []string{`a gets 31 bytes`, "a is lost"}},
			"two frames were sent":       {framed("one", "two"), []string{`a gets "one"`, `a gets "two"`, "a is lost"}},
			"half a length was sent":     {[]byte{0, 1, 'x', 0}, []string{`a gets "x"`, "a is lost: unexpected EOF"}},
			"a length was sent":          {[]byte{0, 1}, []string{"a is lost: unexpected EOF"}},
			"a piece of frame was sent":  {[]byte{0, 3, 'x', 'y'}, []string{"a is lost: unexpected EOF"}},
			"an empty frame was sent":    {[]byte{0, 0}, []string{`a gets ""`, "a is lost"}},
			"a frame and more were sent": {[]byte{0, 0, 0, 2, 'z'}, []string{`a gets ""`, "a is lost: unexpected EOF"}},
		} {
			a, far := socket.Pair(100)
			w.start = time.Now()
			p := w.add(a, "a")
			p.lost = func(err error) {
				if err != nil {
					t.ErrorIs("the error of ConnectionLost", err, io.ErrUnexpectedEOF)
				}
			}
			_, _ = far.Write(c.sent)
			_ = far.Close()
			w.serves(time.Second)
			w.reads("what is called where the peer closes, and "+what, c.want...)
			t.True("the connection is closed here too", a.Closed())
			t.Equal("what the selector is asked for then", w.selector.Registered(a), socket.Event(0))
			p.transport.Write([]byte("x"))
			p.transport.Close()
			w.start = time.Now()
			w.serves(time.Second)
			w.reads("what is called afterwards, whatever the protocol does")
		}
	})
}

// TestABrokenPipe checks that a Write or the end of one that fails ends the connection, with its error, once, and that what has come is dropped.
func TestABrokenPipe(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(100)
		b, farB := socket.Pair(10)
		p, q := w.add(a, "a"), w.add(b, "b")
		p.frame = func([]byte) {
			_ = far.Close()
			p.transport.Write([]byte("x"))
			p.transport.Write(make([]byte, 100))
			t.True("the connection is closed when Write returns", a.Closed())
			w.say("Write has returned")
		}
		_, _ = far.Write(framed("go", "not", "nor this one"))
		q.transport.Write(make([]byte, 88))
		q.transport.Close()
		time.AfterFunc(time.Second, func() { _ = farB.Close() })
		w.serves(2 * time.Second)
		w.reads("what is called", "b is to pause", `a gets "go"`, "Write has returned", "a is lost: broken pipe", "1s b is lost: broken pipe")

		c, farC := socket.Pair(10)
		w.start = time.Now()
		z := w.add(c, "c")
		z.transport.Write(make([]byte, 18)) // not closing: it waits for both
		_, _ = farC.Write(framed("unread"))
		_ = farC.Close()
		w.serves(time.Second)
		w.reads("what is called where the end and a frame are there, and something is to be written first", "c is lost: broken pipe")
	})
}

// TestLostFromOutside checks that ConnectionLost is not called from inside of Write, and that who is lost before Run is told in its first turn, which does not wait.
func TestLostFromOutside(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(10)
		b, _ := socket.Pair(10)
		p, q := w.add(a, "a"), w.add(b, "b")
		q.transport.Close()
		_ = farA.Close()
		p.transport.Write([]byte("x"))
		w.reads("what is called before Run")
		told := 0
		tell := func(error) {
			if told++; told == 2 {
				w.Stop()
			}
		}
		p.lost, q.lost = tell, tell
		done := make(chan struct{})
		go func() { defer close(done); w.Run() }()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("two connections were lost before Run, and a minute later not both of their protocols have been told")
		}
		w.reads("what is called in the first turn, in the order in which they were lost", "b is lost", "a is lost: broken pipe")
	})
}

// TestTimers checks that timers come at their moments, in their order, and those with the same moment in the order in which they were asked for.
func TestTimers(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		timer := func(d time.Duration, name string) *reactor.Timer { return w.CallLater(d, func() { w.say("%s", name) }) }
		timer(3*time.Second, "third")
		timer(time.Second, "first")
		timer(2*time.Second, "second")
		timer(2*time.Second, "second, too")
		timer(0, "at once")
		cancelled := timer(1500*time.Millisecond, "never: cancelled")
		w.CallLater(1200*time.Millisecond, func() {
			cancelled.Cancel()
			cancelled.Cancel()
			timer(100*time.Millisecond, "asked for by a timer")
		})
		var later *reactor.Timer
		w.CallLater(4*time.Second, func() { w.say("cancels the other one of the same moment"); later.Cancel() })
		later = timer(4*time.Second, "never: cancelled in its turn")
		w.CallLater(5*time.Second, func() { w.say("stops"); w.Stop() })
		timer(5*time.Second, "of the turn that stops")
		timer(6*time.Second, "of the next Run")
		run := func() {
			done := make(chan struct{})
			go func() { defer close(done); w.Run() }()
			select {
			case <-done:
			case <-time.After(time.Minute):
				w.mu.Lock()
				defer w.mu.Unlock()
				t.Fatalf("a timer that calls Stop has not done so a minute later; what was called until then: %s", strings.Join(w.said, "; "))
			}
		}
		run()
		w.reads("what is called", "at once", "1s first", "1.3s asked for by a timer", "2s second", "2s second, too", "3s third", "4s cancels the other one of the same moment", "5s stops", "5s of the turn that stops")
		time.Sleep(3 * time.Second)
		timer(-time.Second, "overdue by less")
		w.CallLater(0, w.Stop)
		run()
		w.reads("what is called by a second Run, three seconds later", "8s of the next Run", "8s overdue by less")
	})
}

// TestTimersAndConnections checks that neither holds up the other: timers without a delay, one after another, leave time to read, and a turn serves connections first.
func TestTimersAndConnections(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, far := socket.Pair(100)
		p := w.add(a, "a")
		n := 0
		var again func()
		again = func() {
			w.say("timer %d", n)
			if n++; n < 5 {
				w.CallLater(0, again)
			}
		}
		w.CallLater(0, again)
		never := w.CallLater(0, func() { w.say("never: cancelled in this turn") })
		p.frame = func(frame []byte) { never.Cancel() }
		_, _ = far.Write(framed("0123456789", "0123456789", "0123456789")) // three reads: one frame, one, one
		w.CallLater(2*time.Second, func() { w.say("a timer in between") })
		w.serves(3 * time.Second)
		w.reads("what is called", `a gets "0123456789"`, "timer 0", `a gets "0123456789"`, "timer 1", `a gets "0123456789"`, "timer 2", "timer 3", "timer 4", "2s a timer in between")
	})
}

// TestStopEndsTheTurn checks that the turn in which Stop is called is finished, and the next one is not begun.
func TestStopEndsTheTurn(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(100)
		b, farB := socket.Pair(100)
		p, q := w.add(a, "a"), w.add(b, "b")
		p.frame = func([]byte) { w.Stop() }
		q.frame = func([]byte) { q.transport.Close() }
		_, _ = farA.Write(framed("0123456789", "0123456789"))
		_, _ = farB.Write(framed("x"))
		w.CallLater(0, func() { w.say("a timer") })
		done := make(chan struct{})
		go func() { defer close(done); w.Run() }()
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatalf("Stop was called by a protocol, and Run has not come back a minute later")
		}
		w.reads("what is called in the turn in which the first one calls Stop", `a gets "0123456789"`, `b gets "x"`, "a timer", "b is lost")
		t.Equal("how many bytes are left for the next turn", a.Unread(), 8)
		t.True("a connection is open after Run", !a.Closed())
	})
}

// TestAddInATurn checks that a protocol may add a connection, which is served from the next turn on, and that one may be added when its place has become free.
func TestAddInATurn(t *testing.T) {
	virtual(t, func(t *lab.T, w *world) {
		a, farA := socket.Pair(100)
		b, farB := socket.Pair(100)
		p := w.add(a, "a")
		_, _ = farB.Write(framed("was there before"))
		p.frame = func([]byte) {
			q := w.add(b, "b")
			q.frame = func(frame []byte) { q.transport.Write(frame) }
			p.transport.Close()
		}
		_, _ = farA.Write(framed("new"))
		w.serves(time.Second)
		w.reads("what is called", `a gets "new"`, "a is lost", `b gets "was there before"`)
		t.Equal("what the peer of the new one gets", string(take(farB, 100)), string(framed("was there before")))
	})
}
