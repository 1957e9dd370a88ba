package boundedqueue_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threading/boundedqueue"
)

type queue = boundedqueue.Queue[int]

// puts puts items that must find room.
func puts(t *lab.T, q *queue, items ...int) {
	t.Helper()
	for _, item := range items {
		if !t.ErrorIs(fmt.Sprintf("the error of PutNowait(%d) where there is room", item), q.PutNowait(item), nil) {
			t.FailNow()
		}
	}
}

// gets gets items that must be there.
func gets(t *lab.T, when string, q *queue, want ...int) {
	t.Helper()
	for _, w := range want {
		got, err := q.GetNowait()
		if !t.ErrorIs("the error of GetNowait "+when, err, nil) || !t.Equal("what GetNowait returns "+when, got, w) {
			t.FailNow()
		}
	}
}

// empty wants that nothing is left.
func empty(t *lab.T, when string, q *queue) {
	t.Helper()
	t.Equal("Qsize "+when, q.Qsize(), 0)
	_, err := q.GetNowait()
	t.ErrorIs("the error of GetNowait "+when, err, boundedqueue.ErrEmpty)
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// TestFirstInFirstOut checks that items come out in the order they went in, and that Qsize counts them.
func TestFirstInFirstOut(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for _, maxsize := range []int{0, -1, 5} {
			q := boundedqueue.New[int](maxsize)
			empty(t, "of a new queue", q)
			puts(t, q, 1, 2, 3)
			t.Equal("Qsize after three puts", q.Qsize(), 3)
			gets(t, "after 1, 2 and 3 were put", q, 1)
			puts(t, q, 4)
			gets(t, "after 4 was put behind 2 and 3", q, 2, 3, 4)
			empty(t, "when all are out", q)
		}
	})
}

// TestNowait checks that PutNowait fills the queue to its last place and no further, and that maxsize 0 is no bound.
func TestNowait(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](2)
		puts(t, q, 1, 2)
		t.ErrorIs("the error of PutNowait on a full queue", q.PutNowait(3), boundedqueue.ErrFull)
		t.ErrorIs("the error of PutTimeout(0) on a full queue", q.PutTimeout(3, 0), boundedqueue.ErrFull)
		t.Equal("Qsize of a full queue with maxsize 2", q.Qsize(), 2)
		gets(t, "on a full queue", q, 1)
		puts(t, q, 4)
		gets(t, "after 3 was refused and 4 was put", q, 2, 4)
		_, err := q.GetTimeout(0)
		t.ErrorIs("the error of GetTimeout(0) on an empty queue", err, boundedqueue.ErrEmpty)
		unbounded := boundedqueue.New[int](0)
		for i := range 1000 {
			puts(t, unbounded, i)
		}
		t.Equal("Qsize of an unbounded queue after 1000 puts", unbounded.Qsize(), 1000)
	})
}

// TestPutWaits checks that Put on a full queue comes back in the moment in which somebody gets an item.
func TestPutWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		puts(t, q, 1)
		go func() { time.Sleep(time.Second); gets(t, "on a full queue", q, 1) }()
		t.Takes("Put on a full queue of which an item is got after a second", lab.Exactly(time.Second), func() {
			t.ErrorIs("the error of Put", q.Put(2), nil)
		})
		go func() { time.Sleep(time.Second); gets(t, "on a full queue", q, 2) }()
		t.Takes("PutTimeout(5s) on a full queue of which an item is got after a second", lab.Exactly(time.Second), func() {
			t.ErrorIs("the error of PutTimeout(5s)", q.PutTimeout(3, 5*time.Second), nil)
		})
		gets(t, "after it", q, 3)
	})
}

// TestGetWaits checks that Get on an empty queue comes back in the moment in which somebody puts an item.
func TestGetWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		for _, get := range []func() (int, error){q.Get, func() (int, error) { return q.GetTimeout(5 * time.Second) }} {
			go func() { time.Sleep(time.Second); puts(t, q, 7) }()
			t.Takes("a get on an empty queue into which an item is put after a second", lab.Exactly(time.Second), func() {
				got, err := get()
				t.ErrorIs("its error", err, nil)
				t.Equal("what it returns", got, 7)
			})
		}
	})
}

