package taskgraph_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/distributed/taskgraph"
	"github.com/python-concurrency/kata/katas/lab"
)

type key = taskgraph.Key

var errBoom = errors.New("boom")

// work is what a task does: it takes its time, and then it fails if fails says so. The first dies runs of it end with the
// loss of their worker, halfway.
type work struct {
	takes time.Duration
	fails error
	dies  int
	// The first drops runs end well, and their worker is lost in the same moment.
	drops int
}

// cluster is a number of workers and what they have to say.
type cluster struct {
	t       *lab.T
	works   map[key]work
	workers []*worker

	mu sync.Mutex
	// began is every task that was begun, in its order; runs counts them, since says when each was begun last.
	began []key
	runs  map[key]int
	since map[key]time.Duration
	start time.Time
	// most is how many results were kept at the same time.
	most int
}

// worker is one of them.
type worker struct {
	cluster *cluster
	name    string
	memory  map[key]any
	busy    key
	lost    bool
	// told: it has answered that it is lost, for the first time at toldAt. A task may have been on its way to it just then.
	told   bool
	toldAt time.Duration
	onWay  bool
	gone   chan struct{}
}

func newCluster(t *lab.T, workers int, works map[key]work) *cluster {
	c := &cluster{t: t, works: works, runs: make(map[key]int), since: make(map[key]time.Duration), start: time.Now()}
	for i := range workers {
		c.workers = append(c.workers, &worker{cluster: c, name: fmt.Sprint("worker ", i+1), memory: make(map[key]any), gone: make(chan struct{})})
	}
	return c
}

func (w *worker) Run(task taskgraph.Task, inputs []any) error {
	w.begin(task.Key)
	defer w.cluster.t.Timeline().Start(w.name)()
	does, n := w.cluster.work(task.Key)
	dies := n <= does.dies
	if dies {
		does.takes /= 2
	}
	if does.takes > 0 {
		select {
		case <-time.After(does.takes):
		case <-w.gone:
		}
	}
	if dies {
		w.lose()
	}
	err := w.end(task.Key, does.fails, inputs)
	if n <= does.drops {
		w.lose()
	}
	return err
}

// work is what a task does, and how often it was begun by now.
func (c *cluster) work(k key) (work, int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.works[k], c.runs[k]
}

func (w *worker) begin(k key) {
	c := w.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.told && (w.onWay || time.Since(c.start) > w.toldAt) {
		c.t.Errorf("%s has answered ErrLost, and is then given the task %s", w.name, k)
	}
	if w.busy != "" {
		c.t.Errorf("%s is given the task %s while it runs %s", w.name, k, w.busy)
	}
	w.onWay = w.told
	w.busy = k
	c.began = append(c.began, k)
	c.runs[k]++
	c.since[k] = time.Since(c.start)
}

func (w *worker) end(k key, fails error, inputs []any) error {
	c := w.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	w.busy = ""
	switch {
	case w.lost:
		return w.answer()
	case fails != nil:
		return fails
	}
	texts := make([]string, len(inputs))
	for i, in := range inputs {
		texts[i] = fmt.Sprint(in)
	}
	w.memory[k] = value(k, texts...)
	kept := 0
	for _, other := range c.workers {
		kept += len(other.memory)
	}
	c.most = max(c.most, kept)
	return nil
}

// value is the result of a task, as text: d(b(a), c).
func value(k key, inputs ...string) string {
	if len(inputs) == 0 {
		return string(k)
	}
	return fmt.Sprintf("%s(%s)", k, strings.Join(inputs, ", "))
}

func (w *worker) Get(k key) (any, error) {
	w.cluster.mu.Lock()
	defer w.cluster.mu.Unlock()
	if w.lost {
		return nil, w.answer()
	}
	v, kept := w.memory[k]
	if !kept {
		w.cluster.t.Errorf("%s is asked for the result of %s, which it does not keep", w.name, k)
	}
	return v, nil
}

