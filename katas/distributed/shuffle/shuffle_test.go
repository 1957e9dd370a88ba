package shuffle_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/distributed/shuffle"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	pair  = shuffle.Pair
	pairs = []shuffle.Pair
	both  = shuffle.Both
)

const sec = time.Second

// cluster is the executors of a test, and what its functions have told of themselves.
type cluster struct {
	t     *lab.T
	start time.Time
	all   []*executor

	mu  sync.Mutex
	log []string
}

// executor is one of them.
type executor struct {
	*cluster
	name string

	mu    sync.Mutex
	lost  bool
	busy  bool
	tasks int
	// refused is how often it was asked for something when it was lost.
	refused int
	// blocks are those that it keeps, puts are how many it was given, and put how many pairs were in them.
	blocks          map[shuffle.Block]pairs
	puts, put, gets int
}

// newCluster returns a context with n executors.
func newCluster(t *lab.T, n int) (*cluster, *shuffle.Context) {
	c := &cluster{t: t, start: time.Now()}
	var all []shuffle.Executor
	for i := range n {
		e := &executor{cluster: c, name: fmt.Sprint("executor ", i), blocks: map[shuffle.Block]pairs{}}
		c.all = append(c.all, e)
		all = append(all, e)
	}
	return c, shuffle.NewContext(all...)
}

// gone is the answer of one that is lost. It is called with the lock held.
func (e *executor) gone() error {
	if e.lost {
		e.refused++
		return fmt.Errorf("%s: %w", e.name, shuffle.ErrLost)
	}
	return nil
}

func (e *executor) Run(task func() error) error {
	if err := e.begin(); err != nil {
		return err
	}
	err := task()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.busy = false
	if gone := e.gone(); gone != nil {
		return gone
	}
	return err
}

func (e *executor) begin() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.busy {
		e.t.Errorf("an executor is given a task while it runs another one")
	}
	if err := e.gone(); err != nil {
		return err
	}
	e.busy = true
	e.tasks++
	return nil
}

func (e *executor) Put(block shuffle.Block, content pairs) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.gone(); err != nil {
		return err
	}
	e.blocks[block] = content
	e.puts++
	e.put += len(content)
	return nil
}

func (e *executor) Get(block shuffle.Block) (pairs, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.gone(); err != nil {
		return nil, err
	}
	content, is := e.blocks[block]
	if !is {
		e.t.Errorf("an executor is asked for a block that was not put there: %+v", block)
	}
	e.gets++
	return content, nil
}

// lose loses it.
func (e *executor) lose() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lost = true
	e.blocks = nil
}

func (e *executor) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.tasks
}

// total adds up a count of all executors.
func (c *cluster) total(count func(*executor) int) (n int) {
	for _, e := range c.all {
		e.mu.Lock()
		n += count(e)
		e.mu.Unlock()
	}
	return n
}

func tasks(e *executor) int { return e.tasks }
func puts(e *executor) int  { return e.puts }
func put(e *executor) int   { return e.put }
func gets(e *executor) int  { return e.gets }

// keeper is who keeps the output of a map task of the only shuffle, or of the one with so many parts.
func (c *cluster) keeper(mapTask, parts int) *executor {
	for _, e := range c.all {
		e.mu.Lock()
		defer e.mu.Unlock()
		reduces := map[int]int{}
		for b := range e.blocks {
			if b.Map == mapTask {
				reduces[b.Shuffle]++
			}
		}
		for _, n := range reduces {
			if n == parts {
				return e
			}
		}
	}
	c.t.Fatalf("nobody keeps the %d blocks of map task %d", parts, mapTask)
	return nil
}

func (c *cluster) note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, what)
}

// noted is what was noted since it was last asked for, sorted.
func (c *cluster) noted() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	log := c.log
	c.log = nil
	slices.Sort(log)
	return log
}

// slow is a function for Map that notes its keys, with the name of the step, and takes its time.
func (c *cluster) slow(step string, times map[string]time.Duration) func(pair) pair {
	return func(p pair) pair {
		c.note(fmt.Sprintf("%s %s at %v", step, p.Key, time.Since(c.start)))
		time.Sleep(times[p.Key])
		return p
	}
}

// each is slow with the same time for all, and without the time in the notes.
func (c *cluster) each(step string, d time.Duration) func(pair) pair {
	return func(p pair) pair {
		c.note(step + " " + p.Key)
		time.Sleep(d)
		return p
	}
}

// eachValue is for MapValues. It notes the values.
func (c *cluster) eachValue(step string, d time.Duration) func(any) any {
	return func(v any) any {
		c.note(fmt.Sprint(step, " ", v))
		time.Sleep(d)
		return v
	}
}

func add(a, b any) any { return a.(int) + b.(int) }

