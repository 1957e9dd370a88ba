// Package monkey is the reference solution: gevent.monkey, which makes code cooperate that was written to block. It puts other functions
// in the place of those of the standard library, and nobody has to touch the code that calls them.
//
// A hub runs greenlets, one at a time, on one thread. A function that blocks the thread blocks all of them; one that
// cooperates parks its greenlet, and lets the others run meanwhile. Python's modules are objects whose names are bound to
// functions, and a name can be bound anew. That is all that patching is: who asks the module afterwards gets the other
// function, and who has asked before keeps the one that he got.
//
// Rules for the whole package:
//   - Everything is called by the greenlets of the patcher's hub, or while that does not run; so no two calls come at the
//     same time, and your fields need no lock. Only what Apply runs is beside it.
//   - Who waits, waits in Hub.Park, and by nothing else. It costs nothing: it does not look again and again.
package monkey

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

var (
	// ErrAttribute is AttributeError: the module has no such name.
	ErrAttribute = errors.New("the module has no such attribute")
	// ErrUnlocked is RuntimeError("release unlocked lock").
	ErrUnlocked = errors.New("release unlocked lock")
)

// Patcher patches modules for the greenlets of one hub, and knows what it has put away.
type Patcher struct {
	hub *Hub
	// saved is what was bound before the first patch.
	saved map[*Module]map[string]any
}

// New returns a patcher that has patched nothing.
func New(hub *Hub) *Patcher {
	return &Patcher{hub: hub, saved: make(map[*Module]map[string]any)}
}

// Sleep parks the calling greenlet until d has passed.
func (p *Patcher) Sleep(d time.Duration) {
	g := p.hub.Current()
	if d <= 0 {
		g.Wake()
		p.hub.Park()
		return
	}
	due := time.Now().Add(d)
	time.AfterFunc(d, g.Wake)
	for time.Now().Before(due) {
		p.hub.Park()
	}
}

// NewLock returns a lock that parks who waits for it.
func (p *Patcher) NewLock() Lock { return &lock{hub: p.hub} }

type lock struct {
	hub     *Hub
	taken   bool
	waiting []*Greenlet
}

func (l *lock) Acquire() {
	for g := l.hub.Current(); !l.TryAcquire(); {
		if !slices.Contains(l.waiting, g) {
			l.waiting = append(l.waiting, g)
		}
		l.hub.Park()
	}
}

func (l *lock) TryAcquire() bool {
	if l.taken {
		return false
	}
	l.taken = true
	g := l.hub.Current()
	l.waiting = slices.DeleteFunc(l.waiting, func(w *Greenlet) bool { return w == g })
	return true
}

func (l *lock) Release() error {
	if !l.taken {
		return ErrUnlocked
	}
	l.taken = false
	if len(l.waiting) > 0 {
		l.waiting[0].Wake()
	}
	return nil
}

// Apply runs fn beside the greenlets.
func (p *Patcher) Apply(fn func() (any, error)) (value any, err error) {
	g := p.hub.Current()
	done := make(chan struct{})
	go func() {
		defer g.Wake()
		defer close(done)
		value, err = fn()
	}()
	for {
		select {
		case <-done:
			return value, err
		default:
			p.hub.Park()
		}
	}
}

// PatchItem binds a name of a module anew.
func (p *Patcher) PatchItem(m *Module, name string, value any) {
	if old, bound := m.Get(name); bound && !p.IsObjectPatched(m, name) {
		if p.saved[m] == nil {
			p.saved[m] = make(map[string]any)
		}
		p.saved[m][name] = old
	}
	m.Set(name, value)
}

// PatchModule binds these names of a module anew.
func (p *Patcher) PatchModule(m *Module, with map[string]any) error {
	for name := range with {
		if err := has(m, name); err != nil {
			return err
		}
	}
	for name, value := range with {
		p.PatchItem(m, name, value)
	}
	return nil
}

func has(m *Module, name string) error {
	if _, bound := m.Get(name); !bound {
		return fmt.Errorf("%s.%s: %w", m.Name(), name, ErrAttribute)
	}
	return nil
}

// PatchAll makes sleeping and locking cooperative.
func (p *Patcher) PatchAll(timeModule, threadingModule *Module) error {
	if err := has(threadingModule, "Lock"); err != nil {
		return err
	}
	if err := p.PatchModule(timeModule, map[string]any{"sleep": p.Sleep}); err != nil {
		return err
	}
	return p.PatchModule(threadingModule, map[string]any{"Lock": p.NewLock})
}

// GetOriginal returns what a name was bound to before it was patched.
func (p *Patcher) GetOriginal(m *Module, name string) (any, error) {
	if old, patched := p.saved[m][name]; patched {
		return old, nil
	}
	value, _ := m.Get(name)
	return value, has(m, name)
}

