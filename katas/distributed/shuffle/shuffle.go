// Package shuffle is an exercise: the RDDs of Spark (PySpark). An RDD is a collection of pairs in partitions. It holds no
// data but says how each of its partitions is computed out of those of other RDDs: its lineage. Only Collect computes.
//
// Where a partition needs one partition of a parent, the dependency is narrow: both are computed in the same task.
// Where it needs a piece of each, it is wide, and there is a shuffle in between: a map task for each partition of the
// parent cuts it into blocks, one for each partition of the child, and puts them where it runs. The child's tasks get
// them from there.
//
// RDDs are made, and Collect is called, by one goroutine at a time. The functions that the caller hands in may take
// their time, and are called by many goroutines at the same time. Who waits sleeps: it does not ask again and again.
package shuffle

import (
	"errors"
)

var (
	// ErrLost is what an executor answers that is lost, with all that it kept. It may be wrapped.
	ErrLost = errors.New("the executor is lost")
	// ErrNoExecutor says that something could not be computed because no executor was left.
	ErrNoExecutor = errors.New("no executor is left")

	errNotWritten = errors.New("not written yet")
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

// Block names a part of the output of a map task: what partition Reduce of a shuffle needs of partition Map of its
// parent.
type Block struct{ Shuffle, Map, Reduce int }

// Executor runs tasks and keeps blocks. It is given one task at a time. Put and Get may be called at any time, and all
// of them at the same time. One that is lost answers ErrLost to everything from then on, and never comes back.
type Executor interface {
	// Run runs a task, that is: calls it, and returns when it has returned. The error is the task's own. But if the executor
	// is lost by then it is ErrLost, whatever the task has returned: the task was in vain.
	Run(task func() error) error
	// Put keeps a block.
	Put(block Block, pairs []Pair) error
	// Get returns a block that was put there.
	Get(block Block) ([]Pair, error)
}

// Context is a SparkContext: the driver of a program, with its executors.
type Context struct {
	// Your fields.
}

// NewContext returns a context with these executors.
func NewContext(executors ...Executor) *Context {
	return &Context{}
}

// RDD is immutable: a transformation returns another one, at once, and calls none of the functions it is given. What is
// here is a beginning, with Parallelize and Map as examples. Change it as you like.
type RDD struct {
	context    *Context
	partitions int
	parents    []*RDD
	// compute makes a partition out of those of the same number of its parents.
	compute func(partition int, of [][]Pair) []Pair
}

// Parallelize returns an RDD with these partitions. Nobody changes them any more.
func (c *Context) Parallelize(partitions ...[]Pair) *RDD {
	return &RDD{context: c, partitions: len(partitions), compute: func(p int, _ [][]Pair) []Pair { return partitions[p] }}
}

// Map returns an RDD of what f makes of each pair. The dependency is narrow. The keys may be others, so nothing is
// known of where they are.
func (r *RDD) Map(f func(Pair) Pair) *RDD {
	return &RDD{context: r.context, partitions: r.partitions, parents: []*RDD{r}, compute: func(_ int, of [][]Pair) (out []Pair) {
		for _, pair := range of[0] {
			out = append(out, f(pair))
		}
		return out
	}}
}

// MapValues returns an RDD in which f has been applied to each value. The dependency is narrow, and what is partitioned
// by its keys stays so.
func (r *RDD) MapValues(f func(value any) any) *RDD {
	return &RDD{context: r.context}
}

// ReduceByKey returns an RDD with one pair for each key, partitioned by its keys into n. f merges two values into one;
// in which order is nobody's business. Each key has one value when it comes out of a map task: what can be merged
// before the shuffle is. f is only ever called for two values of one key. n is one or more.
//
// The dependency is wide. But where r is partitioned by its keys into n already (by ReduceByKey or Join with the same
// n, and MapValues behind it) it is narrow, and there is no shuffle.
func (r *RDD) ReduceByKey(f func(a, b any) any, n int) *RDD {
	return &RDD{context: r.context}
}

// Join returns an RDD with a pair for each two pairs of r and other that have the same key, with a value of type Both,
// partitioned by its keys into n, one or more. Both RDDs are of the same context, and may be the same RDD.
//
// The dependency on each of the two is wide, with a shuffle of its own. But it is narrow on one that is partitioned by
// its keys into n already.
func (r *RDD) Join(other *RDD, n int) *RDD {
	return &RDD{context: r.context}
}

// Collect computes the RDD and returns the pairs of its partition 0, in any order, then those of its partition 1, and
// so on.
//
// What is run: the tasks that compute the partitions of the RDD, and the map tasks of the shuffles that they need,
// directly or by way of others.
//   - A task runs on one executor, by Run, and computes everything back to the nearest shuffles, or to the data of
//     Parallelize. What it computes and gets counts when Run has returned nil.
//   - A map task puts its blocks on the executor that it runs on, one for each partition of the child, empty ones too.
//     The number of a shuffle, in Block, is its own within the context.
//   - A task that needs shuffles begins when all their map tasks are done, and not before. Apart from that each begins
//     as soon as an executor is free, in any order: independent ones at the same time, map tasks of different shuffles
//     too.
//   - No map task is done twice. What it has put stays there and is used again: by all RDDs that are made out of the
//     one that the shuffle belongs to, and by later Collects. The partitions that Collect returns are computed anew by
//     each.
//
// What goes wrong:
//   - An executor is known to be lost when it has answered ErrLost to Run, Put or Get. It is given no task any more,
//     and no task is begun that wants a block of it. The task that it was running is run again by another one.
//   - The blocks that it kept are lost. The map tasks that have put them are run again, if a task that is not done
//     needs them, and nothing else is, save for what is needed for that and is lost as well. So a task that is done
//     stays done, whatever was lost that it had used.
//   - A task that gets ErrLost from the executor that has a block has not failed, and neither has the executor that it
//     runs on. It is run again when the block is there again. The other tasks go on meanwhile.
//
// When Collect returns, nothing of it runs any more. The error is ErrNoExecutor where none is left; what executors did
// before is of no use then.
func (r *RDD) Collect() ([]Pair, error) {
	return nil, errNotWritten
}
