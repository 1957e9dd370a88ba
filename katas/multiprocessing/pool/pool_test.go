package pool_test

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/multiprocessing/pool"
	"github.com/python-concurrency/kata/katas/sim/process"
)

func TestMain(m *testing.M) {
	process.Main() // in a worker this never returns
	os.Exit(m.Run())
}

// memory is what tasks leave in a worker's memory. A worker needs no lock for it; a pool that runs its tasks here, in
// goroutines, is to be told that, and not of a race of the tests' own.
var memory struct {
	sync.Mutex
	prepared any // what the initializer leaves
	calls    int // how often it was called
}

// remember puts a value there.
func remember(arg any, calls int) {
	memory.Lock()
	defer memory.Unlock()
	memory.prepared = arg
	memory.calls += calls
}

// recall is what is there.
func recall() (prepared any, calls int) {
	memory.Lock()
	defer memory.Unlock()
	return memory.prepared, memory.calls
}

func init() {
	process.Register("square", func(arg any) (any, error) { return arg.(int) * arg.(int), nil })
	process.Register("pid", func(any) (any, error) { return os.Getpid(), nil })
	process.Register("fail odd", func(arg any) (any, error) {
		if n := arg.(int); n%2 == 1 {
			return nil, fmt.Errorf("%d is odd", n)
		}
		return arg, nil
	})
	process.Register("panic", func(arg any) (any, error) { panic(fmt.Sprint("panicked with ", arg)) })
	process.Register("meet", func(any) (any, error) { process.Arrive(); return os.Getpid(), nil })
	process.Register("meet at a multiple", func(arg any) (any, error) {
		if pair := arg.([]int); pair[0]%pair[1] == 0 {
			process.Arrive()
		}
		return os.Getpid(), nil
	})
	process.Register("meet and fail", func(arg any) (any, error) { process.Arrive(); return nil, fmt.Errorf("failed %v", arg) })
	process.Register("prepare", func(arg any) (any, error) { remember(arg, 1); return nil, nil })
	process.Register("cannot prepare", func(any) (any, error) { return nil, errors.New("no") })
	process.Register("panics preparing", func(any) (any, error) { panic("no") })
	process.Register("prepared", func(any) (any, error) {
		process.Arrive()
		prepared, calls := recall()
		return fmt.Sprint(prepared, " ", calls), nil
	})
	process.Register("remember", func(arg any) (any, error) { remember(arg, 0); return nil, nil })
	process.Register("exit", func(arg any) (any, error) { os.Exit(arg.(int)); return nil, nil })
	process.Register("meet and exit", func(arg any) (any, error) {
		process.Arrive()
		if arg.(int) == 0 {
			os.Exit(0)
		}
		select {} // the others never end by themselves
	})
	process.Register("meet for ever", func(any) (any, error) { process.Arrive(); select {} })
	process.Register("unpicklable", func(any) (any, error) { return func() {}, nil })
}

// real runs a test and leaves no process behind whatever comes of it.
func real(t *testing.T, body func(*lab.T)) {
	t.Helper()
	t.Cleanup(process.KillAll)
	lab.Real(t, body)
}

// newPool starts a pool and wants no error.
func newPool(t *lab.T, workers int, o pool.Options) *pool.Pool {
	t.Helper()
	p, err := pool.New(workers, o)
	if !t.ErrorIs("the error of New", err, nil) {
		t.FailNow()
	}
	return p
}

// finish closes a pool, waits for it, and wants nothing left.
func finish(t *lab.T, p *pool.Pool) {
	t.Helper()
	p.Close()
	join(t, p)
}

func join(t *lab.T, p *pool.Pool) {
	t.Helper()
	t.ErrorIs("the error of Join", p.Join(), nil)
	if n := process.Left(); n > 0 {
		t.Leaked(fmt.Sprintf("after Join %d worker processes have not been waited for", n))
	}
}

// meeting lets n tasks in different processes wait for one another; each that comes is told to the runner, so that
// tasks that do not run at the same time are called by that name.
func meeting(t *lab.T, what string, n int) (end func()) {
	t.Helper()
	r := t.Rendezvous(what, n)
	var coming sync.WaitGroup
	left := n
	m, err := process.Meet(n, func() {
		if left--; left >= 0 {
			coming.Go(r.Arrive)
		}
	})
	if err != nil {
		t.Fatalf("the test could not make a meeting: %v", err)
	}
	return func() {
		m.Close()
		coming.Wait()
	}
}

// await waits until n tasks have come, and ends the test if all calls have returned before.
func await(t *lab.T, came <-chan struct{}, n int, calls *sync.WaitGroup) {
	t.Helper()
	returned := make(chan struct{})
	go func() { calls.Wait(); close(returned) }()
	for range n {
		select {
		case <-came:
		case <-returned:
			t.Fatal("the calls have returned, and their tasks never ran")
		}
	}
}