// keysOf makes some keys for each of n partitions: keys[p] belong to p.
func keysOf(n, each int) [][]string {
	keys := make([][]string, n)
	for i, missing := 0, n*each; missing > 0; i++ {
		key := fmt.Sprintf("k%d", i)
		if p := shuffle.PartitionOf(key, n); len(keys[p]) < each {
			keys[p] = append(keys[p], key)
			missing--
		}
	}
	return keys
}

// collects wants the pairs of an RDD, those of each partition in any order.
func collects(t *lab.T, what string, r *shuffle.RDD, want ...pairs) {
	t.Helper()
	got, err := r.Collect()
	if !t.ErrorIs("the error of Collect of "+what, err, nil) {
		t.FailNow()
	}
	rest := got
	for p, partition := range want {
		n := min(len(partition), len(rest))
		if !t.Equal(fmt.Sprintf("the pairs of partition %d of %s", p, what), sorted(rest[:n]), sorted(partition)) {
			t.Fatalf("Collect of %s returns, in this order: %v", what, got)
		}
		rest = rest[n:]
	}
	if len(rest) > 0 {
		t.Fatalf("Collect of %s returns more than there should be: %v", what, got)
	}
}

// sorted writes pairs in an order that does not depend on theirs.
func sorted(ps pairs) string {
	var all []string
	for _, p := range ps {
		all = append(all, fmt.Sprint(p))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// TestMap checks that Map and MapValues are lazy, and that Collect returns what they make of all pairs, partition by partition.
func TestMap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}, {"b", 2}}, nil, pairs{{"c", 3}})
		collects(t, "what was parallelized", r, pairs{{"a", 1}, {"b", 2}}, nil, pairs{{"c", 3}})
		mapped := r.Map(func(p pair) pair { c.note("map"); return pair{p.Key + "x", p.Value.(int) + 1} }).
			MapValues(func(v any) any { c.note("value"); return v.(int) * 10 })
		t.Equal("how often functions were called before Collect", len(c.noted()), 0)
		want := []pairs{{{"ax", 20}, {"bx", 30}}, nil, {{"cx", 40}}}
		collects(t, "what was mapped", mapped, want...)
		t.Equal("how often functions were called for three pairs", len(c.noted()), 6)
		collects(t, "what was mapped, once more", mapped, want...)
		t.Equal("how often functions were called for three pairs by the second Collect", len(c.noted()), 6)
		collects(t, "what was parallelized, after all that", r, pairs{{"a", 1}, {"b", 2}}, nil, pairs{{"c", 3}})
		t.Equal("how many blocks were put for narrow dependencies", c.total(puts), 0)
	})
}

// TestReduceByKey checks that there is one pair for each key, in the partition that it belongs to, and that values are merged only with their like.
func TestReduceByKey(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		_, sc := newCluster(t, 2)
		k := keysOf(3, 2)
		source := func() *shuffle.RDD {
			return sc.Parallelize(
				pairs{{k[0][0], 1}, {k[2][0], 2}, {k[0][0], 3}, {k[0][1], 4}},
				pairs{{k[2][0], 50}, {k[0][0], 60}},
				nil,
				pairs{{k[2][1], 700}},
			)
		}
		collects(t, "a sum by key in three partitions", source().ReduceByKey(add, 3),
			pairs{{k[0][0], 64}, {k[0][1], 4}}, nil, pairs{{k[2][0], 52}, {k[2][1], 700}})
		collects(t, "a sum by key in one partition", source().ReduceByKey(add, 1),
			pairs{{k[0][0], 64}, {k[0][1], 4}, {k[2][0], 52}, {k[2][1], 700}})
		r := source().Map(func(p pair) pair { return pair{p.Key, 1} }).ReduceByKey(add, 3).MapValues(func(v any) any { return -v.(int) })
		collects(t, "a count by key", r, pairs{{k[0][0], -3}, {k[0][1], -1}}, nil, pairs{{k[2][0], -2}, {k[2][1], -1}})
		never := func(any, any) any { t.Errorf("f is called where each key has one value"); return 0 }
		collects(t, "keys with one value each", sc.Parallelize(pairs{{k[0][0], 1}}, pairs{{k[0][1], 2}}).ReduceByKey(never, 3),
			pairs{{k[0][0], 1}, {k[0][1], 2}}, nil, nil)
	})
}

