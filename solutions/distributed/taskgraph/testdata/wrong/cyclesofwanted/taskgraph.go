//kata:wrong kind=wrong  looks for cycles and missing keys only below what is wanted

// Package taskgraph is an exercise: the scheduler of Dask.
package taskgraph

import (
	"errors"
	"fmt"
	"slices"
)

var (
	// ErrCycle says that tasks wait for each other in a circle.
	ErrCycle = errors.New("the graph has a cycle")
	// ErrMissing says that a key is wanted that no task has.
	ErrMissing = errors.New("no task has this key")
	// ErrLost is what a worker answers that is gone.
	ErrLost = errors.New("the worker is lost")
	// ErrNoWorker says that no worker was left.
	ErrNoWorker = errors.New("no worker is left")
)

// Key names a task, and its result.
type Key string

// Task is a node of the graph.
type Task struct {
	Key    Key
	Inputs []Key
}

// Worker runs tasks and keeps their results.
type Worker interface {
	Run(task Task, inputs []any) error
	Get(key Key) (any, error)
	Release(key Key) error
}

// Result is what became of a task that is wanted.
type Result struct {
	Value any
	Err   error
}

// Compute computes the results of the wanted keys. One goroutine has all the books; the others only wait for a worker and
// tell it.
func Compute(tasks []Task, wanted []Key, workers []Worker) (map[Key]Result, error) {
	graph, err := read(tasks, wanted)
	if err != nil {
		return nil, err
	}
	s := &scheduler{
		graph: graph, wanted: wanted, free: slices.Clone(workers),
		results: make(map[Key]Result), held: make(map[Key]Worker), failed: make(map[Key]bool), running: make(map[Key]bool),
		ended: make(chan outcome),
	}
	s.all()
	return s.results, nil
}

// read orders tasks by key and refuses what cannot be computed.
func read(tasks []Task, wanted []Key) (map[Key]Task, error) {
	graph := make(map[Key]Task)
	for _, t := range tasks {
		graph[t.Key] = t
	}
	onTheWay := make(map[Key]bool) // false: left again
	var visit func(k Key) error
	visit = func(k Key) error {
		t, ok := graph[k]
		if !ok {
			return fmt.Errorf("%w: %s", ErrMissing, k)
		}
		if on, seen := onTheWay[k]; on {
			return fmt.Errorf("%w: %s", ErrCycle, k)
		} else if seen {
			return nil
		}
		onTheWay[k] = true
		for _, in := range t.Inputs {
			if err := visit(in); err != nil {
				return err
			}
		}
		onTheWay[k] = false
		return nil
	}
	for _, k := range wanted {
		if err := visit(k); err != nil {
			return nil, err
		}
	}
	return graph, nil
}

type scheduler struct {
	graph   map[Key]Task
	wanted  []Key
	results map[Key]Result
	// held says where a result lies.
	held    map[Key]Worker
	failed  map[Key]bool
	running map[Key]bool
	free    []Worker
	ended   chan outcome
}

// outcome is how a Run ended.
type outcome struct {
	key    Key
	worker Worker
	err    error
}

func (s *scheduler) all() {
	for {
		s.release()
		for ready := s.ready(); len(ready) > 0 && len(s.free) > 0; ready = s.ready() {
			s.begin(s.graph[ready[0]])
		}
		if len(s.running) == 0 {
			break
		}
		s.end(<-s.ended)
	}
	for _, k := range s.wanted {
		if _, have := s.results[k]; !have {
			s.results[k] = Result{Err: ErrNoWorker}
		}
	}
}

// walk goes from the wanted tasks that have no result yet to their inputs, as far as these are not there, and shows each task
// after its inputs.
func (s *scheduler) walk(show func(Task)) {
	seen := make(map[Key]bool)
	var visit func(k Key)
	visit = func(k Key) {
		if seen[k] || s.running[k] || s.held[k] != nil {
			return
		}
		seen[k] = true
		for _, in := range s.graph[k].Inputs {
			visit(in)
		}
		show(s.graph[k])
	}
	for _, k := range s.wanted {
		if _, have := s.results[k]; !have {
			visit(k)
		}
	}
}

// ready are the tasks that could begin, in their order.
func (s *scheduler) ready() (ready []Key) {
	s.walk(func(t Task) {
		if !slices.ContainsFunc(t.Inputs, func(in Key) bool { return s.held[in] == nil }) {
			ready = append(ready, t.Key)
		}
	})
	return ready
}

// release has the workers forget what is no input of anything that runs or will be run.
func (s *scheduler) release() {
	needed := make(map[Key]bool)
	need := func(t Task) {
		for _, in := range t.Inputs {
			needed[in] = true
		}
	}
	s.walk(need)
	for k := range s.running {
		need(s.graph[k])
	}
	for k, w := range s.held {
		if needed[k] {
			continue
		}
		delete(s.held, k)
		if w.Release(k) != nil {
			s.lose(w)
		}
	}
}

// begin gives a task to a worker, unless an input turns out to be lost.
func (s *scheduler) begin(t Task) {
	inputs := make([]any, len(t.Inputs))
	for i, k := range t.Inputs {
		value, err := s.held[k].Get(k)
		if err != nil {
			s.lose(s.held[k])
			return
		}
		inputs[i] = value
	}
	w := s.free[0]
	s.free = s.free[1:]
	s.running[t.Key] = true
	go func() { s.ended <- outcome{t.Key, w, w.Run(t, inputs)} }()
}

// end books how a task ended. A worker that is lost does not get free again.
func (s *scheduler) end(o outcome) {
	delete(s.running, o.key)
	if errors.Is(o.err, ErrLost) {
		return
	}
	if o.err != nil {
		s.fail(o.key, o.err)
	} else if s.fetch(o) {
		s.held[o.key] = o.worker
	} else {
		return
	}
	s.free = append(s.free, o.worker)
}

// fetch gets the value of a task that is done, if it is wanted. It reports false where it is lost.
func (s *scheduler) fetch(o outcome) bool {
	if _, have := s.results[o.key]; have || !slices.Contains(s.wanted, o.key) {
		return true
	}
	value, err := o.worker.Get(o.key)
	if err != nil {
		return false
	}
	s.results[o.key] = Result{Value: value}
	return true
}

// fail gives an error to a task and to all that need it.
func (s *scheduler) fail(k Key, err error) {
	if s.failed[k] || s.held[k] != nil || s.running[k] {
		return
	}
	s.failed[k] = true
	if _, have := s.results[k]; !have && slices.Contains(s.wanted, k) {
		s.results[k] = Result{Err: err}
	}
	for _, t := range s.graph {
		if slices.Contains(t.Inputs, k) {
			s.fail(t.Key, err)
		}
	}
}

// lose forgets a worker and all that it kept.
func (s *scheduler) lose(w Worker) {
	s.free = slices.DeleteFunc(s.free, func(other Worker) bool { return other == w })
	for k, holder := range s.held {
		if holder == w {
			delete(s.held, k)
		}
	}
}
