// Package pool is an exercise: a pool of worker processes. Its interface is multiprocessing.Pool's; what happens when a
// worker dies is taken from concurrent.futures.ProcessPoolExecutor, because multiprocessing.Pool hangs then.
//
// Workers are real operating-system processes: they share no memory with the pool or with one another. All that passes
// between them goes over a pipe, see package process (katas/sim/process). A function is not sent: its name is, and both
// sides look it up (process.Lookup).
//
// # A worker
//
// A worker is a process whose main function is registered under a name (process.RegisterMain, below) and started by that
// name (process.Start). It receives tasks from its process.Conn, runs them, sends back what came of them, and ends when
// Recv fails: then the pool has closed the pipe, or is gone.
//
// An exception of a task is an error that it returns or a value that it panics with; a function that is not registered
// is one as well. It comes back to the caller, and the worker goes on to its next task.
//
// # The death of a worker
//
// A worker that ends in any other way (it is killed, it exits in the middle of a task, its initializer fails) breaks the
// pool: every call that is under way and every later one returns ErrBroken, and the other workers are ended. Nobody waits
// for ever.
package pool

import (
	"errors"

	"github.com/python-concurrency/kata/katas/sim/process"
)

var (
	// ErrClosed is "Pool not running": the pool takes no more tasks.
	ErrClosed = errors.New("pool not running")
	// ErrNotClosed is "Pool is still running": Join before Close or Terminate.
	ErrNotClosed = errors.New("pool is still running")
	// ErrBroken is BrokenProcessPool: a worker ended abruptly.
	ErrBroken = errors.New("a process in the process pool was terminated abruptly")
	// ErrTerminated is what calls get when the pool was terminated.
	ErrTerminated = errors.New("pool terminated")

	errNotWritten = errors.New("not written yet")
)

// RemoteError is an exception of a task, as it comes back from the worker.
type RemoteError struct {
	// Function is the task's name, Message the text of its error or of what it panicked with (as %v prints it).
	Function, Message string
}

func (e *RemoteError) Error() string { return e.Function + ": " + e.Message }

// Options say how a pool's workers begin. The zero Options have no initializer.
type Options struct {
	// Initializer is the name of a function that each worker calls once, with InitArg, before its first task. An
	// initializer that fails ends its worker and so breaks the pool.
	Initializer string
	InitArg     any
}

// Pool is a pool of worker processes. New makes one. It is safe for use by many goroutines.
type Pool struct {
	// Fields are yours to choose.
}

func init() { process.RegisterMain("pool worker", worker) }

// worker is the main function of a worker process: this runs in the child. What it is sent, and what it sends back, are
// types of yours, with exported fields.
func worker(conn *process.Conn) {
}

// New starts that many worker processes, one or more, all at once. If one cannot be started none is left.
func New(workers int, o Options) (*Pool, error) {
	return &Pool{}, nil
}

// Map calls the function for every argument and returns the results in the order of the arguments, whichever worker
// finished first. Arguments go to the workers in chunks of chunkSize, in their order, and the arguments of one chunk are
// all run by the same worker, one after another; with chunkSize zero or less it is so many that each worker gets about
// four chunks. Chunks run at the same time, as many as there are workers.
//
// All arguments are run, also when some fail; then the error is a *RemoteError for the first of them in the order of the
// arguments. Other errors are ErrClosed after Close, ErrBroken, and ErrTerminated.
func (p *Pool) Map(function string, args []any, chunkSize int) ([]any, error) {
	return nil, errNotWritten
}

// Apply calls the function once in some worker and returns its result. Errors are those of Map.
func (p *Pool) Apply(function string, arg any) (any, error) {
	return nil, errNotWritten
}

// Close keeps later calls out; calls that are under way finish, and then the workers end. It does not wait. A second
// Close does nothing.
func (p *Pool) Close() {
}

// Terminate ends the workers at once. Calls that are under way, and later ones, return ErrTerminated, unless the pool was
// broken before. It may be called at any time and more than once.
func (p *Pool) Terminate() {
}

// Join waits until every worker process is gone and waited for (process.Wait), and everything that the pool started in
// the parent has ended. Before Close or Terminate the error is ErrNotClosed, at once. It may be called by many, and again.
func (p *Pool) Join() error {
	return errNotWritten
}