// TestJoin checks that Join pairs each value of the one side with each of the other that has the same key.
func TestJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		_, sc := newCluster(t, 2)
		k := keysOf(2, 2)
		left := sc.Parallelize(pairs{{k[0][0], 1}, {k[1][0], 2}}, pairs{{k[0][0], 1}, {k[0][1], 3}}, pairs{{k[0][0], 4}})
		right := sc.Parallelize(pairs{{k[0][0], "x"}, {k[1][0], "y"}, {k[1][1], "z"}}, pairs{{k[0][0], "w"}, {k[1][0], "y"}})
		collects(t, "a join", left.Join(right, 2),
			pairs{
				{k[0][0], both{1, "x"}}, {k[0][0], both{1, "w"}}, {k[0][0], both{1, "x"}}, {k[0][0], both{1, "w"}},
				{k[0][0], both{4, "x"}}, {k[0][0], both{4, "w"}},
			},
			pairs{{k[1][0], both{2, "y"}}, {k[1][0], both{2, "y"}}})
		collects(t, "the join the other way round", right.Join(left, 2).Map(func(p pair) pair { return pair{p.Key, p.Value.(both).Right} }),
			pairs{{k[0][0], 1}, {k[0][0], 1}, {k[0][0], 1}, {k[0][0], 1}, {k[0][0], 4}, {k[0][0], 4}},
			pairs{{k[1][0], 2}, {k[1][0], 2}})
		collects(t, "a join of an RDD with itself", left.Join(left, 2),
			pairs{
				{k[0][0], both{1, 1}}, {k[0][0], both{1, 1}}, {k[0][0], both{1, 1}}, {k[0][0], both{1, 1}}, {k[0][0], both{1, 4}}, {k[0][0], both{1, 4}},
				{k[0][0], both{4, 1}}, {k[0][0], both{4, 1}}, {k[0][0], both{4, 4}}, {k[0][1], both{3, 3}},
			},
			pairs{{k[1][0], both{2, 2}}})
	})
}

// TestNarrow checks that a chain of narrow dependencies is one task for each partition, and waits for no other partition.
func TestNarrow(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 2}}).
			Map(c.slow("first", map[string]time.Duration{"a": 3 * sec, "b": sec})).
			Map(c.slow("then", map[string]time.Duration{"a": sec, "b": 3 * sec}))
		t.Takes("two partitions, of which one takes 3s and 1s, the other 1s and 3s,", lab.Exactly(4*sec), func() {
			collects(t, "what was mapped twice", r, pairs{{"a", 1}}, pairs{{"b", 2}})
		})
		t.Equal("what was begun when", c.noted(), []string{"first a at 0s", "first b at 0s", "then a at 3s", "then b at 1s"})
		t.Equal("how many tasks were run for two partitions", c.total(tasks), 2)
	})
}

// TestExecutors checks that each executor runs one task at a time, and gets the next as soon as it is free.
func TestExecutors(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 3)
		var all []pairs
		for i := range 7 {
			all = append(all, pairs{{fmt.Sprint(i), i}})
		}
		t.Takes("seven tasks of one second on three executors", lab.Exactly(3*sec).Sequential(7*sec, "the tasks"), func() {
			collects(t, "seven partitions", sc.Parallelize(all...).Map(c.each("map", sec)), all...)
		})
		t.Takes("seven map tasks of one second on three executors", lab.Exactly(3*sec).Sequential(7*sec, "the tasks"), func() {
			collects(t, "seven partitions in one", sc.Parallelize(all...).Map(c.each("map", sec)).ReduceByKey(add, 1), slices.Concat(all...))
		})
		for long := range 4 {
			_, sc := newCluster(t, 2)
			began, takes := make([]time.Duration, 4), make([]time.Duration, 4)
			start := time.Now()
			r := sc.Parallelize(pairs{{"", 0}}, pairs{{"", 1}}, pairs{{"", 2}}, pairs{{"", 3}}).MapValues(func(v any) any {
				i := v.(int)
				began[i], takes[i] = time.Since(start), sec
				if i == long {
					takes[i] = 5 * sec
				}
				time.Sleep(takes[i])
				return v
			})
			r.Collect()
			for _, at := range began {
				busy := time.Duration(0)
				for j := range began {
					busy += min(max(at-began[j], 0), takes[j])
				}
				if busy != 2*at {
					t.Fatalf("four tasks on two executors, task %d of five seconds, the others of one, began at %v: at %v a task began that could have begun earlier, since an executor was free", long, began, at)
				}
			}
		}
	})
}