// TestTimeouts checks that PutTimeout and GetTimeout give up after exactly their time, and leave the queue as it was.
func TestTimeouts(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		t.Takes("GetTimeout(3s) on an empty queue", lab.Exactly(3*time.Second), func() {
			_, err := q.GetTimeout(3 * time.Second)
			t.ErrorIs("its error", err, boundedqueue.ErrEmpty)
		})
		puts(t, q, 1)
		t.Takes("PutTimeout(3s) on a full queue", lab.Exactly(3*time.Second), func() {
			t.ErrorIs("its error", q.PutTimeout(2, 3*time.Second), boundedqueue.ErrFull)
		})
		t.Equal("Qsize after a put that gave up", q.Qsize(), 1)
		gets(t, "after a put that gave up", q, 1)
		empty(t, "after a put that gave up", q)
		puts(t, q, 1)
		t.Takes("PutNowait on a full queue", lab.Exactly(0), func() { q.PutNowait(2) })
		t.Takes("PutTimeout(1ns) on a full queue", lab.Exactly(1), func() { q.PutTimeout(2, 1) })
		gets(t, "after puts that gave up", q, 1)
		t.Takes("GetNowait on an empty queue", lab.Exactly(0), func() { q.GetNowait() })
		t.Takes("GetTimeout(1ns) on an empty queue", lab.Exactly(1), func() { q.GetTimeout(1) })
		t.Takes("PutTimeout(3s) where there is room", lab.Exactly(0), func() { q.PutTimeout(3, 3*time.Second) })
		t.Takes("GetTimeout(3s) where there is an item", lab.Exactly(0), func() { q.GetTimeout(3 * time.Second) })
	})
}

// TestNegativeTimeouts checks that a negative timeout is refused at once, and that an unbounded queue never looks at that of a put.
func TestNegativeTimeouts(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		t.ErrorIs("the error of PutTimeout(-1s) where there is room", q.PutTimeout(1, -time.Second), boundedqueue.ErrTimeout)
		_, err := q.GetTimeout(-time.Second)
		t.ErrorIs("the error of GetTimeout(-1s) on an empty queue", err, boundedqueue.ErrTimeout)
		puts(t, q, 2)
		t.ErrorIs("the error of PutTimeout(-1s) on a full queue", q.PutTimeout(3, -1), boundedqueue.ErrTimeout)
		_, err = q.GetTimeout(-1)
		t.ErrorIs("the error of GetTimeout(-1ns) where there is an item", err, boundedqueue.ErrTimeout)
		gets(t, "after all of these", q, 2)
		empty(t, "after all of these", q)
		unbounded := boundedqueue.New[int](0)
		t.ErrorIs("the error of PutTimeout(-1s) on an unbounded queue", unbounded.PutTimeout(1, -time.Second), nil)
		gets(t, "after it", unbounded, 1)
	})
}

// TestJoin checks that Join waits for a TaskDone for each item, not for the queue to be empty, and that it can be used again.
func TestJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		t.Takes("Join of a new queue", lab.Exactly(0), q.Join)
		for range 2 {
			puts(t, q, 1, 2)
			gets(t, "after two puts", q, 1, 2)
			go func() {
				for range 2 {
					time.Sleep(time.Second)
					t.ErrorIs("the error of TaskDone for an item that was got", q.TaskDone(), nil)
				}
			}()
			t.Takes("two Joins where the second of two items is done after two seconds", lab.Exactly(2*time.Second), func() { together(q.Join, q.Join) })
			t.ErrorIs("the error of a TaskDone more than there were items", q.TaskDone(), boundedqueue.ErrTooManyDone)
			t.Takes("Join after it", lab.Exactly(0), q.Join)
		}
	})
}

