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

// Compute computes the results of the wanted keys, by counting for each task who needs it and what it misses.
func Compute(tasks []Task, wanted []Key, workers []Worker) (map[Key]Result, error) {
	graph, err := read(tasks, wanted)
	if err != nil {
		return nil, err
	}
	c := &count{nodes: make(map[Key]*node), free: slices.Clone(workers), answers: make(chan answer, len(workers))}
	for k, t := range graph {
		c.nodes[k] = &node{task: t}
	}
	for k, t := range graph {
		for _, in := range t.Inputs {
			if n := c.nodes[in]; !slices.Contains(c.nodes[k].inputs, n) {
				c.nodes[k].inputs = append(c.nodes[k].inputs, n)
				n.users = append(n.users, c.nodes[k])
			}
		}
	}
	results := make(map[Key]Result)
	for _, k := range wanted {
		c.rank(c.nodes[k])
		c.nodes[k].wanted = true
	}
	for _, k := range wanted {
		c.demand(c.nodes[k])
	}
	for {
		c.giveOut()
		if c.busy == 0 {
			break
		}
		c.take(<-c.answers)
	}
	for _, k := range wanted {
		n := c.nodes[k]
		switch {
		case n.fetched:
			results[k] = Result{Value: n.value}
		case n.state == failed:
			results[k] = Result{Err: n.err}
		default:
			results[k] = Result{Err: ErrNoWorker}
		}
	}
	for _, n := range c.nodes {
		if n.state == kept {
			_ = n.holder.Release(n.task.Key)
		}
	}
	return results, nil
}

type state int

const (
	idle state = iota
	waiting
	ready
	running
	kept
	failed
)

type node struct {
	task          Task
	inputs, users []*node
	state         state
	missing, rank int
	holder        Worker
	wanted        bool
	fetched       bool
	value         any
	err           error
}

type answer struct {
	node   *node
	worker Worker
	err    error
}

type count struct {
	nodes   map[Key]*node
	free    []Worker
	busy    int
	ranks   int
	answers chan answer
}

func (c *count) rank(n *node) {
	if n.rank > 0 {
		return
	}
	for _, k := range n.task.Inputs {
		c.rank(c.nodes[k])
	}
	c.ranks++
	n.rank = c.ranks
}

// demand makes sure that a result will be there.
func (c *count) demand(n *node) {
	if n.state != idle {
		return
	}
	n.state, n.missing = waiting, 0
	for _, in := range n.inputs {
		if in.state != kept {
			n.missing++
			c.demand(in)
		}
	}
	if n.missing == 0 {
		n.state = ready
	}
}

func (c *count) giveOut() {
	for len(c.free) > 0 {
		var first *node
		for _, n := range c.nodes {
			if n.state == ready && (first == nil || n.rank < first.rank) {
				first = n
			}
		}
		if first == nil {
			return
		}
		if values, ok := c.values(first); ok {
			w := c.free[0]
			c.free = c.free[1:]
			first.state = running
			c.busy++
			go func() { c.answers <- answer{first, w, w.Run(first.task, values)} }()
		}
	}
}

func (c *count) values(n *node) ([]any, bool) {
	var values []any
	for _, k := range n.task.Inputs {
		in := c.nodes[k]
		v, err := in.holder.Get(k)
		if err != nil {
			c.lose(in.holder)
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

func (c *count) take(a answer) {
	c.busy--
	n := a.node
	if errors.Is(a.err, ErrLost) {
		n.state = idle
		c.lose(a.worker)
		if c.needed(n) {
			c.demand(n)
		} else {
			c.dropInputs(n)
		}
		return
	}
	c.free = append(c.free, a.worker)
	if a.err != nil {
		n.state = idle
		c.fail(n, a.err)
		return
	}
	n.state, n.holder = kept, a.worker
	if n.wanted && !n.fetched {
		v, err := a.worker.Get(n.task.Key)
		if err != nil {
			c.lose(a.worker)
			return
		}
		n.value, n.fetched = v, true
	}
	for _, u := range n.users {
		if u.state == waiting {
			if u.missing--; u.missing == 0 {
				u.state = ready
			}
		}
	}
	c.drop(n)
	c.dropInputs(n)
}

// needed reports whether somebody waits for a result that will be there.
func (c *count) needed(n *node) bool {
	return n.wanted && !n.fetched || slices.ContainsFunc(n.users, func(u *node) bool { return u.state == waiting || u.state == ready })
}

// drop takes back what nobody needs any more: a result, or the plan to compute it.
func (c *count) drop(n *node) {
	if c.needed(n) || slices.ContainsFunc(n.users, func(u *node) bool { return u.state == running }) {
		return
	}
	switch n.state {
	case kept:
		n.state = idle
		if n.holder.Release(n.task.Key) != nil {
			c.lose(n.holder)
		}
	case waiting, ready:
		n.state = idle
		c.dropInputs(n)
	}
}

func (c *count) dropInputs(n *node) {
	for _, in := range n.inputs {
		c.drop(in)
	}
}

func (c *count) fail(n *node, err error) {
	if n.state == kept || n.state == running || n.state == failed || n.fetched {
		return
	}
	n.state, n.err = failed, err
	for _, u := range n.users {
		c.fail(u, err)
	}
	c.dropInputs(n)
}

func (c *count) lose(w Worker) {
	c.free = slices.DeleteFunc(c.free, func(other Worker) bool { return other == w })
	var gone []*node
	for _, n := range c.nodes {
		if n.state == kept && n.holder == w {
			n.state = idle
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		for _, u := range n.users {
			if u.state == waiting || u.state == ready {
				u.state = waiting
				u.missing++
			}
		}
	}
	for _, n := range gone {
		if c.needed(n) {
			c.demand(n)
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