// TestStages checks that tasks behind a shuffle begin when the last map task is done, and the tasks of independent shuffles at the same time.
func TestStages(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 4)
		times := map[string]time.Duration{"a": sec, "b": 3 * sec, "c": 2 * sec}
		reduced := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 1}}, pairs{{"c", 1}}).Map(c.slow("map", times)).
			Map(func(pair) pair { return pair{"all", 1} }).ReduceByKey(add, 1)
		t.Takes("three map tasks of 1s, 3s and 2s, and a task of 1s behind the shuffle", lab.Exactly(4*sec), func() {
			collects(t, "a count", reduced.MapValues(func(v any) any { time.Sleep(sec); return v }), pairs{{"all", 3}})
		})
		c.noted()
		left := sc.Parallelize(pairs{{"a", 1}}).Map(c.each("left", 3*sec))
		right := sc.Parallelize(pairs{{"a", 2}}).Map(c.each("right", 2*sec))
		other := sc.Parallelize(pairs{{"a", 3}}).Map(c.each("other", sec))
		joined := left.Join(right, 1).Join(other, 2)
		t.Takes("a join of a join, where the sides take 3s, 2s and 1s", lab.Exactly(3*sec).Sequential(6*sec, "the map tasks"), func() {
			want := make([]pairs, 2)
			want[shuffle.PartitionOf("a", 2)] = pairs{{"a", both{both{1, 2}, 3}}}
			collects(t, "a join of a join", joined, want...)
		})
		t.Equal("what was run", c.noted(), []string{"left a", "other a", "right a"})
	})
}

// TestCombine checks that a map task puts one value for each key, and one block for each partition, so that a hot key does no harm.
func TestCombine(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 4)
		var parts []pairs
		for range 4 {
			var hot pairs
			for range 10 {
				hot = append(hot, pair{"hot", 1}, pair{"cold", 1})
			}
			parts = append(parts, hot)
		}
		slow := func(a, b any) any { time.Sleep(sec); return a.(int) + b.(int) }
		want := make([]pairs, 5)
		for _, key := range []string{"hot", "cold"} {
			p := shuffle.PartitionOf(key, 5)
			want[p] = append(want[p], pair{key, 40})
		}
		behind := 3 * sec // of four values that come out of the map tasks, in two partitions
		if len(want[shuffle.PartitionOf("hot", 5)]) == 2 {
			behind = 6 * sec
		}
		r := sc.Parallelize(parts...).ReduceByKey(slow, 5)
		t.Takes("merging 40 values of each of two keys in four map tasks, one second for each call of f,", lab.Exactly(18*sec+behind).Sequential(78*sec, "the calls of f"), func() {
			collects(t, "the sums", r, want...)
		})
		t.Equal("how many pairs went through the shuffle, of two keys in four partitions", c.total(put), 8)
		t.Equal("how many blocks were put by four map tasks for five partitions", c.total(puts), 20)
		t.Equal("how many blocks were got", c.total(gets), 20)
		t.Equal("how many tasks were run", c.total(tasks), 9)

		c, sc = newCluster(t, 2)
		l := sc.Parallelize(pairs{{"a", 1}, {"a", 2}}, pairs{{"a", 3}})
		collects(t, "a join", l.Join(l, 1), pairs{
			{"a", both{1, 1}}, {"a", both{1, 2}}, {"a", both{1, 3}}, {"a", both{2, 1}}, {"a", both{2, 2}}, {"a", both{2, 3}},
			{"a", both{3, 1}}, {"a", both{3, 2}}, {"a", both{3, 3}},
		})
		t.Equal("how many pairs of three went through each of the two shuffles of a join", c.total(put), 6)
		t.Equal("how many tasks were run for a join of two times two partitions in one", c.total(tasks), 5)
	})
}