// IsObjectPatched reports whether a name of a module has been patched.
func (p *Patcher) IsObjectPatched(m *Module, name string) bool {
	_, patched := p.saved[m][name]
	return patched
}

// Module is a Python module: names that are bound to values. It is given. It belongs to the greenlets of one hub: there is
// nothing in it that keeps others out.
type Module struct {
	name  string
	bound map[string]any
}

// NewModule returns a module with these names bound.
func NewModule(name string, bound map[string]any) *Module {
	return &Module{name: name, bound: maps.Clone(bound)}
}

// Name is the module's own name.
func (m *Module) Name() string { return m.name }

// Get is getattr(m, name). It reports whether the name is bound.
func (m *Module) Get(name string) (any, bool) {
	value, ok := m.bound[name]
	return value, ok
}

// Set is setattr(m, name, value).
func (m *Module) Set(name string, value any) { m.bound[name] = value }

// Lock is a threading.Lock.
type Lock interface {
	// Acquire takes the lock, and waits until it is free.
	Acquire()
	// TryAcquire takes the lock if it is free, and reports whether it was. It does not wait.
	TryAcquire() bool
	// Release frees the lock, whoever has it. The error is ErrUnlocked where nobody has.
	Release() error
}

// TimeModule is the module time, as it is before anybody patches it: its "sleep", a func(time.Duration), blocks the thread,
// and with it every greenlet.
func TimeModule() *Module {
	return NewModule("time", map[string]any{"sleep": time.Sleep, "monotonic": time.Now})
}

// ThreadingModule is the module threading: its "Lock", a func() Lock, makes locks that block the thread, and with it every
// greenlet.
func ThreadingModule() *Module {
	return NewModule("threading", map[string]any{"Lock": func() Lock { return make(blockingLock, 1) }})
}

type blockingLock chan struct{}

func (l blockingLock) Acquire() { l <- struct{}{} }

func (l blockingLock) TryAcquire() bool {
	select {
	case l <- struct{}{}:
		return true
	default:
		return false
	}
}

func (l blockingLock) Release() error {
	select {
	case <-l:
		return nil
	default:
		return ErrUnlocked
	}
}

// Hub lets greenlets run, one at a time. It is given, and knows nothing of modules.
type Hub struct {
	mu      sync.Mutex
	ready   []*Greenlet
	alive   int
	current *Greenlet
	woken   chan struct{}
	back    chan struct{}
}

// Greenlet is a green thread of a hub.
type Greenlet struct {
	hub    *Hub
	queued bool
	ended  bool
	turn   chan struct{}
}

// NewHub returns a hub without greenlets.
func NewHub() *Hub {
	return &Hub{woken: make(chan struct{}, 1), back: make(chan struct{})}
}

// Spawn makes a greenlet that will run fn, after those that are ready already.
func (h *Hub) Spawn(fn func()) *Greenlet {
	g := &Greenlet{hub: h, turn: make(chan struct{})}
	h.mu.Lock()
	h.alive++
	h.mu.Unlock()
	go func() {
		<-g.turn
		fn()
		h.mu.Lock()
		h.alive--
		g.ended = true
		h.mu.Unlock()
		h.back <- struct{}{}
	}()
	g.Wake()
	return g
}

// Run lets the greenlets run until all of them have ended.
func (h *Hub) Run() {
	for {
		h.mu.Lock()
		if len(h.ready) == 0 {
			alive := h.alive
			h.mu.Unlock()
			if alive == 0 {
				return
			}
			<-h.woken
			continue
		}
		g := h.ready[0]
		h.ready = h.ready[1:]
		if g.queued = false; g.ended {
			h.mu.Unlock()
			continue
		}
		h.current = g
		h.mu.Unlock()
		g.turn <- struct{}{}
		<-h.back
	}
}

// Current is the greenlet that runs. It is asked by a greenlet of the hub.
func (h *Hub) Current() *Greenlet {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.current
}

// Park lets the others run, and returns when the calling greenlet has been woken and its turn has come. If it was woken
// before, it only waits for its turn. It says nothing of who woke it, or why: look whether what you wait for is there, and
// park again if it is not.
func (h *Hub) Park() {
	g := h.Current()
	h.back <- struct{}{}
	<-g.turn
}

// Wake makes a greenlet ready to go on. Anybody may call it, at any time, a timer or another thread as well. It waits for
// nobody. A greenlet that is ready already stays where it is in the queue, and one
// that has ended is not woken.
func (g *Greenlet) Wake() {
	h := g.hub
	h.mu.Lock()
	if !g.queued && !g.ended {
		g.queued = true
		h.ready = append(h.ready, g)
	}
	h.mu.Unlock()
	select {
	case h.woken <- struct{}{}:
	default:
	}
}
