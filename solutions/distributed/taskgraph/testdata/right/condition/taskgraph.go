// Package taskgraph is an exercise: the scheduler of Dask.
package taskgraph

import (
	"errors"
	"fmt"
	"slices"
	"sync"
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

// Compute computes the results of the wanted keys. Each worker has a goroutine, which takes the next task under the lock.
func Compute(tasks []Task, wanted []Key, workers []Worker) (map[Key]Result, error) {
	graph, err := read(tasks, wanted)
	if err != nil {
		return nil, err
	}
	b := &books{graph: graph, wanted: make(map[Key]bool), order: wanted, nodes: make(map[Key]*node), dead: make(map[Worker]bool)}
	b.changed = sync.NewCond(&b.mu)
	for k := range graph {
		b.nodes[k] = &node{}
	}
	for _, k := range wanted {
		b.wanted[k] = true
	}
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { b.serve(w) })
	}
	all.Wait()
	results := make(map[Key]Result)
	for k := range b.wanted {
		n := b.nodes[k]
		switch {
		case n.fetched:
			results[k] = Result{Value: n.value}
		case n.err != nil:
			results[k] = Result{Err: n.err}
		default:
			results[k] = Result{Err: ErrNoWorker}
		}
	}
	return results, nil
}

type node struct {
	holder  Worker
	running Worker
	err     error
	fetched bool
	value   any
}

type books struct {
	graph   map[Key]Task
	wanted  map[Key]bool
	order   []Key
	mu      sync.Mutex
	changed *sync.Cond
	nodes   map[Key]*node
	dead    map[Worker]bool
}

// serve is the life of a worker's goroutine.
func (b *books) serve(w Worker) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		k, inputs, left := b.next()
		if b.dead[w] || !left {
			b.changed.Broadcast()
			return
		}
		if k == "" {
			b.changed.Wait()
			continue
		}
		b.nodes[k].running = w
		b.mu.Unlock()
		err := w.Run(b.graph[k], inputs)
		b.mu.Lock()
		b.nodes[k].running = nil
		alive := b.book(k, w, err)
		b.tidy()
		b.changed.Broadcast()
		if !alive {
			return
		}
	}
}

// next finds a task to begin. Where something is left to do and nothing can be begun, the key is empty.
func (b *books) next() (Key, []any, bool) {
	for {
		k, left := b.ready()
		if k == "" {
			return "", nil, left
		}
		if inputs, ok := b.inputs(k); ok {
			return k, inputs, true
		}
	}
}

func (b *books) ready() (first Key, left bool) {
	seen := make(map[Key]bool)
	var visit func(k Key)
	visit = func(k Key) {
		n := b.nodes[k]
		if seen[k] || n.holder != nil || n.err != nil {
			return
		}
		seen[k] = true
		if n.running != nil {
			return
		}
		whole := true
		for _, in := range b.graph[k].Inputs {
			visit(in)
			whole = whole && b.nodes[in].holder != nil
		}
		if whole && first == "" {
			first = k
		}
	}
	for _, k := range b.order {
		if n := b.nodes[k]; !n.fetched && n.err == nil {
			left = true
			visit(k)
		}
	}
	for _, n := range b.nodes {
		left = left || n.running != nil
	}
	return first, left
}

func (b *books) inputs(k Key) ([]any, bool) {
	var values []any
	for _, in := range b.graph[k].Inputs {
		holder := b.nodes[in].holder
		if holder == nil {
			return nil, false
		}
		v, err := holder.Get(in)
		if err != nil {
			b.bury(holder)
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

// book writes down how a task ended, and reports whether its worker lives.
func (b *books) book(k Key, w Worker, err error) bool {
	n := b.nodes[k]
	switch {
	case errors.Is(err, ErrLost):
		b.bury(w)
		return false
	case err != nil:
		b.blame(k, err)
		return true
	}
	n.holder = w
	if b.wanted[k] && !n.fetched {
		v, err := w.Get(k)
		if err != nil {
			b.bury(w)
			return false
		}
		n.value, n.fetched = v, true
	}
	return true
}

func (b *books) blame(k Key, err error) {
	n := b.nodes[k]
	if n.err != nil || n.fetched || n.holder != nil || n.running != nil {
		return
	}
	n.err = err
	for _, t := range b.graph {
		if slices.Contains(t.Inputs, k) {
			b.blame(t.Key, err)
		}
	}
}

func (b *books) bury(w Worker) {
	b.dead[w] = true
	for _, n := range b.nodes {
		if n.holder == w {
			n.holder = nil
		}
	}
}

// tidy releases what nobody needs.
func (b *books) tidy() {
	needed, seen := make(map[Key]bool), make(map[Key]bool)
	var visit func(k Key)
	visit = func(k Key) {
		n := b.nodes[k]
		if seen[k] || n.holder != nil || n.err != nil {
			return
		}
		seen[k] = true
		for _, in := range b.graph[k].Inputs {
			needed[in] = true
			if n.running == nil {
				visit(in)
			}
		}
	}
	for k, n := range b.nodes {
		if n.running != nil || b.wanted[k] && !n.fetched {
			visit(k)
		}
	}
	for k, n := range b.nodes {
		if n.holder != nil && !needed[k] {
			holder := n.holder
			n.holder = nil
			if holder.Release(k) != nil {
				b.bury(holder)
				b.tidy()
				return
			}
		}
	}
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
	for _, t := range tasks {
		if err := visit(t.Key); err != nil {
			return nil, err
		}
	}
	for _, k := range wanted {
		if err := visit(k); err != nil {
			return nil, err
		}
	}
	return graph, nil
}