func (w *worker) Release(k key) error {
	w.cluster.mu.Lock()
	defer w.cluster.mu.Unlock()
	if w.lost {
		return w.answer()
	}
	if _, kept := w.memory[k]; !kept {
		w.cluster.t.Errorf("%s is to release the result of %s, which it does not keep", w.name, k)
	}
	delete(w.memory, k)
	return nil
}

func (w *worker) answer() error {
	if !w.told {
		w.told, w.toldAt = true, time.Since(w.cluster.start)
	}
	return fmt.Errorf("%s: %w", w.name, taskgraph.ErrLost)
}

// lose takes the worker away, and all that it keeps.
func (w *worker) lose() {
	w.cluster.mu.Lock()
	defer w.cluster.mu.Unlock()
	if !w.lost {
		w.lost, w.memory = true, nil
		close(w.gone)
	}
}

// keeper is who keeps a result; nil where nobody does.
func (c *cluster) keeper(k key) *worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.workers {
		if _, kept := w.memory[k]; kept {
			return w
		}
	}
	return nil
}

func (c *cluster) count(k key) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.runs[k]
}

// graph reads "c: a b" as a task c with the inputs a and b.
func graph(lines ...string) []taskgraph.Task {
	var tasks []taskgraph.Task
	for _, line := range lines {
		name, rest, _ := strings.Cut(line, ":")
		task := taskgraph.Task{Key: key(name)}
		for _, in := range strings.Fields(rest) {
			task.Inputs = append(task.Inputs, key(in))
		}
		tasks = append(tasks, task)
	}
	return tasks
}

func keys(names string) []key {
	var all []key
	for _, name := range strings.Fields(names) {
		all = append(all, key(name))
	}
	return all
}

// compute has the wanted keys computed, and holds the scheduler to what always holds: nothing is kept in the end, and nobody
// works any more.
func (c *cluster) compute(wanted string, tasks ...string) map[key]taskgraph.Result {
	c.t.Helper()
	workers := make([]taskgraph.Worker, len(c.workers))
	for i, w := range c.workers {
		workers[i] = w
	}
	results, err := taskgraph.Compute(graph(tasks...), keys(wanted), workers)
	c.t.ErrorIs("the error of Compute", err, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range c.workers {
		if w.busy != "" {
			c.t.Errorf("Compute has returned, and %s still runs %s", w.name, w.busy)
		}
		for k := range w.memory {
			c.t.Errorf("Compute has returned, and %s still keeps the result of %s", w.name, k)
		}
	}
	return results
}

// gives holds a result to a value.
func gives(t *lab.T, results map[key]taskgraph.Result, k key, want string) {
	t.Helper()
	r, ok := results[k]
	if !ok {
		t.Errorf("there is no Result of %s", k)
		return
	}
	if t.ErrorIs("the error of "+string(k), r.Err, nil) {
		t.Equal("the value of "+string(k), r.Value, any(want))
	}
}

// fails holds a result to an error.
func fails(t *lab.T, results map[key]taskgraph.Result, k key, want error) {
	t.Helper()
	r, ok := results[k]
	if !ok {
		t.Errorf("there is no Result of %s", k)
		return
	}
	t.ErrorIs("the error of "+string(k), r.Err, want)
}

// ran holds how often tasks were run: "a b b" is a once and b twice.
func (c *cluster) ran(names string) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	got, want := slices.Clone(c.began), keys(names)
	slices.Sort(got)
	slices.Sort(want)
	c.t.Equal("which tasks were run, each as often as it stands there", listed(got), listed(want))
}

func listed(all []key) string {
	texts := make([]string, len(all))
	for i, k := range all {
		texts[i] = string(k)
	}
	return strings.Join(texts, " ")
}

// beganAt holds when a task was begun, the last time.
func (c *cluster) beganAt(k key, want time.Duration) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if got := c.since[k]; got != want {
		c.t.Timing(fmt.Sprintf("the task %s begins at another time than it could", k), want.String(), got.String())
	}
}