// TestShutdown checks that a queue that is shut down takes nothing more, gives what it has, and then says so.
func TestShutdown(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](2)
		puts(t, q, 1, 2)
		q.Shutdown(false)
		t.ErrorIs("the error of Put on a full queue that is shut down", q.Put(3), boundedqueue.ErrShutDown)
		t.ErrorIs("the error of PutNowait on a full queue that is shut down", q.PutNowait(3), boundedqueue.ErrShutDown)
		t.ErrorIs("the error of PutTimeout(-1s) on a queue that is shut down", q.PutTimeout(3, -time.Second), boundedqueue.ErrShutDown)
		t.Equal("Qsize of a queue that is shut down with two items in it", q.Qsize(), 2)
		gets(t, "on a queue that is shut down", q, 1)
		_, err := q.GetTimeout(-time.Second)
		t.ErrorIs("the error of GetTimeout(-1s) on a queue that is shut down and has an item", err, boundedqueue.ErrTimeout)
		got, err := q.Get()
		t.ErrorIs("the error of Get on a queue that is shut down and has an item", err, nil)
		t.Equal("what it returns", got, 2)
		for what, get := range map[string]func() (int, error){
			"Get": q.Get, "GetNowait": q.GetNowait,
			"GetTimeout(1s)":  func() (int, error) { return q.GetTimeout(time.Second) },
			"GetTimeout(-1s)": func() (int, error) { return q.GetTimeout(-time.Second) },
		} {
			_, err := get()
			t.ErrorIs("the error of "+what+" on a queue that is shut down and empty", err, boundedqueue.ErrShutDown)
		}
		t.ErrorIs("the error of TaskDone for the first item", q.TaskDone(), nil)
		t.ErrorIs("the error of TaskDone for the second item", q.TaskDone(), nil)
		t.Takes("Join", lab.Exactly(0), q.Join)
	})
}

// TestShutdownWakes checks that everybody who waits in Put or Get learns of the shutdown in its moment.
func TestShutdownWakes(t *testing.T) {
	for _, immediate := range []bool{false, true} {
		lab.Virtual(t, func(t *lab.T) {
			full, bare := boundedqueue.New[int](1), boundedqueue.New[int](1)
			puts(t, full, 1)
			var told [6]error
			t.Takes(fmt.Sprintf("three that wait to put and three that wait to get, until Shutdown(%t) after a second", immediate), lab.Exactly(time.Second), func() {
				together(
					func() { time.Sleep(time.Second); full.Shutdown(immediate); bare.Shutdown(immediate) },
					func() { told[0] = full.Put(2) },
					func() { told[1] = full.Put(3) },
					func() { told[2] = full.PutTimeout(4, time.Hour) },
					func() { _, told[3] = bare.Get() },
					func() { _, told[4] = bare.Get() },
					func() { _, told[5] = bare.GetTimeout(time.Hour) },
				)
			})
			for _, err := range told {
				t.ErrorIs("the error of one that waited when the queue was shut down", err, boundedqueue.ErrShutDown)
			}
			want := 1
			if immediate {
				want = 0
			}
			t.Equal(fmt.Sprintf("Qsize after Shutdown(%t) of a queue with one item", immediate), full.Qsize(), want)
		})
	}
}

// TestShutdownImmediate checks that the items which are there are dropped and count as done, and that those which were got do not.
func TestShutdownImmediate(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		puts(t, q, 1, 2, 3)
		gets(t, "before the shutdown", q, 1)
		q.Shutdown(false)
		q.Shutdown(true) // now in earnest
		t.Equal("Qsize after Shutdown(true)", q.Qsize(), 0)
		_, err := q.Get()
		t.ErrorIs("the error of Get after Shutdown(true)", err, boundedqueue.ErrShutDown)
		go func() {
			time.Sleep(time.Second)
			t.ErrorIs("the error of TaskDone for the item that was got before", q.TaskDone(), nil)
		}()
		t.Takes("Join, where two of three items were dropped and the third is done after a second", lab.Exactly(time.Second), q.Join)
		t.ErrorIs("the error of a TaskDone more", q.TaskDone(), boundedqueue.ErrTooManyDone)
	})
}

