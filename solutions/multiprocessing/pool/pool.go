// Package pool is a pool of worker processes: multiprocessing.Pool's interface, with what concurrent.futures adds to
// it, that a worker's death breaks the pool instead of hanging it.
package pool

import (
	"errors"
	"fmt"
	"sync"

	"github.com/python-concurrency/kata/katas/sim/process"
)

var (
	// ErrClosed is "Pool not running": the pool takes no more tasks.
	ErrClosed = errors.New("pool not running")
	// ErrNotClosed is "Pool is still running": Join before Close or Terminate.
	ErrNotClosed = errors.New("pool is still running")
	// ErrBroken is BrokenProcessPool: a worker ended abruptly.
	ErrBroken = errors.New("a process in the process pool was terminated abruptly")
	// ErrTerminated is what calls that were under way get when the pool is terminated.
	ErrTerminated = errors.New("pool terminated")
)

// RemoteError is an exception of a task, as it comes back from the worker.
type RemoteError struct {
	// Function is the task's name, Message the text of its error or of what it panicked with.
	Function, Message string
}

func (e *RemoteError) Error() string { return e.Function + ": " + e.Message }

// Options say how a pool's workers begin. The zero Options have no initializer.
type Options struct {
	// Initializer is the name of a function that each worker calls with InitArg before its first task.
	Initializer string
	InitArg     any
}

// Pool is a pool of worker processes. It is safe for use by many goroutines.
type Pool struct {
	workers []*process.Process
	running sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond
	queue   []*job
	closed  bool
	// err is why the pool ended before its time.
	err error
}

// job is one chunk on its way to a worker and back.
type job struct {
	chunk chunk
	done  chan struct{}
	reply reply
	err   error
}

// chunk is what a worker is sent.
type chunk struct {
	Function string
	Args     []any
}

// reply is what it sends back: a value or an exception for each argument.
type reply struct {
	Values     []any
	Exceptions []string
	Failed     []bool
}

func init() { process.RegisterMain("pool worker", worker) }

// New starts the workers.
func New(workers int, o Options) (*Pool, error) {
	p := &Pool{}
	p.changed = sync.NewCond(&p.mu)
	for range workers {
		w, err := process.Start("pool worker")
		if err != nil {
			p.Terminate()
			_ = p.Join()
			return nil, err
		}
		p.workers = append(p.workers, w)
		p.running.Go(func() { p.serve(w, o) })
	}
	return p, nil
}

// serve is the parent's side of one worker.
func (p *Pool) serve(w *process.Process, o Options) {
	defer func() { _ = w.Wait() }()
	defer w.CloseSend()
	_ = w.Send(o) // a worker that is gone already shows at its first chunk
	for {
		j := p.take()
		if j == nil {
			return
		}
		if w.Send(j.chunk) != nil || w.Recv(&j.reply) != nil {
			j.err = p.end(ErrBroken)
		}
		close(j.done)
	}
}

// take waits for the next job. It returns nil when there is none to come.
func (p *Pool) take() *job {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed && p.err == nil {
		p.changed.Wait()
	}
	if p.err != nil || len(p.queue) == 0 {
		return nil
	}
	j := p.queue[0]
	p.queue = p.queue[1:]
	return j
}

// end ends the pool before its time, once, and returns why it ended.
func (p *Pool) end(why error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = why
		for _, j := range p.queue {
			j.err = why
			close(j.done)
		}
		for _, w := range p.workers {
			w.Kill()
		}
		p.changed.Broadcast()
	}
	return p.err
}

// Map calls the function for every argument and returns the results in the order of the arguments.
func (p *Pool) Map(function string, args []any, chunkSize int) ([]any, error) {
	if chunkSize <= 0 {
		chunkSize = max(1, (len(args)+4*len(p.workers)-1)/(4*len(p.workers)))
	}
	var jobs []*job
	for start := 0; start < len(args); start += chunkSize {
		part := args[start:min(start+chunkSize, len(args))]
		jobs = append(jobs, &job{chunk: chunk{Function: function, Args: part}, done: make(chan struct{})})
	}
	if err := p.submit(jobs); err != nil {
		return nil, err
	}
	var values []any
	var first error
	for _, j := range jobs {
		<-j.done
		if j.err != nil {
			return nil, j.err
		}
		for i, failed := range j.reply.Failed {
			if failed && first == nil {
				first = &RemoteError{Function: function, Message: j.reply.Exceptions[i]}
			}
		}
		values = append(values, j.reply.Values...)
	}
	if first != nil {
		return nil, first
	}
	return values, nil
}

func (p *Pool) submit(jobs []*job) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.err != nil:
		return p.err
	case p.closed:
		return ErrClosed
	}
	p.queue = append(p.queue, jobs...)
	p.changed.Broadcast()
	return nil
}

// Apply calls the function once and returns its result.
func (p *Pool) Apply(function string, arg any) (any, error) {
	values, err := p.Map(function, []any{arg}, 1)
	if err != nil {
		return nil, err
	}
	return values[0], nil
}

// Close lets the workers finish what has been submitted and then end.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.changed.Broadcast()
}

// Terminate ends the workers at once.
func (p *Pool) Terminate() {
	_ = p.end(ErrTerminated)
	p.Close()
}

// Join waits until every worker is gone.
func (p *Pool) Join() error {
	p.mu.Lock()
	open := !p.closed
	p.mu.Unlock()
	if open {
		return ErrNotClosed
	}
	p.running.Wait()
	return nil
}

// worker is the main function of a worker process.
func worker(conn *process.Conn) {
	var o Options
	if conn.Recv(&o) != nil {
		return
	}
	if o.Initializer != "" {
		if _, err := call(o.Initializer, o.InitArg); err != nil {
			return // a worker that cannot begin is a worker that is gone
		}
	}
	for {
		var c chunk
		if conn.Recv(&c) != nil {
			return
		}
		r := reply{}
		for _, arg := range c.Args {
			value, err := call(c.Function, arg)
			message := ""
			if err != nil {
				value, message = nil, err.Error()
			}
			r.Values, r.Exceptions, r.Failed = append(r.Values, value), append(r.Exceptions, message), append(r.Failed, err != nil)
		}
		if conn.Send(r) != nil {
			return
		}
	}
}

// call calls a function by name and turns what it panics with into an error.
func call(function string, arg any) (value any, err error) {
	defer func() {
		if exception := recover(); exception != nil {
			err = fmt.Errorf("%v", exception)
		}
	}()
	f, err := process.Lookup(function)
	if err != nil {
		return nil, err
	}
	return f(arg)
}