// at has something done at a time of the test. What it returns waits until it is done.
func at(d time.Duration, do func()) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		time.Sleep(d)
		do()
	}()
	return func() { <-done }
}

const s = time.Second

// TestOneTask checks that a task is run by a worker, and that its value is fetched.
func TestOneTask(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 1, nil)
		results := c.compute("a", "a:")
		t.Equal("how many results there are", len(results), 1)
		gives(t, results, "a", "a")
		c.ran("a")
	})
}

// TestInputs checks that a task gets the values of its inputs, in their order, and one that stands there twice twice.
func TestInputs(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, nil)
		results := c.compute("d", "d: c a b a", "b:", "c: b", "a:")
		gives(t, results, "d", "d(c(b), a, b, a)")
		t.Equal("how many results there are, where one is wanted", len(results), 1)
	})
}

// TestEachOnce checks that a task is run once, whoever needs it and however often it is wanted, and not at all where nobody does.
func TestEachOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: s}, "b": {takes: s}, "c": {takes: s}})
		results := c.compute("d b d", "a:", "b: a", "c: a", "d: b c", "e: d a", "f:")
		gives(t, results, "d", "d(b(a), c(a))")
		gives(t, results, "b", "b(a)")
		t.Equal("how many results there are", len(results), 2)
		c.ran("a b c d")
	})
}

// TestNothingIsWanted checks that nothing is run where nothing is wanted.
func TestNothingIsWanted(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 1, nil)
		t.Equal("how many results there are", len(c.compute("", "a:", "b: a")), 0)
		c.ran("")
	})
}

// TestRefused checks that a graph with a cycle or with a key that no task has is refused before anything is run.
func TestRefused(t *testing.T) {
	for _, refused := range []struct {
		name, wanted string
		tasks        []string
		want         error
	}{
		{"a task that needs itself", "a", []string{"a: a"}, taskgraph.ErrCycle},
		{"a circle of three", "z", []string{"z: a", "a: b", "b: c", "c: a"}, taskgraph.ErrCycle},
		{"a circle that nobody wants", "z", []string{"z:", "a: b", "b: a"}, taskgraph.ErrCycle},
		{"a circle behind a task that two need", "z", []string{"z: x y", "x: w", "y: w", "w: v", "v: y"}, taskgraph.ErrCycle},
		{"an input that no task has", "z", []string{"z: a b", "a:"}, taskgraph.ErrMissing},
		{"an input of an unwanted task that no task has", "z", []string{"z:", "a: b"}, taskgraph.ErrMissing},
		{"a wanted key that no task has", "z y", []string{"z:"}, taskgraph.ErrMissing},
	} {
		lab.Virtual(t, func(t *lab.T) {
			c := newCluster(t, 1, nil)
			results, err := taskgraph.Compute(graph(refused.tasks...), keys(refused.wanted), []taskgraph.Worker{c.workers[0]})
			t.ErrorIs("the error of Compute for "+refused.name, err, refused.want)
			t.Equal("how many results there are for "+refused.name, len(results), 0)
			c.ran("")
		})
	}
	lab.Virtual(t, func(t *lab.T) {
		gives(t, newCluster(t, 1, nil).compute("d", "d: b c", "b: a", "c: a", "a:"), "d", "d(b(a), c(a))")
	})
}

// TestWorkersWorkAtTheSameTime checks that all workers work at the same time, and each on one task.
func TestWorkersWorkAtTheSameTime(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		second := map[key]work{"a": {takes: s}, "b": {takes: s}, "c": {takes: s}, "d": {takes: s}}
		for _, workers := range []int{4, 2, 1, 9} {
			takes := 4 * s / time.Duration(min(workers, 4))
			bound := lab.Exactly(takes)
			if workers > 1 {
				bound = bound.Sequential(4*s, "the four tasks")
			}
			c := newCluster(t, workers, second)
			t.Takes(fmt.Sprintf("four tasks of one second with %d workers", workers), bound, func() {
				c.compute("a b c d", "a:", "b:", "c:", "d:")
			})
		}
	})
}