// TestShutdownFreesJoin checks that who waits in Join while nobody takes the items comes back when they are dropped.
func TestShutdownFreesJoin(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		puts(t, q, 1, 2, 3)
		go func() { time.Sleep(time.Second); q.Shutdown(true) }()
		t.Takes("Join of a queue that is shut down at once after a second", lab.Exactly(time.Second), q.Join)
	})
}

// TestNothingLostNothingDoubled checks that each item of two producers reaches one of two consumers, those of one producer in their order.
func TestNothingLostNothingDoubled(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		var got [2][]int
		produce := func(items ...int) func() {
			return func() {
				for _, item := range items {
					t.ErrorIs("the error of Put", q.Put(item), nil)
				}
			}
		}
		consume := func(i int) func() {
			return func() {
				for range 2 {
					item, err := q.Get()
					t.ErrorIs("the error of Get", err, nil)
					got[i] = append(got[i], item)
				}
			}
		}
		together(produce(1, 2), produce(3, 4), consume(0), consume(1))
		all := append(slices.Clone(got[0]), got[1]...)
		slices.Sort(all)
		t.Equal("what two consumers got of the items 1, 2, 3 and 4", all, []int{1, 2, 3, 4})
		for _, one := range got {
			if slices.Index(one, 2) == 0 && slices.Contains(one, 1) || slices.Index(one, 4) == 0 && slices.Contains(one, 3) {
				t.Errorf("one consumer got %v: of one producer 1 was put before 2, of the other 3 before 4", one)
			}
		}
		empty(t, "after it", q)
	})
}

// TestRoomForTwo checks that of three that put without waiting into a queue for two exactly one is refused.
func TestRoomForTwo(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](2)
		var told [3]error
		put := func(i int) func() { return func() { told[i] = q.PutNowait(i) } }
		together(put(0), put(1), put(2))
		refused := 0
		for _, err := range told {
			if err != nil {
				t.ErrorIs("the error of the one that came last", err, boundedqueue.ErrFull)
				refused++
			}
		}
		t.Equal("how many of three PutNowait at once into a queue for two are refused", refused, 1)
		t.Equal("Qsize after them", q.Qsize(), 2)
	})
}

// TestQsizeBesidePut checks that Qsize may be asked while somebody puts and somebody gets.
func TestQsizeBesidePut(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		size := 0
		together(func() { q.Put(1) }, func() { q.Get() }, func() { size = q.Qsize() })
		if size != 0 && size != 1 {
			t.Errorf("Qsize of a queue with maxsize 1 says %d", size)
		}
	})
}

// TestEveryPutCounts checks that Join and TaskDone know of each of two items that are put at the same time.
func TestEveryPutCounts(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		together(func() { q.Put(1) }, func() { q.Put(2) })
		for range 2 {
			q.Get()
			t.ErrorIs("the error of TaskDone for one of two items", q.TaskDone(), nil)
		}
		t.ErrorIs("the error of a TaskDone more", q.TaskDone(), boundedqueue.ErrTooManyDone)
	})
}

// TestDoneOnce checks that of two that report the one item done at the same time one is told that it is too many.
func TestDoneOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		puts(t, q, 1)
		q.Get()
		var first, second error
		together(func() { first = q.TaskDone() }, func() { second = q.TaskDone() })
		if (first == nil) == (second == nil) {
			t.Errorf("one item was reported done twice at the same time, with the errors %v and %v: one of the two is too many", first, second)
		}
	})
}

// TestGivingUpTakesNothingAlong checks that a getter whose time runs out just when an item comes either gets it or leaves it, and the wake-up, to the next.
func TestGivingUpTakesNothingAlong(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		start := time.Now()
		var first, second int
		var err error
		var after time.Duration
		together(
			func() { first, err = q.GetTimeout(time.Second) },
			func() { second, _ = q.Get(); after = time.Since(start) },
			func() {
				time.Sleep(time.Second)
				q.Put(7)
				time.Sleep(time.Second)
				q.Put(8)
			},
		)
		switch {
		case err == nil && first == 7:
			t.Equal("what the getter without a timeout gets where 7 went to the other", second, 8)
		case errors.Is(err, boundedqueue.ErrEmpty):
			t.Equal("what the getter without a timeout gets where the other gave up", second, 7)
			t.Equal("when it gets it, where 7 was put after one second, just when the other gave up", after, time.Second)
		case err == nil:
			t.Equal("what the getter with the timeout gets", first, 7)
		default:
			t.ErrorIs("the error of GetTimeout(1s)", err, boundedqueue.ErrEmpty)
		}
	})
}

