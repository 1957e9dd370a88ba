//kata:wrong kind=timing  cancels the tasks for a failure of a task, and not for one of the body

// Package nursery is an exercise: trio's cancel scopes and nurseries, that is structured concurrency. A cancel scope is a piece of
// code that can be cancelled as a whole. A nursery is a piece of code that tasks belong to: it is not left before all of them
// have ended.
//
// Rules for the whole package:
//   - A task is a goroutine. Code of a task runs in a scope, which it is handed, and in all scopes around that one.
//   - A scope is cancelled by Cancel or when its deadline comes, once and for all. A cancellation goes inwards: the code of a
//     scope sees it if the scope is cancelled or one around it is, but not through a scope with a shield, which sees its own only.
//   - It is seen at a checkpoint: Checkpoint and Sleep return ErrCancelled there. And it stays: every checkpoint returns
//     ErrCancelled from then on, until the scope is left. Code without a checkpoint sees nothing and runs to its end.
//   - Code that gets ErrCancelled passes it on, after it has cleaned up. The scope that it belongs to catches it: of
//     the scopes that the code sees to be cancelled this is the outermost one.
//   - All methods may be called by any goroutine, at any time. Who waits sleeps, and looks at nothing again and again. Nothing is
//     left behind by a scope that was left.
//
// An error is Cancelled if errors.Is says that it is ErrCancelled. An error that unwraps into several (Group, errors.Join) is
// a group, and each of its parts is looked at by itself, however deep they are nested.
package nursery

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var (
	// ErrCancelled is trio.Cancelled.
	ErrCancelled = errors.New("cancelled")
	// ErrClosed is RuntimeError("Nursery is closed to new arrivals").
	ErrClosed = errors.New("the nursery is closed to new arrivals")
)

// Group is an ExceptionGroup: errors that came together. It is given.
type Group struct{ Errors []error }

func (g *Group) Error() string {
	return fmt.Sprintf("%d errors: %v", len(g.Errors), errors.Join(g.Errors...))
}

// Unwrap makes errors.Is and errors.As look at all of them.
func (g *Group) Unwrap() []error { return g.Errors }

// Options are how a scope is opened. The zero Options are a scope that only Cancel cancels.
type Options struct {
	// Deadline is when the scope gets cancelled by itself; the zero time is never. One in the past cancels it at once.
	Deadline time.Time
	// Shield keeps out the cancellation of the scopes around this one.
	Shield bool
}

// Scope is trio.CancelScope. Its context is done when a cancellation is seen: a context is level-triggered, too.
type Scope struct {
	ctx    context.Context
	cancel context.CancelFunc
}

// Run runs main in a scope that has none around it.
func Run(main func(s *Scope) error) error {
	_, err := (&Scope{ctx: context.Background()}).Open(Options{}, main)
	return err
}

// MoveOnAfter is trio.move_on_after, in the scope s.
func MoveOnAfter(s *Scope, d time.Duration, body func(inner *Scope) error) (caught bool, err error) {
	return s.Open(Options{Deadline: time.Now().Add(d)}, body)
}

// Open runs body in a new scope.
func (s *Scope) Open(o Options, body func(inner *Scope) error) (caught bool, err error) {
	around := s.ctx
	if o.Shield {
		around = context.WithoutCancel(around)
	}
	inner := &Scope{}
	if o.Deadline.IsZero() {
		inner.ctx, inner.cancel = context.WithCancel(around)
	} else {
		inner.ctx, inner.cancel = context.WithDeadline(around, o.Deadline)
	}
	defer inner.cancel()
	err = body(inner)
	if inner.ctx.Err() == nil || around.Err() != nil {
		return false, err
	}
	return catch(err)
}

// catch takes out of an error what is Cancelled.
func catch(err error) (caught bool, rest error) {
	group, ok := err.(interface{ Unwrap() []error })
	if !ok {
		if errors.Is(err, ErrCancelled) {
			return true, nil
		}
		return false, err
	}
	var left []error
	for _, part := range group.Unwrap() {
		c, part := catch(part)
		caught = caught || c
		if part != nil {
			left = append(left, part)
		}
	}
	if !caught {
		return false, err
	}
	return true, together(left)
}

// together is a group of errors, nil where there is none.
func together(all []error) error {
	if len(all) == 0 {
		return nil
	}
	return &Group{Errors: all}
}

// Cancel cancels the scope.
func (s *Scope) Cancel() { s.cancel() }

// Checkpoint returns ErrCancelled where a cancellation is seen.
func (s *Scope) Checkpoint() error {
	if s.ctx.Err() != nil {
		return ErrCancelled
	}
	return nil
}

// Sleep sleeps for d, or until a cancellation is seen.
func (s *Scope) Sleep(d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.ctx.Done():
	}
	return s.Checkpoint()
}

// Nursery is trio.Nursery: tasks that have the same parent.
type Nursery struct {
	Scope *Scope

	mu sync.Mutex
	// running counts the body and the tasks; when it comes to 0 the nursery is closed.
	running int
	errs    []error
	empty   chan struct{}
}

// Nursery is trio.open_nursery.
func (s *Scope) Nursery(body func(n *Nursery) error) error {
	_, err := s.Open(Options{}, func(inner *Scope) error {
		n := &Nursery{Scope: inner, running: 1, empty: make(chan struct{})}
		err := body(n)
		if err != nil {
			n.mu.Lock()
			n.errs = append(n.errs, err)
			n.mu.Unlock()
		}
		n.ended(nil)
		<-n.empty
		return together(n.errs)
	})
	return err
}

// Start starts a task of the nursery.
func (n *Nursery) Start(task func(s *Scope) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.running == 0 {
		return ErrClosed
	}
	n.running++
	go func() { n.ended(task(n.Scope)) }()
	return nil
}

// ended counts one that has ended.
func (n *Nursery) ended(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err != nil {
		n.errs = append(n.errs, err)
		n.Scope.Cancel()
	}
	if n.running--; n.running == 0 {
		close(n.empty)
	}
}