// TestNarrowByKey checks that what is partitioned by its keys is not shuffled again, save where the keys or the number of partitions may be others.
func TestNarrowByKey(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		k := keysOf(2, 1)
		a, b := k[0][0], k[1][0]
		id := func(p pair) pair { return p }
		same := func(v any) any { return v }
		for _, x := range []struct {
			what     string
			make     func(r, other *shuffle.RDD) *shuffle.RDD
			shuffles int // of which each has two map tasks
			want     []pairs
		}{
			{"ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD { return r.ReduceByKey(add, 2) }, 1, []pairs{{{a, 4}}, {{b, 2}}}},
			{"ReduceByKey(2) of ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).ReduceByKey(add, 2)
			}, 1, []pairs{{{a, 4}}, {{b, 2}}}},
			{"ReduceByKey(2) of MapValues of ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).MapValues(same).MapValues(same).ReduceByKey(add, 2)
			}, 1, []pairs{{{a, 4}}, {{b, 2}}}},
			{"ReduceByKey(2) of Map of ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).Map(id).ReduceByKey(add, 2)
			}, 2, []pairs{{{a, 4}}, {{b, 2}}}},
			{"ReduceByKey(2) of MapValues of Map of ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).Map(id).MapValues(same).ReduceByKey(add, 2)
			}, 2, []pairs{{{a, 4}}, {{b, 2}}}},
			{"ReduceByKey(1) of ReduceByKey(2)", func(r, _ *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).ReduceByKey(add, 1)
			}, 2, []pairs{{{a, 4}, {b, 2}}}},
			{"ReduceByKey(2) of MapValues", func(r, _ *shuffle.RDD) *shuffle.RDD { return r.MapValues(same).ReduceByKey(add, 2) }, 1, []pairs{{{a, 4}}, {{b, 2}}}},
			{"Join(2) of two that are reduced", func(r, other *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).Join(other.ReduceByKey(add, 2), 2)
			}, 2, []pairs{{{a, both{4, 40}}}, {{b, both{2, 20}}}}},
			{"Join(2) with the right one reduced", func(r, other *shuffle.RDD) *shuffle.RDD {
				return r.Join(other.ReduceByKey(add, 2), 2)
			}, 2, []pairs{{{a, both{1, 40}}, {a, both{3, 40}}}, {{b, both{2, 20}}}}},
			{"Join(2) with the left one reduced", func(r, other *shuffle.RDD) *shuffle.RDD {
				return r.ReduceByKey(add, 2).Join(other, 2)
			}, 2, []pairs{{{a, both{4, 10}}, {a, both{4, 30}}}, {{b, both{2, 20}}}}},
			{"Join(2) of a Join(2) with one that is reduced", func(r, other *shuffle.RDD) *shuffle.RDD {
				return r.Join(other.ReduceByKey(add, 2), 2).Join(r.ReduceByKey(add, 2), 2)
			}, 3, []pairs{{{a, both{both{1, 40}, 4}}, {a, both{both{3, 40}, 4}}}, {{b, both{both{2, 20}, 2}}}}},
			{"Join(2) of a reduced one with itself", func(r, _ *shuffle.RDD) *shuffle.RDD {
				reduced := r.ReduceByKey(add, 2)
				return reduced.Join(reduced.MapValues(same), 2)
			}, 1, []pairs{{{a, both{4, 4}}}, {{b, both{2, 2}}}}},
		} {
			c, sc := newCluster(t, 2)
			r := sc.Parallelize(pairs{{a, 1}, {b, 2}}, pairs{{a, 3}})
			other := sc.Parallelize(pairs{{a, 10}, {b, 20}}, pairs{{a, 30}})
			made := x.make(r, other)
			collects(t, x.what, made, x.want...)
			t.Equal("how many tasks were run for "+x.what, c.total(tasks), 2*x.shuffles+len(x.want))
		}
	})
}

// TestUsedAgain checks that a shuffle is done once for all that is made out of it, also by a later Collect, and that the rest is computed anew.
func TestUsedAgain(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		reduced := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 2}}).Map(c.each("map", sec)).ReduceByKey(add, 1)
		r := reduced.MapValues(c.eachValue("value", sec))
		collects(t, "a sum", r, pairs{{"a", 1}, {"b", 2}})
		t.Equal("what was run by the first Collect", c.noted(), []string{"map a", "map b", "value 1", "value 2"})
		t.Takes("the second Collect, which has to do the last step only,", lab.Exactly(2*sec), func() {
			collects(t, "a sum, once more", r, pairs{{"a", 1}, {"b", 2}})
			t.Equal("what was run by the second Collect", c.noted(), []string{"value 1", "value 2"})
		})
		collects(t, "a sum, in another way", reduced.Map(c.each("other", 0)), pairs{{"a", 1}, {"b", 2}})
		t.Equal("what was run by the Collect of another RDD behind the same shuffle", c.noted(), []string{"other a", "other b"})
		collects(t, "a join of two RDDs behind one shuffle", reduced.Map(c.each("l", 0)).Join(reduced.Map(c.each("r", 0)), 1), pairs{{"a", both{1, 1}}, {"b", both{2, 2}}})
		t.Equal("what was run by it", c.noted(), []string{"l a", "l b", "r a", "r b"})

		once := sc.Parallelize(pairs{{"c", 1}}).Map(c.each("map", sec)).ReduceByKey(add, 1)
		collects(t, "a join of two RDDs behind a new shuffle", once.Map(c.each("l", 0)).Join(once.Map(c.each("r", 0)), 1), pairs{{"c", both{1, 1}}})
		t.Equal("what was run by it", c.noted(), []string{"l c", "map c", "r c"})
	})
}

// TestLostBlocks checks that of a shuffle whose blocks are lost in part only the map tasks that put those are run again.
func TestLostBlocks(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for lost := range 3 {
			c, sc := newCluster(t, 3)
			names := []string{"a", "b", "c"}
			r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 2}}, pairs{{"c", 3}}).Map(c.each("map", sec)).ReduceByKey(add, 1)
			want := pairs{{"a", 1}, {"b", 2}, {"c", 3}}
			collects(t, "a sum", r, want)
			c.noted()
			c.keeper(lost, 1).lose()
			t.Takes("the second Collect, where one of three executors is lost with the output of one map task of a second,", lab.Exactly(sec), func() {
				collects(t, "a sum, with one executor lost,", r, want)
				t.Equal("which map tasks were run again, where the output of that of "+names[lost]+" was lost", c.noted(), []string{"map " + names[lost]})
			})
			collects(t, "a sum, once more", r, want)
			t.Equal("which map tasks were run by a third Collect", len(c.noted()), 0)
			t.Takes("two tasks of a second on the two executors that are left", lab.Exactly(sec), func() {
				collects(t, "two partitions", sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 2}}).Map(c.each("map", sec)), pairs{{"a", 1}}, pairs{{"b", 2}})
			})
			collects(t, "a sum, for the last time", r, want)
			t.Equal("how often something was asked of the executor that is lost: once, and then it is known", c.total(func(e *executor) int { return e.refused }), 1)
		}
	})
}