func numbers(n int) []any {
	args := make([]any, n)
	for i := range args {
		args[i] = i
	}
	return args
}

// TestApply checks that one call comes back with its result, from another process.
func TestApply(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 1, pool.Options{})
		got, err := p.Apply("square", 7)
		t.ErrorIs("the error of Apply", err, nil)
		t.Equal("7 squared by a worker", got, 49)
		pid, err := p.Apply("pid", nil)
		t.ErrorIs("the error of Apply", err, nil)
		t.True("a task runs in a process of its own", pid != nil && pid != os.Getpid())
		finish(t, p)
	})
}

// TestMapKeepsTheOrder checks that results come in the order of the arguments, for every size of chunk.
func TestMapKeepsTheOrder(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 3, pool.Options{})
		var want []any
		for i := range 50 {
			want = append(want, i*i)
		}
		for _, chunk := range []int{0, 1, 7, 50, 1000, -1} {
			got, err := p.Map("square", numbers(50), chunk)
			t.ErrorIs(fmt.Sprintf("the error of Map with chunks of %d", chunk), err, nil)
			t.Equal(fmt.Sprintf("the squares of 0 to 49 in chunks of %d", chunk), got, want)
		}
		got, err := p.Map("square", nil, 0)
		t.ErrorIs("the error of Map of nothing", err, nil)
		t.Equal("how many results Map of nothing has", len(got), 0)
		finish(t, p)
	})
}

// TestTasksRunAtTheSameTime checks that four workers run four tasks at once, in four processes: each task waits until all four have started.
func TestTasksRunAtTheSameTime(t *testing.T) {
	real(t, func(t *lab.T) {
		end := meeting(t, "the four tasks", 4)
		p := newPool(t, 4, pool.Options{})
		pids, err := p.Map("meet", numbers(4), 1)
		t.ErrorIs("the error of Map", err, nil)
		different := make(map[any]bool)
		for _, pid := range pids {
			different[pid] = true
		}
		t.Equal("how many processes ran the four tasks", len(different), 4)
		finish(t, p)
		end()
	})
}

// TestCallsRunAtTheSameTime checks that calls from different goroutines share the workers.
func TestCallsRunAtTheSameTime(t *testing.T) {
	real(t, func(t *lab.T) {
		end := meeting(t, "the tasks of three callers", 3)
		p := newPool(t, 3, pool.Options{})
		var callers sync.WaitGroup
		for range 3 {
			callers.Go(func() {
				_, err := p.Apply("meet", nil)
				t.ErrorIs("the error of Apply", err, nil)
			})
		}
		callers.Wait()
		finish(t, p)
		end()
	})
}

// TestAChunkStaysTogether checks that the arguments of one chunk are run by one worker, and different chunks at the same time.
func TestAChunkStaysTogether(t *testing.T) {
	real(t, func(t *lab.T) {
		const size = 4
		end := meeting(t, "the first tasks of three chunks", 3)
		p := newPool(t, 3, pool.Options{})
		var args []any
		for i := range 3 * size {
			args = append(args, []int{i, size})
		}
		pids, err := p.Map("meet at a multiple", args, size)
		t.ErrorIs("the error of Map", err, nil)
		for i, pid := range pids {
			if pid != pids[i-i%size] {
				t.Errorf("with chunks of %d the argument %d was run by another worker than %d, the first of its chunk", size, i, i-i%size)
				break
			}
		}
		finish(t, p)
		end()
	})
}

// TestChunksOfOne checks that with chunks of one neighbours are run by different workers at the same time, however many there are.
func TestChunksOfOne(t *testing.T) {
	real(t, func(t *lab.T) {
		end := meeting(t, "two neighbours of sixteen", 2)
		p := newPool(t, 2, pool.Options{})
		var args []any
		for i := range 16 {
			every := 1
			if i >= 2 {
				every = 1000
			}
			args = append(args, []int{i, every})
		}
		_, err := p.Map("meet at a multiple", args, 1)
		t.ErrorIs("the error of Map", err, nil)
		finish(t, p)
		end()
	})
}

// TestTheDefaultChunk checks that without a size of chunk each worker gets about four chunks: of 24 arguments for two workers, three stay together.
func TestTheDefaultChunk(t *testing.T) {
	real(t, func(t *lab.T) {
		end := meeting(t, "two chunks of the default size", 2)
		p := newPool(t, 2, pool.Options{})
		var args []any
		for i := range 24 {
			every := 3
			if i >= 6 {
				every = 1000
			}
			args = append(args, []int{i, every})
		}
		pids, err := p.Map("meet at a multiple", args, 0)
		t.ErrorIs("the error of Map", err, nil)
		if len(pids) == 24 {
			t.True("the arguments 0 to 2 are one chunk, and 3 to 5 the next, run by another worker at the same time",
				pids[0] == pids[1] && pids[1] == pids[2] && pids[3] == pids[4] && pids[4] == pids[5] && pids[0] != pids[3])
		}
		finish(t, p)
		end()
	})
}

