//kata:wrong kind=wrong  is completed when the value after the last one comes

// Package observable is an exercise: RxPY's Observable, a stream of values over time, and operators that make streams of streams.
//
// Rules for the whole package:
//   - The contract: an observer gets any number of Next, then at most one Error or Completed, and after that nothing. Its
//     functions are not called by two at the same time. They may be nil, which is one that does nothing.
//   - Nothing happens before Subscribe. An Observable is cold: each Subscribe begins the source anew, for itself. What Publish
//     makes is hot: one run of the source, for all who are there at that moment.
//   - A subscription is over when Error or Completed has come, or when it was disposed of. Then everything upstream of it
//     that is for it alone is disposed of too, at once: the sources' disposed channels are closed, all of them.
//   - After dispose has returned, or a terminal event was handed on, nothing more is begun to be handed to that observer; only a
//     Next that was on its way just then, on another goroutine, may still come.
//   - Everything may be called by any goroutine, and out of the functions of an observer too: there one may subscribe, dispose, and
//     dispose of oneself. Operators start no goroutines, and wait for nothing.
package observable

import (
	"slices"
	"sync"
)

// Observer is who gets the values. A source calls these functions, in the order of the contract; what it calls too much, after an
// Error or Completed or when it was disposed of, goes nowhere.
type Observer struct {
	Next      func(value any)
	Error     func(err error)
	Completed func()
}

// Source produces values for one observer, on the goroutine of Subscribe, or on some that it starts. When disposed is closed nobody
// listens any more: then it ends.
type Source func(o Observer, disposed <-chan struct{})

// Observable is a stream that one can subscribe to.
type Observable struct{ run func(s *subscription) }

// life is how long a subscription lasts, with all that is upstream of it for it alone.
type life struct {
	disposed chan struct{}

	mu    sync.Mutex
	over  bool
	after []func()
}

func newLife() *life { return &life{disposed: make(chan struct{})} }

// end ends it. It reports whether it had not ended before.
func (l *life) end() bool {
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		return false
	}
	l.over = true
	after := l.after
	l.mu.Unlock()
	close(l.disposed)
	for _, f := range after {
		f()
	}
	return true
}

func (l *life) dispose() { l.end() }

func (l *life) ended() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.over
}

// then has f called when it ends, at once if it has.
func (l *life) then(f func()) {
	l.mu.Lock()
	over := l.over
	if !over {
		l.after = append(l.after, f)
	}
	l.mu.Unlock()
	if over {
		f()
	}
}

// subscription keeps the contract towards one observer.
type subscription struct {
	*life
	observer Observer
}

func subscribe(l *life, o Observer) *subscription { return &subscription{l, o} }

func (s *subscription) next(value any) {
	if !s.ended() && s.observer.Next != nil {
		s.observer.Next(value)
	}
}

func (s *subscription) fail(err error) {
	if s.end() && s.observer.Error != nil {
		s.observer.Error(err)
	}
}

func (s *subscription) complete() {
	if s.end() && s.observer.Completed != nil {
		s.observer.Completed()
	}
}

// with is what is upstream of s: it lasts as long, and handles values in its own way.
func (s *subscription) with(next func(value any)) *subscription {
	return &subscription{s.life, Observer{Next: next, Error: s.observer.Error, Completed: s.observer.Completed}}
}

// Create makes an observable of a source.
func Create(source Source) *Observable {
	return &Observable{func(s *subscription) {
		source(Observer{Next: s.next, Error: s.fail, Completed: s.complete}, s.disposed)
	}}
}

// Subscribe begins the source for this observer.
func (s *Observable) Subscribe(o Observer) (dispose func()) {
	sub := subscribe(newLife(), o)
	s.run(sub)
	return sub.dispose
}

// Map hands on what f makes of each value.
func (s *Observable) Map(f func(value any) (any, error)) *Observable {
	return &Observable{func(sub *subscription) {
		s.run(sub.with(func(value any) {
			if made, err := f(value); err != nil {
				sub.fail(err)
			} else {
				sub.next(made)
			}
		}))
	}}
}

// Filter hands on the values for which keep is true.
func (s *Observable) Filter(keep func(value any) bool) *Observable {
	return &Observable{func(sub *subscription) {
		s.run(sub.with(func(value any) {
			if keep(value) {
				sub.next(value)
			}
		}))
	}}
}

// Take hands on the first n values.
func (s *Observable) Take(n int) *Observable {
	return &Observable{func(sub *subscription) {
		left := n
		if left <= 0 {
			sub.complete()
			return
		}
		s.run(sub.with(func(value any) {
			left--
			if left < 0 {
				sub.complete()
				return
			}
			sub.next(value)
		}))
	}}
}