// TestLostTask checks that the task of an executor that is lost is run again by another one, and so are the map tasks whose blocks it had.
func TestLostTask(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		times := map[string]time.Duration{"a": sec, "b": sec, "c": sec, "d": sec, "e": 10 * sec}
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 1}}, pairs{{"c", 1}}, pairs{{"d", 1}}, pairs{{"e", 1}}).Map(c.slow("map", times)).ReduceByKey(add, 1)
		var had []string
		looked := make(chan struct{})
		go func() {
			defer close(looked)
			time.Sleep(5500 * time.Millisecond)
			c.noted()
			for _, e := range c.all {
				e.mu.Lock()
				busy := e.busy
				for b := range e.blocks {
					if busy {
						had = append(had, "abcde"[b.Map:b.Map+1])
					}
				}
				e.mu.Unlock()
				if busy {
					had = append(had, "e")
					e.lose()
				}
			}
		}()
		collects(t, "a sum, where an executor was lost with a task and the blocks of others,", r, pairs{{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}})
		<-looked
		var again []string
		for _, line := range c.noted() {
			again = append(again, strings.Fields(line)[1])
		}
		slices.Sort(had)
		t.Equal("which map tasks were run again, where an executor was lost that was running the last one and kept the blocks of others", again, had)
		t.Equal("how many tasks were begun: five map tasks, those of them that were run again, and one behind the shuffle", c.total(tasks), 5+len(had)+1)
	})
}

// TestInVain checks that what a task has computed does not count where its executor was lost before it was done.
func TestInVain(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, r := range []func(r *shuffle.RDD) *shuffle.RDD{
			func(r *shuffle.RDD) *shuffle.RDD { return r },
			func(r *shuffle.RDD) *shuffle.RDD { return r.ReduceByKey(add, 1) },
		} {
			c, sc := newCluster(t, 2)
			done := make(chan struct{})
			go func() {
				defer close(done)
				time.Sleep(sec)
				for _, e := range c.all {
					e.mu.Lock()
					busy := e.busy
					e.mu.Unlock()
					if busy {
						e.lose()
					}
				}
			}()
			t.Takes("a task of 3s, of which the first executor is lost after one,", lab.Exactly(6*sec), func() {
				collects(t, "one partition", r(sc.Parallelize(pairs{{"a", 1}}).Map(c.each("map", 3*sec))), pairs{{"a", 1}})
				t.Equal("how often it was run", len(c.noted()), 2)
			})
			<-done
		}
	})
}

// TestDoneStaysDone checks that a task whose result is there is not run again, whatever is lost that it had used, and that nothing is computed again that nobody needs.
func TestDoneStaysDone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		k := keysOf(2, 1)
		a, b := k[0][0], k[1][0]
		r := sc.Parallelize(pairs{{a, 1}}, pairs{{b, 5}}).Map(c.each("map", sec)).ReduceByKey(add, 2).MapValues(func(v any) any {
			c.note(fmt.Sprint("value ", v))
			time.Sleep(time.Duration(v.(int)) * sec)
			return v
		})
		looked := make(chan struct{})
		go func() {
			defer close(looked)
			time.Sleep(4 * sec)
			t.Equal("what was begun after four seconds", c.noted(), []string{"map " + a, "map " + b, "value 1", "value 5"})
			for _, e := range c.all {
				e.mu.Lock()
				busy := e.busy
				e.mu.Unlock()
				if !busy { // all that it has put has been got
					e.lose()
				}
			}
		}()
		t.Takes("two map tasks of a second, and behind them tasks of one and five seconds,", lab.Exactly(6*sec), func() {
			collects(t, "them, where the executor of a task that is done is lost before the last one is done", r, pairs{{a, 1}}, pairs{{b, 5}})
		})
		<-looked
		t.Equal("what was run again when a lost executor had nothing that is needed any more", len(c.noted()), 0)
	})
}