// TestATaskWaitsForItsInputsOnly checks that a task begins as soon as its own inputs are there, whatever else still runs.
func TestATaskWaitsForItsInputsOnly(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "slow": {takes: 5 * s}, "b": {takes: s}, "c": {takes: s}, "d": {takes: s}})
		t.Takes("a chain of three seconds beside a task of five, and one of a second that needs both", lab.Exactly(6*s), func() {
			gives(t, c.compute("d", "d: slow c", "c: b", "b: a", "a:", "slow:"), "d", "d(slow, c(b(a)))")
		})
		c.beganAt("b", s)
		c.beganAt("c", 2*s)
		c.beganAt("d", 5*s)
	})
}

// TestTheOrder checks that of tasks that are ready the one goes first that a walk from the wanted keys leaves first.
func TestTheOrder(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 1, nil)
		c.compute("z y", "a:", "b:", "c:", "d:", "e: d c", "f: b a", "y: b g", "z: f e", "g:")
		t.Equal("the order in which one worker is given the tasks", listed(c.began), "b a f d c e z g y")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "b": {takes: 3 * s}, "c": {takes: s}, "d": {takes: s}, "e": {takes: s}})
		c.compute("x d e", "e:", "d:", "c: a", "b:", "a:", "x: b c")
		c.beganAt("a", 0)
		c.beganAt("b", 0)
		c.beganAt("c", s)
		c.beganAt("d", 2*s)
		c.beganAt("x", 3*s)
	})
}

// TestLittleIsKept checks that a result is released as soon as nobody needs it, so that a long chain takes the room of two and a tree that of its height.
func TestLittleIsKept(t *testing.T) {
	for _, c := range []struct {
		name, wanted string
		tasks        []string
		most         int
	}{
		{"a chain of eight", "h", []string{"a:", "b: a", "c: b", "d: c", "e: d", "f: e", "g: f", "h: g"}, 2},
		{"eight tasks that are all wanted", "a b c d e f g h", []string{"a:", "b:", "c:", "d:", "e:", "f:", "g:", "h:"}, 1},
		{"a tree with eight leaves", "o", []string{"a:", "b:", "c:", "d:", "e:", "f:", "g:", "h:", "i: a b", "j: c d", "k: e f", "l: g h", "m: i j", "n: k l", "o: m n"}, 5},
		{"a wanted task that another wanted task needs", "a b c", []string{"a:", "b: a", "c:"}, 2},
	} {
		lab.Virtual(t, func(t *lab.T) {
			one := newCluster(t, 1, nil)
			one.compute(c.wanted, c.tasks...)
			t.True(fmt.Sprintf("for %s one worker keeps at most %d results at the same time; it was %d", c.name, c.most, one.most), one.most <= c.most)
		})
	}
}

// TestWhenAResultIsReleased checks that a result stays until the last task that needs it is done, that of a wanted task until it was fetched, and no longer.
func TestWhenAResultIsReleased(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: s}, "b": {takes: 2 * s}, "c": {takes: 4 * s}, "w": {takes: 2 * s}, "end": {takes: 3 * s}})
		keeps := func(when time.Duration, k key, want bool, why string) {
			at(when, func() {
				t.Equal(fmt.Sprintf("%v from the start somebody keeps %s: %s", when, k, why), c.keeper(k) != nil, want)
			})
		}
		keeps(s+s/2, "a", true, "b and c run and need it")
		keeps(3*s+s/2, "a", true, "c still runs")
		keeps(5*s+s/2, "a", false, "b and c are done")
		keeps(4*s, "b", true, "end needs it")
		keeps(2*s+s/2, "w", false, "it was wanted, and has been fetched")
		keeps(6*s, "b", true, "end runs")
		c.compute("w end", "a:", "b: a", "c: a", "end: b c", "w:")
		c.ran("a b c end w")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {}, "b": {takes: 5 * s}, "f": {takes: s, fails: errBoom}})
		at(3*s, func() {
			t.True("a is still kept while b runs, which needs it, though nobody needs b any more", c.keeper("a") != nil)
		})
		fails(t, c.compute("c", "a:", "b: a", "f:", "c: b f"), "c", errBoom)
	})
}

