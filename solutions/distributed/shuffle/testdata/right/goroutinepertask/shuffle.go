// Package shuffle has a goroutine for each task, which sees to its inputs first, then takes an executor out of a channel,
// and tries again until it is done.
package shuffle

import (
	"errors"
	"slices"
	"sync"
)

var (
	// ErrLost is what an executor answers that is lost, with all that it kept. It may be wrapped.
	ErrLost = errors.New("the executor is lost")
	// ErrNoExecutor says that something could not be computed because no executor was left.
	ErrNoExecutor = errors.New("no executor is left")
)

// Pair is an element of an RDD.
type Pair struct {
	Key   string
	Value any
}

// Both is the value of a pair that Join makes.
type Both struct{ Left, Right any }

// PartitionOf says to which of n partitions a key belongs. It is given.
func PartitionOf(key string, n int) int {
	h := uint32(2166136261) // FNV-1a
	for _, b := range []byte(key) {
		h = (h ^ uint32(b)) * 16777619
	}
	return int(h % uint32(n))
}

// Block names a part of the output of a map task: what partition Reduce of a shuffle needs of partition Map of its parent.
type Block struct{ Shuffle, Map, Reduce int }

// Executor runs tasks and keeps blocks.
type Executor interface {
	Run(task func() error) error
	Put(block Block, pairs []Pair) error
	Get(block Block) ([]Pair, error)
}

// Context is a SparkContext: the driver of a program, with its executors.
type Context struct {
	// free are the executors that have nothing to do; none is closed when there is none any more.
	free chan Executor
	none chan struct{}

	mu    sync.Mutex
	alive int
	lost  map[Executor]bool
	// shuffles counts them.
	shuffles int
}

// RDD says how its partitions are computed.
type RDD struct {
	context    *Context
	partitions int
	// keyed says that the partitions are those of the keys.
	keyed bool
	deps  []dependency
	// compute makes a partition out of what each of the dependencies gives for it.
	compute func(partition int, inputs [][]Pair) []Pair
}

// dependency is a narrow one on the same partition of the parent, or with a shuffle a wide one.
type dependency struct {
	parent *RDD
	*shuffle
}

// shuffle is what a wide dependency has put where.
type shuffle struct {
	id      int
	reduces int
	// combine merges what it can within the output of a map task.
	combine func([]Pair) []Pair
	// busy is held by who sees to it that all is there.
	busy chan struct{}
	// at is who keeps the output of each map task, nil: nobody. The context's lock guards it.
	at []Executor
}

// task is a map task of a shuffle, or without one a task of what Collect wants.
type task struct {
	rdd       *RDD
	shuffle   *shuffle
	partition int
}

// NewContext returns a context with these executors.
func NewContext(executors ...Executor) *Context {
	c := &Context{free: make(chan Executor, len(executors)), none: make(chan struct{}), alive: len(executors), lost: make(map[Executor]bool)}
	for _, e := range executors {
		c.free <- e
	}
	if len(executors) == 0 {
		close(c.none)
	}
	return c
}

// Parallelize returns an RDD with these partitions.
func (c *Context) Parallelize(partitions ...[]Pair) *RDD {
	return &RDD{context: c, partitions: len(partitions), compute: func(p int, _ [][]Pair) []Pair { return partitions[p] }}
}

// Map returns an RDD of what f makes of each pair.
func (r *RDD) Map(f func(Pair) Pair) *RDD {
	return &RDD{context: r.context, partitions: r.partitions, deps: []dependency{{parent: r}}, compute: func(_ int, inputs [][]Pair) (out []Pair) {
		for _, p := range inputs[0] {
			out = append(out, f(p))
		}
		return out
	}}
}

// MapValues returns an RDD in which f has been applied to each value.
func (r *RDD) MapValues(f func(value any) any) *RDD {
	mapped := r.Map(func(p Pair) Pair { return Pair{p.Key, f(p.Value)} })
	mapped.keyed = r.keyed
	return mapped
}

// by returns a dependency on r, partitioned by its keys into n.
func (r *RDD) by(n int, combine func([]Pair) []Pair) dependency {
	if r.keyed && r.partitions == n {
		return dependency{parent: r}
	}
	r.context.shuffles++
	return dependency{r, &shuffle{r.context.shuffles, n, combine, make(chan struct{}, 1), make([]Executor, r.partitions)}}
}

// ReduceByKey returns an RDD with one pair for each key.
func (r *RDD) ReduceByKey(f func(a, b any) any, n int) *RDD {
	merge := func(pairs []Pair) (out []Pair) {
		at := make(map[string]int)
		for _, p := range pairs {
			if i, is := at[p.Key]; is {
				out[i].Value = f(out[i].Value, p.Value)
				continue
			}
			at[p.Key] = len(out)
			out = append(out, p)
		}
		return out
	}
	return &RDD{context: r.context, partitions: n, keyed: true, deps: []dependency{r.by(n, merge)},
		compute: func(_ int, inputs [][]Pair) []Pair { return merge(inputs[0]) }}
}

