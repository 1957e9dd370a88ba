//kata:wrong kind=timing  one shuffle is done after the other, also where neither needs the other

// Package shuffle: one shuffle is done after the other, also where neither needs the other.
package shuffle

import (
	"errors"
	"slices"
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
	// free are the executors that have nothing to do, and lost are those that are gone.
	free []Executor
	lost map[Executor]bool
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
	// at is who keeps the output of each map task, nil: nobody.
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
	return &Context{free: slices.Clone(executors), lost: make(map[Executor]bool)}
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
	return dependency{r, &shuffle{r.context.shuffles, n, combine, make([]Executor, r.partitions)}}
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

// outcome is what became of a task.
type outcome struct {
	task
	on    Executor
	pairs []Pair
	err   error
}

// Collect computes the RDD and returns its pairs, partition by partition.
func (r *RDD) Collect() ([]Pair, error) {
	c := r.context
	done, running := make(map[task][]Pair), make(map[task]bool)
	outcomes := make(chan outcome)
	for {
		for _, t := range r.missing(done) {
			if running[t] || len(c.free) == 0 {
				continue
			}
			on := c.free[0]
			c.free, running[t] = c.free[1:], true
			work := t.work(on)
			go func() {
				var pairs []Pair
				err := on.Run(func() (err error) {
					pairs, err = work()
					return err
				})
				outcomes <- outcome{t, on, pairs, err}
			}()
		}
		if len(running) == 0 {
			break
		}
		o := <-outcomes
		delete(running, o.task)
		c.book(o, done)
	}
	var all []Pair
	for p := range r.partitions {
		pairs, is := done[task{rdd: r, partition: p}]
		if !is {
			return nil, ErrNoExecutor
		}
		all = append(all, pairs...)
	}
	return all, nil
}

// book takes an outcome into the books.
func (c *Context) book(o outcome, done map[task][]Pair) {
	var fetch fetchError
	switch {
	case errors.Is(o.err, ErrLost):
		c.lost[o.on] = true
	case errors.As(o.err, &fetch):
		c.lost[fetch.from] = true
	case o.shuffle != nil:
		o.shuffle.at[o.partition] = o.on
	default:
		done[o.task] = o.pairs
	}
	c.free = append(c.free, o.on)
	c.free = slices.DeleteFunc(c.free, func(e Executor) bool { return c.lost[e] })
}

// missing are the tasks which Collect needs, whose results are not there, and whose inputs are.
func (r *RDD) missing(done map[task][]Pair) (ready []task) {
	var wanted []task
	for p := range r.partitions {
		t := task{rdd: r, partition: p}
		if _, is := done[t]; !is {
			wanted = append(wanted, t)
		}
	}
	if r.inputs(&ready) {
		ready = wanted
	}
	return ready
}

// inputs reports whether all shuffles that r needs are there, and adds the tasks to ready that can begin where they are not.
func (r *RDD) inputs(ready *[]task) bool {
	all := true
	for _, d := range r.deps {
		if d.shuffle == nil {
			if !d.parent.inputs(ready) {
				return false
			}
			continue
		}
		var wanted []task
		for p, at := range d.at {
			if at == nil || r.context.lost[at] {
				wanted = append(wanted, task{d.parent, d.shuffle, p})
			}
		}
		if len(wanted) > 0 {
			if d.parent.inputs(ready) {
				*ready = append(*ready, wanted...)
			}
			return false
		}
	}
	return all
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
			if lost := on.Put(Block{t.shuffle.id, t.partition, reduce}, part); lost != nil {
				return nil, lost
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