// TestNothingIsShared checks that what a task leaves in its worker's memory is seen neither by the parent nor by another pool.
func TestNothingIsShared(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 1, pool.Options{})
		_, err := p.Apply("remember", 5)
		t.ErrorIs("the error of Apply", err, nil)
		here, _ := recall()
		t.True("the parent does not see it", here == nil)
		finish(t, p)
	})
}

// TestTheInitializerRunsOnceInEachWorker checks that each worker calls the initializer once before its first task.
func TestTheInitializerRunsOnceInEachWorker(t *testing.T) {
	real(t, func(t *lab.T) {
		end := meeting(t, "the three workers", 3)
		p := newPool(t, 3, pool.Options{Initializer: "prepare", InitArg: "ready"})
		got, err := p.Map("prepared", numbers(3), 1)
		t.ErrorIs("the error of Map", err, nil)
		t.Equal("what each worker's initializer left, and how often it ran", got, []any{"ready 1", "ready 1", "ready 1"})
		again, err := p.Apply("prepared", nil)
		t.ErrorIs("the error of Apply", err, nil)
		t.Equal("the same at a second task", again, "ready 1")
		finish(t, p)
		end()
	})
}

// remote holds an error to the exception of a task.
func remote(t *lab.T, what string, err error, function, message string) {
	t.Helper()
	var e *pool.RemoteError
	if !errors.As(err, &e) {
		t.Equal(what, err, &pool.RemoteError{Function: function, Message: message})
		return
	}
	t.Equal(what, *e, pool.RemoteError{Function: function, Message: message})
}

// TestAnExceptionComesBack checks that an error, a panic and an unknown function come back as RemoteError, and that the worker lives on.
func TestAnExceptionComesBack(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 1, pool.Options{})
		before, _ := p.Apply("pid", nil)
		_, err := p.Apply("fail odd", 3)
		remote(t, "the error of a task that fails", err, "fail odd", "3 is odd")
		_, err = p.Apply("panic", "x")
		remote(t, "the error of a task that panics", err, "panic", "panicked with x")
		_, err = p.Apply("nothing of that name", 1)
		remote(t, "the error of a function that is not registered", err, "nothing of that name", `no function "nothing of that name"`)
		after, err := p.Apply("pid", nil)
		t.ErrorIs("the error of a call after three exceptions", err, nil)
		t.Equal("the process of the worker after three exceptions", after, before)
		finish(t, p)
	})
}

// TestMapGivesTheFirstException checks that Map runs everything and returns the exception of the first argument that failed, whichever failed first in time.
func TestMapGivesTheFirstException(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 2, pool.Options{})
		for _, chunk := range []int{1, 3, 10} {
			got, err := p.Map("fail odd", numbers(10), chunk)
			remote(t, fmt.Sprintf("the error of Map with chunks of %d", chunk), err, "fail odd", "1 is odd")
			t.Equal("how many results a failed Map returns", len(got), 0)
		}
		finish(t, p)
		ran := 0
		m, err := process.Meet(1, func() { ran++ })
		if err != nil {
			t.Fatal(err)
		}
		p = newPool(t, 1, pool.Options{})
		_, err = p.Map("meet and fail", numbers(6), 3)
		remote(t, "the error of Map when all fail", err, "meet and fail", "failed 0")
		finish(t, p)
		m.Close()
		t.Equal("how many of six tasks in two chunks ran when all fail", ran, 6)
	})
}

// TestAfterClose checks that Close keeps new calls out and lets those under way finish, that Join asks for Close first, and that both may be repeated.
func TestAfterClose(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 2, pool.Options{})
		t.ErrorIs("the error of Join before Close", p.Join(), pool.ErrNotClosed)
		finish(t, p)
		_, err := p.Apply("square", 1)
		t.ErrorIs("the error of Apply after Close", err, pool.ErrClosed)
		_, err = p.Map("square", numbers(3), 1)
		t.ErrorIs("the error of Map after Close", err, pool.ErrClosed)
		p.Close()
		join(t, p)
	})
}

// TestCloseLetsCallsFinish checks that a call that was under way when the pool was closed gets all its results.
func TestCloseLetsCallsFinish(t *testing.T) {
	real(t, func(t *lab.T) {
		started := make(chan struct{}, 100)
		m, err := process.Meet(2, func() { started <- struct{}{} })
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		p := newPool(t, 1, pool.Options{})
		var caller sync.WaitGroup
		caller.Go(func() {
			pids, err := p.Map("meet", numbers(6), 1)
			t.ErrorIs("the error of a Map that was under way at Close", err, nil)
			t.Equal("how many results it has", len(pids), 6)
		})
		await(t, started, 1, &caller)
		p.Close()
		m.Come() // the first task may go on
		caller.Wait()
		join(t, p)
	})
}