// Join returns an RDD with a pair for each two pairs of r and other that have the same key.
func (r *RDD) Join(other *RDD, n int) *RDD {
	all := func(pairs []Pair) []Pair { return pairs }
	return &RDD{context: r.context, partitions: n, keyed: true, deps: []dependency{r.by(n, all), other.by(n, all)},
		compute: func(_ int, inputs [][]Pair) (out []Pair) {
			right := make(map[string][]any)
			for _, p := range inputs[1] {
				right[p.Key] = append(right[p.Key], p.Value)
			}
			for _, p := range inputs[0] {
				for _, value := range right[p.Key] {
					out = append(out, Pair{p.Key, Both{p.Value, value}})
				}
			}
			return out
		}}
}

// fetchError says that an executor was lost that had a block. It is no ErrLost: that would be said of who runs the task.
type fetchError struct{ from Executor }

func (fetchError) Error() string { return "a block is lost" }

// Collect computes the RDD and returns its pairs, partition by partition.
func (r *RDD) Collect() ([]Pair, error) {
	results := make([][]Pair, r.partitions)
	err := each(r.partitions, func(p int) (err error) {
		results[p], err = r.context.do(task{rdd: r, partition: p})
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.Concat(results...), nil
}

// each calls f for 0 … n-1, all at the same time, and returns an error if there is one.
func each(n int, f func(int) error) error {
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = f(i) })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// do runs a task until it is done.
func (c *Context) do(t task) ([]Pair, error) {
	for {
		if err := t.rdd.ensure(); err != nil {
			return nil, err
		}
		on, err := c.take()
		if err != nil {
			return nil, err
		}
		c.mu.Lock()
		there := t.rdd.there()
		work := t.work(on)
		c.mu.Unlock()
		if !there {
			c.free <- on
			continue
		}
		var pairs []Pair
		err = on.Run(func() (err error) {
			pairs, err = work()
			return err
		})
		var fetch fetchError
		switch {
		case errors.Is(err, ErrLost):
			c.lose(on)
			continue
		case errors.As(err, &fetch):
			c.lose(fetch.from)
			c.free <- on
			continue
		}
		if t.shuffle != nil {
			c.mu.Lock()
			t.shuffle.at[t.partition] = on
			c.mu.Unlock()
		}
		c.free <- on
		return pairs, nil
	}
}

// take takes an executor that is not known to be lost.
func (c *Context) take() (Executor, error) {
	for {
		select {
		case e := <-c.free:
			c.mu.Lock()
			lost := c.lost[e]
			c.mu.Unlock()
			if !lost {
				return e, nil
			}
		case <-c.none:
			return nil, ErrNoExecutor
		}
	}
}

func (c *Context) lose(e Executor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost[e] {
		return
	}
	c.lost[e] = true
	c.alive--
	if c.alive == 0 {
		close(c.none)
	}
}

// there reports whether all blocks are there that r needs. It is called with the lock held.
func (r *RDD) there() bool {
	for _, d := range r.deps {
		if d.shuffle == nil && !d.parent.there() || d.shuffle != nil && len(d.missing(r.context)) > 0 {
			return false
		}
	}
	return true
}

// missing are the map tasks whose output is not there. It is called with the lock held.
func (d dependency) missing(c *Context) (partitions []int) {
	for p, at := range d.at {
		if at == nil || c.lost[at] {
			partitions = append(partitions, p)
		}
	}
	return partitions
}

// ensure sees to it that all blocks are there that r needs.
func (r *RDD) ensure() error {
	return each(len(r.deps), func(i int) error {
		d := r.deps[i]
		if d.shuffle == nil {
			return d.parent.ensure()
		}
		d.busy <- struct{}{}
		defer func() { <-d.busy }()
		for {
			r.context.mu.Lock()
			missing := d.missing(r.context)
			r.context.mu.Unlock()
			if len(missing) == 0 {
				return nil
			}
			err := each(len(missing), func(i int) error {
				_, err := r.context.do(task{d.parent, d.shuffle, missing[i]})
				return err
			})
			if err != nil {
				return err
			}
		}
	})
}

// work is what a task does on an executor. It is called by the driver, and what it returns by the executor, which knows of
// the driver's books only what is in it.
func (t task) work(on Executor) func() ([]Pair, error) {
	compute := t.rdd.plan(t.partition)
	if t.shuffle == nil {
		return compute
	}
	return func() ([]Pair, error) {
		pairs, err := compute()
		if err != nil {
			return nil, err
		}
		parts := make([][]Pair, t.shuffle.reduces)
		for _, p := range t.shuffle.combine(pairs) {
			to := PartitionOf(p.Key, len(parts))
			parts[to] = append(parts[to], p)
		}
		for reduce, part := range parts {
			if err := on.Put(Block{t.shuffle.id, t.partition, reduce}, part); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
}

// plan is how a partition is computed: back to the shuffles as they are now.
func (r *RDD) plan(partition int) func() ([]Pair, error) {
	var inputs []func() ([]Pair, error)
	for _, d := range r.deps {
		if d.shuffle == nil {
			inputs = append(inputs, d.parent.plan(partition))
			continue
		}
		id, at := d.id, slices.Clone(d.at)
		inputs = append(inputs, func() (all []Pair, err error) {
			for p, from := range at {
				pairs, err := from.Get(Block{id, p, partition})
				if err != nil {
					return nil, fetchError{from}
				}
				all = append(all, pairs...)
			}
			return all, nil
		})
	}
	return func() ([]Pair, error) {
		computed := make([][]Pair, len(inputs))
		for i, input := range inputs {
			var err error
			if computed[i], err = input(); err != nil {
				return nil, err
			}
		}
		return r.compute(partition, computed), nil
	}
}