// TestAFailure checks that who needs a failed task gets its error and is not run, that nothing is tried again, and that everything else goes on.
func TestAFailure(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s, fails: errBoom}, "x": {takes: 3 * s}})
		results := c.compute("c a y b", "a:", "b: a", "c: x b", "x:", "y: x")
		fails(t, results, "a", errBoom)
		fails(t, results, "b", errBoom)
		fails(t, results, "c", errBoom)
		gives(t, results, "y", "y(x)")
		c.ran("a x y")
	})
}

// TestWhatOnlyTheFailedNeed checks that what only tasks with an error would have needed is not begun, and that what runs already is waited for.
func TestWhatOnlyTheFailedNeed(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 1, map[key]work{"a": {takes: s, fails: errBoom}})
		results := c.compute("d e", "a:", "b: n", "n:", "c: a b", "d: c m", "m:", "e: m")
		fails(t, results, "d", errBoom)
		gives(t, results, "e", "e(m)")
		c.ran("a m e")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s, fails: errBoom}, "b": {takes: 5 * s}})
		t.Takes("Compute, where a task fails after one second and another one that is needed no more runs for five", lab.Exactly(5*s), func() {
			fails(t, c.compute("c", "a:", "b:", "c: a b"), "c", errBoom)
		})
	})
	lab.Virtual(t, func(t *lab.T) {
		bang := errors.New("bang")
		c := newCluster(t, 2, map[key]work{"a": {fails: errBoom}, "b": {fails: bang}})
		err := c.compute("c", "a:", "b:", "c: a b")["c"].Err
		t.True(fmt.Sprintf("a task that needs two that fail has the error of one of them; it is %v", err), errors.Is(err, errBoom) || errors.Is(err, bang))
	})
}

// TestLostWhileItRuns checks that a task whose worker is lost is run by another one, that this is no failure, and that the lost one gets nothing any more.
func TestLostWhileItRuns(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: 2 * s, dies: 2}, "b": {takes: s}, "c": {takes: s}})
		t.Takes("a task of two seconds that loses two workers after one each, and then two of one second in a row", lab.Exactly(6*s), func() {
			gives(t, c.compute("c", "a:", "b: a", "c: b"), "c", "c(b(a))")
		})
		c.ran("a a a b c")
	})
}

// TestInputsOutliveALoss checks that the inputs of a task that was lost with its worker are not computed again where others keep them.
func TestInputsOutliveALoss(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 4, map[key]work{"a": {takes: s}, "b": {takes: s}, "c": {takes: 2 * s, dies: 1}})
		again := ""
		looked := at(s+s/2, func() { // c runs: what its worker keeps will be lost with it
			for _, k := range []key{"a", "b"} {
				keeper := c.keeper(k)
				if keeper == nil {
					t.Errorf("the result of %s is released while c, which needs it, still runs", k)
				} else if keeper.runs() == "c" {
					again += " " + string(k)
				}
			}
		})
		gives(t, c.compute("c", "a:", "b:", "c: a b"), "c", "c(a, b)")
		looked()
		c.ran("a b c c" + again)
	})
}

func (w *worker) runs() key {
	w.cluster.mu.Lock()
	defer w.cluster.mu.Unlock()
	return w.busy
}

// TestLostResults checks that of the results of a lost worker those are computed again that are still needed, and no others.
func TestLostResults(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "b": {takes: s}, "slow": {takes: 5 * s}, "end": {takes: s}})
		at(3*s, func() { c.lose("a") })
		results := c.compute("end b", "end: a slow", "a:", "slow:", "b:")
		gives(t, results, "end", "end(a, slow)")
		gives(t, results, "b", "b")
		c.ran("a a b slow end")
	})
}