// TestOnlyWhatFailed checks that a lost block lets only the tasks wait that want it, and that those which are done or run are not begun again.
func TestOnlyWhatFailed(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		k := keysOf(4, 1)
		var mu sync.Mutex
		begun, long := 0, any(nil)
		r := sc.Parallelize(pairs{{k[0][0], 0}, {k[1][0], 1}}, pairs{{k[2][0], 2}, {k[3][0], 3}}).MapValues(func(v any) any {
			if v.(int)%2 == 0 {
				c.note("map")
				time.Sleep(sec)
			}
			return v
		}).ReduceByKey(add, 4).MapValues(func(v any) any {
			mu.Lock()
			begun++
			if begun == 2 {
				long = v
			}
			is := v == long
			mu.Unlock()
			if is {
				c.note("long")
				time.Sleep(5 * sec)
			} else {
				c.note("short")
				time.Sleep(sec)
			}
			return v
		})
		done := make(chan struct{})
		go func() {
			defer close(done)
			time.Sleep(2500 * time.Millisecond)
			// One executor has done the first short task and runs the second. The other one runs the long one.
			lost := c.all[0]
			if c.all[1].count() < lost.count() {
				lost = c.all[1]
			}
			lost.lose()
		}()
		collects(t, "four partitions", r, pairs{{k[0][0], 0}}, pairs{{k[1][0], 1}}, pairs{{k[2][0], 2}}, pairs{{k[3][0], 3}})
		<-done
		ran := map[string]int{}
		for _, line := range c.noted() {
			ran[strings.Fields(line)[0]]++
		}
		t.Equal("how often what was run, where a long task and the output of one map task of two were lost after two of three short tasks had begun", ran, map[string]int{"map": 3, "short": 3, "long": 2})
	})
}

// TestLineage checks that through two shuffles what is lost is computed again as far back as it is lost, and no further.
func TestLineage(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		k := keysOf(3, 1)
		c, sc := newCluster(t, 3)
		first := sc.Parallelize(pairs{{k[0][0], 1}}, pairs{{k[1][0], 2}}, pairs{{k[2][0], 3}}).Map(c.each("first", sec)).ReduceByKey(add, 3)
		r := first.Map(c.each("second", sec)).ReduceByKey(add, 1)
		want := pairs{{k[0][0], 1}, {k[1][0], 2}, {k[2][0], 3}}
		collects(t, "a sum of sums", r, want)
		c.noted()
		lost := c.keeper(1, 1)
		also := ""
		for p := range 3 {
			if c.keeper(p, 3) == lost {
				also = "first " + k[p][0]
			}
		}
		lost.lose()
		collects(t, "a sum of sums, with one of three executors lost", r, want)
		t.Equal("what was run again, where one output of the second shuffle was lost and with it one of the first", c.noted(), []string{also, "second " + k[1][0]})

		// The loss is found by the map tasks of the second shuffle.
		c, sc = newCluster(t, 3)
		first = sc.Parallelize(pairs{{k[0][0], 1}}, pairs{{k[1][0], 2}}, pairs{{k[2][0], 3}}).Map(c.each("first", sec)).ReduceByKey(add, 3)
		collects(t, "a sum", first, pairs{{k[0][0], 1}}, pairs{{k[1][0], 2}}, pairs{{k[2][0], 3}})
		c.noted()
		c.keeper(1, 3).lose()
		collects(t, "a sum of sums, with an output of the first shuffle lost before the second began", first.Map(c.each("second", sec)).ReduceByKey(add, 1), want)
		ran := []string{"first " + k[1][0], "second " + k[0][0], "second " + k[1][0], "second " + k[2][0]}
		slices.Sort(ran)
		t.Equal("what was run by it", c.noted(), ran)

		// The second shuffle has one map task. Who has not run it keeps nothing that is needed any more.
		c, sc = newCluster(t, 3)
		k = keysOf(2, 1)
		r = sc.Parallelize(pairs{{k[0][0], 1}}, pairs{{k[1][0], 2}}, pairs{{k[0][0], 3}}).Map(c.each("first", sec)).ReduceByKey(add, 1).
			Map(c.each("second", sec)).ReduceByKey(add, 2)
		collects(t, "another sum of sums", r, pairs{{k[0][0], 4}}, pairs{{k[1][0], 2}})
		c.noted()
		needed := c.keeper(0, 2)
		for _, e := range c.all {
			if e != needed {
				e.lose()
			}
		}
		collects(t, "it, once more, where only outputs of the first shuffle are lost", r, pairs{{k[0][0], 4}}, pairs{{k[1][0], 2}})
		t.Equal("how much was run again that nobody needs, where only outputs of the first shuffle are lost", len(c.noted()), 0)
	})
}