// TestAWorkerThatDiesBreaksThePool checks that a worker that exits in a task gives ErrBroken, for that call and for later ones, whatever its exit code.
func TestAWorkerThatDiesBreaksThePool(t *testing.T) {
	real(t, func(t *lab.T) {
		for _, code := range []int{0, 3} {
			p := newPool(t, 2, pool.Options{})
			_, err := p.Apply("exit", code)
			t.ErrorIs(fmt.Sprintf("the error of a task whose process exits with %d", code), err, pool.ErrBroken)
			_, err = p.Apply("square", 1)
			t.ErrorIs("the error of the next call", err, pool.ErrBroken)
			_, err = p.Map("square", numbers(5), 1)
			t.ErrorIs("the error of the next Map", err, pool.ErrBroken)
			finish(t, p)
		}
	})
}

// TestABreakReachesEveryCall checks that calls with other workers, and calls that still wait for one, get ErrBroken as well: nobody waits for ever.
func TestABreakReachesEveryCall(t *testing.T) {
	real(t, func(t *lab.T) {
		came := make(chan struct{}, 4)
		m, err := process.Meet(4, func() { came <- struct{}{} })
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		p := newPool(t, 3, pool.Options{})
		var callers sync.WaitGroup
		call := func(arg int) {
			callers.Go(func() {
				_, err := p.Apply("meet and exit", arg)
				t.ErrorIs("the error of a call under way when a worker dies", err, pool.ErrBroken)
			})
		}
		call(0)
		call(1)
		call(1)
		await(t, came, 3, &callers) // all three workers are in their tasks
		for range 3 {
			call(1) // these wait for a worker
		}
		callers.Go(func() {
			_, err := p.Map("meet and exit", []any{0, 0, 0, 0}, 1)
			t.ErrorIs("the error of a Map under way when a worker dies", err, pool.ErrBroken)
		})
		m.Come() // the first one now exits
		callers.Wait()
		finish(t, p)
	})
}

// TestAnInitializerThatFails checks that it breaks the pool, whether it returns an error or panics.
func TestAnInitializerThatFails(t *testing.T) {
	real(t, func(t *lab.T) {
		for _, initializer := range []string{"cannot prepare", "panics preparing", "no such function"} {
			p := newPool(t, 2, pool.Options{Initializer: initializer})
			_, err := p.Apply("square", 1)
			t.ErrorIs("the error of a call when the initializer fails ("+initializer+")", err, pool.ErrBroken)
			finish(t, p)
		}
	})
}

// TestTerminate checks that it ends workers in the middle of their tasks, that the calls under way and later ones get ErrTerminated, and that it may be repeated.
func TestTerminate(t *testing.T) {
	real(t, func(t *lab.T) {
		started := make(chan struct{}, 10)
		m, err := process.Meet(2, func() { started <- struct{}{} })
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		p := newPool(t, 2, pool.Options{})
		var callers sync.WaitGroup
		for range 4 {
			callers.Go(func() {
				_, err := p.Apply("meet for ever", nil)
				t.ErrorIs("the error of a call under way at Terminate", err, pool.ErrTerminated)
			})
		}
		await(t, started, 2, &callers)
		p.Terminate()
		callers.Wait()
		_, err = p.Apply("square", 1)
		t.ErrorIs("the error of a call after Terminate", err, pool.ErrTerminated)
		join(t, p)
		p.Terminate()
		join(t, p)
	})
}

// TestEndsAtOnce checks that Close, Terminate and Join may be called by many goroutines at the same time.
func TestEndsAtOnce(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 2, pool.Options{})
		var all sync.WaitGroup
		for range 4 {
			all.Go(p.Close)
			all.Go(p.Terminate)
			all.Go(func() {
				if err := p.Join(); err != nil && !errors.Is(err, pool.ErrNotClosed) {
					t.Errorf("the error of Join beside Close: %v", err)
				}
			})
		}
		all.Wait()
		join(t, p)
	})
}

// TestManyCallers checks that results never reach the wrong caller.
func TestManyCallers(t *testing.T) {
	real(t, func(t *lab.T) {
		p := newPool(t, 3, pool.Options{})
		var callers sync.WaitGroup
		for g := range 8 {
			callers.Go(func() {
				for i := range 10 {
					n := 100*g + i
					got, err := p.Apply("square", n)
					if err != nil || got != n*n {
						t.Errorf("Apply(square, %d) is %v, %v, must be %d", n, got, err, n*n)
						return
					}
				}
			})
		}
		callers.Wait()
		finish(t, p)
	})
}