// lose loses who keeps a result.
func (c *cluster) lose(k key) {
	if w := c.keeper(k); w != nil {
		w.lose()
	} else {
		c.t.Errorf("nobody keeps %s, which is still needed", k)
	}
}

// TestLostWithItsInputsGone checks that a lost result is computed again together with what was released since.
func TestLostWithItsInputsGone(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "b": {takes: s}, "slow": {takes: 5 * s}, "end": {takes: s}})
		at(3*s, func() { c.lose("b") })
		t.Takes("all of it, with a second each for a and b once more", lab.Exactly(8*s), func() {
			gives(t, c.compute("end", "a:", "b: a", "slow:", "end: b slow"), "end", "end(b(a), slow)")
		})
		c.ran("a a b b slow end")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: s}, "b": {takes: s}, "c": {takes: s}, "slow": {takes: 6 * s}, "late": {takes: 9 * s}})
		at(4*s, func() { c.lose("c") })
		gives(t, c.compute("end", "a:", "b: a", "c: b a", "slow: ", "late:", "end: slow c late"), "end", "end(slow, c(b(a), a), late)")
		c.ran("a a b b c c slow late end")
	})
}

// TestWhatWasFetchedIsNotLost checks that the value of a wanted task survives its worker and is not computed again.
func TestWhatWasFetchedIsNotLost(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "slow": {takes: 5 * s}})
		at(2*s, func() {
			for _, w := range c.workers {
				if w.runs() == "" {
					w.lose()
				}
			}
		})
		results := c.compute("a slow", "a:", "slow:")
		gives(t, results, "a", "a")
		gives(t, results, "slow", "slow")
		c.ran("a slow")
	})
}

// TestNobodyIsLeft checks that what is not there yet gets ErrNoWorker when the last worker is lost, and keeps what it has.
func TestNobodyIsLeft(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "f": {takes: s, fails: errBoom}, "b": {takes: 2 * s, dies: 5}})
		t.Takes("Compute, where a task of two seconds takes two workers along", lab.Exactly(3*s), func() {
			results := c.compute("a f c b", "a:", "f:", "b:", "c: b")
			gives(t, results, "a", "a")
			fails(t, results, "f", errBoom)
			fails(t, results, "b", taskgraph.ErrNoWorker)
			fails(t, results, "c", taskgraph.ErrNoWorker)
		})
	})
	lab.Virtual(t, func(t *lab.T) {
		fails(t, newCluster(t, 0, nil).compute("a", "a:"), "a", taskgraph.ErrNoWorker)
	})
}

// TestLostBeforeItIsKnown checks that a worker may be lost at any time between two answers: before its first task, with a wanted result that was not fetched yet, or with one that is to be released.
func TestLostBeforeItIsKnown(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}})
		c.workers[0].lose()
		gives(t, c.compute("b", "a:", "b: a"), "b", "b(a)")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: s, drops: 1}, "b": {takes: s, drops: 1}})
		gives(t, c.compute("b", "a:", "b: a"), "b", "b(a)")
		t.Equal("how often b is run, whose worker is lost before its value is fetched", c.count("b"), 2)
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s, drops: 1}, "b": {takes: s}, "c": {takes: s}})
		results := c.compute("a b c", "a:", "b:", "c:")
		gives(t, results, "a", "a")
		gives(t, results, "c", "c")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 3, map[key]work{"a": {takes: s}, "b": {takes: 5 * s}, "c": {takes: s}, "d": {takes: s}, "e": {takes: s}})
		at(3*s, func() {
			if w := c.keeper("a"); w == nil {
				t.Errorf("nobody keeps a, while b runs, which needs it")
			} else if w.runs() == "" {
				w.lose() // which shows when a is to be released
			}
		})
		gives(t, c.compute("f", "a:", "b: a", "c: b", "d: b", "e: b", "f: c d e"), "f", "f(c(b(a)), d(b(a)), e(b(a)))")
	})
}