// TestWaitingForWhatIsLost checks that tasks which find a block lost wait until it is there again, while the others go on.
func TestWaitingForWhatIsLost(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c, sc := newCluster(t, 3)
		k := keysOf(3, 1)
		times := map[string]time.Duration{k[0][0]: 10 * sec, k[1][0]: sec, k[2][0]: sec}
		left := sc.Parallelize(pairs{{k[0][0], 1}}, pairs{{k[1][0], 2}}, pairs{{k[2][0], 3}}).Map(c.each("map", 2*sec)).ReduceByKey(add, 3)
		want := []pairs{{{k[0][0], 1}}, {{k[1][0], 2}}, {{k[2][0], 3}}}
		collects(t, "a sum", left, want...)
		c.noted()
		for _, e := range c.all[:2] {
			e.lose()
		}
		start := time.Now()
		first := time.Duration(-1)
		r := left.Map(func(p pair) pair {
			if first < 0 {
				first = time.Since(start)
			}
			time.Sleep(times[p.Key])
			return p
		})
		t.Takes("two map tasks of 2s that are run again and three tasks behind them, of 10s, 1s and 1s, all on one executor", lab.Exactly(16*sec), func() {
			collects(t, "it, where two of three executors are lost", r, want...)
		})
		t.Equal("when the first task behind the shuffle began to work", first, 4*sec)
		t.Equal("how many map tasks were run again, where two executors were lost that had run one each", len(c.noted()), 2)
	})
}

// TestNoExecutor checks that Collect says so when no executor is left, whether there was none or all were lost.
func TestNoExecutor(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, n := range []int{0, 1, 3} {
			c, sc := newCluster(t, n)
			r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"b", 2}}).Map(c.each("map", 2*sec)).ReduceByKey(add, 2)
			done := make(chan struct{})
			go func() {
				defer close(done)
				time.Sleep(sec)
				for _, e := range c.all {
					e.lose()
				}
			}()
			for _, when := range []string{"while it collects", "before"} {
				got, err := r.Collect()
				t.ErrorIs(fmt.Sprintf("the error of Collect where all of %d executors are lost %s", n, when), err, shuffle.ErrNoExecutor)
				t.Equal("the pairs beside that error", len(got), 0)
			}
			<-done
		}
		c, sc := newCluster(t, 1)
		r := sc.Parallelize(pairs{{"a", 1}}).Map(c.each("map", sec)).ReduceByKey(add, 1).MapValues(c.eachValue("value", sec))
		collects(t, "a sum", r, pairs{{"a", 1}})
		c.all[0].lose()
		_, err := r.Collect()
		t.ErrorIs("the error of Collect where the only executor is lost, with the blocks", err, shuffle.ErrNoExecutor)
	})
}

// TestEveryTaskOnce checks that on any schedule each task is run once where nobody is lost.
func TestEveryTaskOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"a", 2}}).ReduceByKey(add, 1)
		collects(t, "a sum", r, pairs{{"a", 3}})
		t.Equal("how many tasks were run, of two map tasks and one behind them", c.total(tasks), 3)
	})
}

// TestLossAtAnyTime checks that Collect comes to the right result, whenever an executor is lost.
func TestLossAtAnyTime(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"a", 2}}).ReduceByKey(add, 1)
		lost := c.all[t.Pick(2)]
		beside(func() { collects(t, "a sum, where one of two executors was lost", r, pairs{{"a", 3}}) }, lost.lose)
	})
}

// TestLossOfBoth checks that Collect comes to the right result or says that no executor is left, whenever all are lost.
func TestLossOfBoth(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"a", 2}}).ReduceByKey(add, 1)
		beside(func() {
			got, err := r.Collect()
			if errors.Is(err, shuffle.ErrNoExecutor) {
				return
			}
			t.ErrorIs("the error of Collect", err, nil)
			t.Equal("the sum, where both executors were lost while it was collected", sorted(got), sorted(pairs{{"a", 3}}))
		}, c.all[0].lose, c.all[1].lose)
	})
}

// TestLossAfterwards checks that a later Collect comes to the right result where an executor is lost meanwhile, and runs again no more than that one kept.
func TestLossAfterwards(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c, sc := newCluster(t, 2)
		r := sc.Parallelize(pairs{{"a", 1}}, pairs{{"a", 2}}).Map(c.each("map", sec)).ReduceByKey(add, 1)
		collects(t, "a sum", r, pairs{{"a", 3}})
		c.noted()
		beside(func() { collects(t, "a sum, where one of two executors was lost", r, pairs{{"a", 3}}) }, c.keeper(0, 1).lose)
		if again := c.noted(); len(again) > 1 {
			t.Errorf("an executor was lost that kept the output of one map task of two, and these were run again: %q", again)
		}
	})
}

// beside runs the first call while the others are run by goroutines of their own, and waits for all.
func beside(call func(), others ...func()) {
	var all sync.WaitGroup
	for _, other := range others {
		all.Go(other)
	}
	call()
	all.Wait()
}