// TestGivingUpLeavesTheRoom checks that a putter whose time runs out just when there is room either uses it or leaves it, and the wake-up, to the next.
func TestGivingUpLeavesTheRoom(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		puts(t, q, 1)
		start := time.Now()
		var err error
		var after time.Duration
		var got []int
		together(
			func() { err = q.PutTimeout(2, time.Second) },
			func() { q.Put(3); after = time.Since(start) },
			func() {
				for range 2 {
					time.Sleep(time.Second)
					item, _ := q.Get()
					got = append(got, item)
				}
			},
		)
		item, left := q.GetNowait()
		if left == nil {
			got = append(got, item)
		}
		slices.Sort(got)
		if err == nil {
			t.Equal("what comes out where PutTimeout(2, 1s) says that it has put", got, []int{1, 2, 3})
			return
		}
		t.ErrorIs("the error of PutTimeout(2, 1s)", err, boundedqueue.ErrFull)
		t.Equal("what comes out where PutTimeout(2, 1s) says that it has not put", got, []int{1, 3})
		t.Equal("when the other Put comes back, where there was room after one second", after, time.Second)
	})
}

// TestTimeRunsFromTheCall checks that a getter which is woken for an item that another one takes goes on waiting for the rest of its time, and no longer.
func TestTimeRunsFromTheCall(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		start := time.Now()
		var err error
		var after time.Duration
		together(
			func() { _, err = q.GetTimeout(5 * time.Second); after = time.Since(start) },
			func() {
				time.Sleep(3 * time.Second)
				q.Put(1)
				q.GetNowait()
			},
		)
		want := 3 * time.Second
		if err != nil {
			want = 5 * time.Second
		}
		t.Equal(fmt.Sprintf("when GetTimeout(5s) comes back with the error %v, where an item came after three seconds", err), after, want)
	})
}

// TestShutdownBesideAll checks that a shutdown in the midst of puts and gets leaves nobody waiting, and no item that a Put says it has put unaccounted for.
func TestShutdownBesideAll(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](1)
		var put [2]error
		var got error
		together(
			func() { put[0] = q.Put(1); put[1] = q.Put(2) },
			func() { _, got = q.Get() },
			func() { q.Shutdown(false) },
		)
		in := 0
		for _, err := range put {
			if err == nil {
				in++
			} else {
				t.ErrorIs("the error of Put", err, boundedqueue.ErrShutDown)
			}
		}
		out := q.Qsize()
		if got == nil {
			out++
		} else {
			t.ErrorIs("the error of Get", got, boundedqueue.ErrShutDown)
		}
		t.Equal("how many items were got or are still there, of those that Put says it has put", out, in)
	})
}

// TestJoinBesideShutdown checks that Join comes back where the items are dropped while somebody works on one.
func TestJoinBesideShutdown(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		puts(t, q, 1, 2)
		together(
			q.Join,
			func() {
				if _, err := q.Get(); err == nil {
					t.ErrorIs("the error of TaskDone for an item that was got", q.TaskDone(), nil)
				}
			},
			func() { q.Shutdown(true) },
		)
		t.ErrorIs("the error of a TaskDone more than there were items", q.TaskDone(), boundedqueue.ErrTooManyDone)
	})
}

// TestJoinSeesTheLastOne checks that everybody in Join comes back when two workers report their last items at the same time.
func TestJoinSeesTheLastOne(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		q := boundedqueue.New[int](0)
		puts(t, q, 1, 2)
		work := func() {
			q.Get()
			t.ErrorIs("the error of TaskDone", q.TaskDone(), nil)
		}
		together(q.Join, q.Join, work, work)
	})
}
