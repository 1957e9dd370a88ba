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
	"errors"
	"fmt"
	"time"
)

var (
	// ErrCancelled is trio.Cancelled.
	ErrCancelled = errors.New("cancelled")
	// ErrClosed is RuntimeError("Nursery is closed to new arrivals").
	ErrClosed = errors.New("the nursery is closed to new arrivals")

	errNotWritten = errors.New("not written yet")
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

// Scope is trio.CancelScope.
type Scope struct {
	// Your fields.
}

// Run runs main in a scope that has none around it, and returns its error. Nobody cancels that scope.
func Run(main func(s *Scope) error) error {
	return errNotWritten
}

// MoveOnAfter is trio.move_on_after, in the scope s. It is given.
func MoveOnAfter(s *Scope, d time.Duration, body func(inner *Scope) error) (caught bool, err error) {
	return s.Open(Options{Deadline: time.Now().Add(d)}, body)
}

// Open runs body in a new scope, inner, directly inside of s, and returns when body has returned.
//
// The error is that of body. But if the cancellation that it tells of is that of inner, and not that of a scope around it, inner
// catches it: everything in the error that is Cancelled is taken out, and the error is what is left, nil if nothing is. Caught
// tells whether something was taken out (cancelled_caught). So a scope that was cancelled too late, when there was no
// checkpoint to come, has caught nothing.
func (s *Scope) Open(o Options, body func(inner *Scope) error) (caught bool, err error) {
	return false, errNotWritten
}

// Cancel cancels the scope. Another time it does nothing. After the scope was left it does nothing either.
func (s *Scope) Cancel() {
}

// Checkpoint returns ErrCancelled where a cancellation is seen, and nil otherwise. It does not wait.
func (s *Scope) Checkpoint() error {
	return errNotWritten
}

// Sleep sleeps for d, not at all if d is zero or less, and returns nil. It returns ErrCancelled as soon as a cancellation is
// seen: at once, where one is already.
func (s *Scope) Sleep(d time.Duration) error {
	return errNotWritten
}

// Nursery is trio.Nursery: tasks that have the same parent.
type Nursery struct {
	// Scope is the scope that all tasks of the nursery run in, and the body too. Whoever cancels it cancels them all.
	Scope *Scope
	// Your fields.
}

// Nursery is trio.open_nursery: it opens a scope directly inside of s, as Open does with the zero Options, and runs body in it.
// It returns when body and all the nursery's tasks have ended, whatever became of them.
//
//   - As soon as body or a task returns an error, whatever it is, the nursery's scope is cancelled, so that the others end too.
//   - The errors of body and of all tasks come together as a *Group, also where there is one only; nil where there is none. Of what
//     is in it the nursery's scope catches what is its own, as with Open.
func (s *Scope) Nursery(body func(n *Nursery) error) error {
	return errNotWritten
}

// Start is start_soon: it starts a task of the nursery, and does not wait for it. The task runs in the nursery's scope, wherever
// Start is called: the scopes that the caller is in are not the task's. Tasks may start more tasks. In a nursery that is
// cancelled a task is started as well, and learns of it at its first checkpoint. When body and all the tasks have ended, the
// nursery is closed, and Start returns ErrClosed.
func (n *Nursery) Start(task func(s *Scope) error) error {
	return errNotWritten
}