// FlatMap subscribes to what f makes of each value.
func (s *Observable) FlatMap(f func(value any) *Observable) *Observable {
	return &Observable{func(sub *subscription) {
		m := &merging{to: sub}
		m.add(s, func(value any) { m.add(f(value), m.next) })
	}}
}

// Merge hands on the values of all sources.
func Merge(sources ...*Observable) *Observable {
	return &Observable{func(sub *subscription) {
		m := &merging{to: sub}
		m.open++ // as long as they are being added
		for _, s := range sources {
			m.add(s, m.next)
		}
		m.complete()
	}}
}

// merging lets several streams speak to one observer, one at a time.
type merging struct {
	to *subscription

	mu sync.Mutex
	// waiting is what came while somebody was handing something over: he hands this over too.
	waiting []func()
	handing bool
	// open counts the streams that may still bring something.
	open int
}

// add subscribes to a stream, which lasts no longer than the whole.
func (m *merging) add(s *Observable, next func(value any)) {
	m.mu.Lock()
	m.open++
	m.mu.Unlock()
	l := newLife()
	m.to.then(l.dispose)
	if !l.ended() {
		s.run(subscribe(l, Observer{Next: next, Error: m.fail, Completed: m.complete}))
	}
}

func (m *merging) next(value any) { m.hand(func() { m.to.next(value) }) }
func (m *merging) fail(err error) { m.hand(func() { m.to.fail(err) }) }

func (m *merging) complete() {
	m.mu.Lock()
	m.open--
	last := m.open == 0
	m.mu.Unlock()
	if last {
		m.hand(m.to.complete)
	}
}

// hand has something handed over, by who is at it already if there is somebody. The lock is not held meanwhile, since an observer may do
// what it likes.
func (m *merging) hand(over func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = append(m.waiting, over)
	if m.handing {
		return
	}
	m.handing = true
	for len(m.waiting) > 0 {
		over := m.waiting[0]
		m.waiting = m.waiting[1:]
		m.mu.Unlock()
		over()
		m.mu.Lock()
	}
	m.handing = false
}

// Published is a ConnectableObservable.
type Published struct {
	source *Observable

	mu        sync.Mutex
	observers []*subscription
	// connection is nil where there is none.
	connection *life
	// ended tells a late observer how the source has ended; nil where it has not.
	ended func(s *subscription)
	// counted are the observers of RefCount.
	counted int
}

// Publish makes a hot observable.
func (s *Observable) Publish() *Published { return &Published{source: s} }

// Subscribe adds an observer.
func (p *Published) Subscribe(o Observer) (dispose func()) {
	sub := subscribe(newLife(), o)
	p.add(sub)
	return sub.dispose
}

func (p *Published) add(sub *subscription) {
	p.mu.Lock()
	ended := p.ended
	if ended == nil {
		p.observers = append(p.observers, sub)
	}
	p.mu.Unlock()
	if ended != nil {
		ended(sub)
		return
	}
	sub.then(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		// A new slice: somebody may be going through the old one.
		p.observers = slices.DeleteFunc(slices.Clone(p.observers), func(other *subscription) bool { return other == sub })
	})
}

// Connect begins the source.
func (p *Published) Connect() (disconnect func()) {
	p.mu.Lock()
	if c := p.connection; c != nil {
		p.mu.Unlock()
		return c.dispose
	}
	c := newLife()
	p.connection, p.ended = c, nil
	p.mu.Unlock()
	c.then(func() { p.disconnected(c) })
	p.source.run(subscribe(c, Observer{
		Next: func(value any) {
			for _, sub := range p.present() {
				sub.next(value)
			}
		},
		Error:     func(err error) { p.end(func(s *subscription) { s.fail(err) }) },
		Completed: func() { p.end((*subscription).complete) },
	}))
	return c.dispose
}

func (p *Published) disconnected(c *life) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.connection == c {
		p.connection = nil
	}
}

func (p *Published) present() []*subscription {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.observers
}

// end hands the end of the source to all, and forgets them.
func (p *Published) end(hand func(s *subscription)) {
	p.mu.Lock()
	observers := p.observers
	p.observers, p.ended = nil, hand
	p.mu.Unlock()
	for _, sub := range observers {
		hand(sub)
	}
}

// RefCount connects for the first observer, and disconnects when the last one has gone.
func (p *Published) RefCount() *Observable {
	return &Observable{func(sub *subscription) {
		p.mu.Lock()
		p.counted++
		first := p.counted == 1
		if first {
			p.ended = nil
		}
		p.mu.Unlock()
		p.add(sub)
		if first {
			p.Connect()
		}
		sub.then(func() {
			p.mu.Lock()
			c := p.connection
			if p.counted--; p.counted == 0 {
				p.connection = nil // who comes now connects anew
			}
			last := p.connection == nil
			p.mu.Unlock()
			if last && c != nil {
				c.dispose()
			}
		})
	}}
}