// TestVeryManyPaths checks that a graph in which very many paths lead from the end to the start takes no longer for that.
func TestVeryManyPaths(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		tasks := []string{"n0:"}
		for i := 1; i <= 40; i++ {
			tasks = append(tasks, fmt.Sprintf("m%d: n%d", i, i-1), fmt.Sprintf("n%d: n%d m%d", i, i-1, i))
		}
		c := newCluster(t, 2, map[key]work{"n0": {fails: errBoom}})
		fails(t, c.compute("n40", tasks...), "n40", errBoom)
		c.ran("n0")
	})
}

// TestAFailureAfterALoss checks that a task which fails when it is run again gives its error to those that are not done yet.
func TestAFailureAfterALoss(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {takes: s}, "b": {takes: s}, "slow": {takes: 5 * s}})
		at(3*s, func() {
			c.mu.Lock()
			c.works["a"] = work{takes: s, fails: errBoom}
			c.mu.Unlock()
			c.lose("b")
		})
		results := c.compute("end slow", "a:", "b: a", "slow:", "end: b slow")
		fails(t, results, "end", errBoom)
		gives(t, results, "slow", "slow")
		c.ran("a a b slow")
	})
	lab.Virtual(t, func(t *lab.T) {
		c := newCluster(t, 4, map[key]work{"a": {takes: s}, "done": {takes: s}, "long": {takes: 9 * s}, "slow": {takes: 5 * s}})
		spared := true
		at(3*s, func() {
			c.mu.Lock()
			c.works["a"] = work{takes: s, fails: errBoom}
			c.mu.Unlock()
			w := c.keeper("a")
			if w == nil {
				t.Errorf("nobody keeps a, which is still needed")
				return
			}
			spared = w != c.keeper("done") && w.runs() == ""
			w.lose()
		})
		results := c.compute("end long fails", "a:", "slow:", "done: a", "long: a", "end: done slow", "fails: a slow")
		fails(t, results, "fails", errBoom)
		if spared { // else they have gone with it
			gives(t, results, "end", "end(done(a), slow)")
			gives(t, results, "long", "long(a)")
		}
	})
}

// TestManyAtOnce checks that graphs of one's own, each with workers of its own, are computed at the same time.
func TestManyAtOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var all sync.WaitGroup
		t.Takes("three graphs of two seconds, each with workers of its own, at the same time", lab.Exactly(2*s).Sequential(6*s, "the three graphs"), func() {
			for range 3 {
				all.Go(func() {
					c := newCluster(t, 2, map[key]work{"a": {takes: s}, "b": {takes: s}, "c": {takes: s}})
					gives(t, c.compute("c", "a:", "b:", "c: a b"), "c", "c(a, b)")
				})
			}
			all.Wait()
		})
	})
}

// TestTwoEndAtOnce checks on every schedule that two workers that end at the same time are both heard.
func TestTwoEndAtOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := newCluster(t, 2, nil)
		gives(t, c.compute("d", "a:", "b:", "c: a b", "d: c a"), "d", "d(c(a, b), a)")
		c.ran("a b c d")
	})
}

// TestAFailureBesideAnEnd checks on every schedule that a failure and a result that come at the same time are both heard.
func TestAFailureBesideAnEnd(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := newCluster(t, 2, map[key]work{"a": {fails: errBoom}})
		results := c.compute("c d", "a:", "b:", "c: b a", "d: b")
		fails(t, results, "c", errBoom)
		gives(t, results, "d", "d(b)")
	})
}

// TestLostAtAnyMoment checks on every schedule that the value is right, whenever a worker is lost, and that nothing is run three times.
func TestLostAtAnyMoment(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		c := newCluster(t, 2, nil)
		var killer sync.WaitGroup
		killer.Go(c.workers[0].lose)
		gives(t, c.compute("c", "a:", "b: a", "c: b a"), "c", "c(b(a), a)")
		killer.Wait()
		for _, k := range []key{"a", "b", "c"} {
			t.True(fmt.Sprintf("%s is run at most twice where one worker is lost once; it was run %d times", k, c.count(k)), c.count(k) <= 2)
		}
	})
}
