package taskqueue_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/distributed/taskqueue"
	"github.com/python-concurrency/kata/katas/lab"
)

type (
	broker   = taskqueue.Broker
	consumer = taskqueue.Consumer
	delivery = taskqueue.Delivery
)

var errBoom = errors.New("boom")

const s = time.Second

// newBroker makes one with a visibility of a minute and three retries, which wait for one second, two, three.
func newBroker() *broker {
	return taskqueue.NewBroker(taskqueue.Options{Visibility: time.Minute, MaxRetries: 3, Backoff: func(n int) time.Duration { return time.Duration(n) * s }})
}

// receives wants a message at once, or after some time.
func receives(t *lab.T, c *consumer, id string, after time.Duration) *delivery {
	t.Helper()
	var d *delivery
	t.Takes("the Receive that gets "+id, lab.Exactly(after), func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		var err error
		d, err = c.Receive(ctx)
		if !t.ErrorIs("the error of Receive, where "+id+" is there to come", err, nil) || d == nil {
			t.FailNow()
		}
		t.Equal("the message that comes", d.Message.ID, id)
	})
	return d
}

// waits wants nothing to come.
func waits(t *lab.T, c *consumer, why string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), s/10)
	defer cancel()
	if d, err := c.Receive(ctx); err == nil {
		t.Errorf("Receive returns %s, although %s", d.Message.ID, why)
	} else {
		t.ErrorIs("the error of Receive whose context is done, "+why, err, context.DeadlineExceeded)
	}
}

// settles holds the error of Ack or Retry.
func settles(t *lab.T, what string, err, want error) {
	t.Helper()
	t.ErrorIs("the error of "+what, err, want)
}

func ids(ms []taskqueue.Message) string {
	var all []string
	for _, m := range ms {
		all = append(all, fmt.Sprintf("%s/%d", m.ID, m.Retries))
	}
	return strings.Join(all, " ")
}

// TestBackoff checks that each retry waits twice as long as the one before, up to the longest, whatever the number, and that the jitter has the last word.
func TestBackoff(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		for n, want := range map[int]time.Duration{1: s, 2: 2 * s, 3: 4 * s, 4: 8 * s, 5: 10 * s, 6: 10 * s, 64: 10 * s, 65: 10 * s, 1000: 10 * s, math.MaxInt: 10 * s} {
			t.Equal(fmt.Sprintf("how long to wait before retry %d, from one second up to ten", n), taskqueue.Backoff(n, s, 10*s, nil), want)
		}
		t.Equal("how long to wait before the first retry, where the longest is shorter than the factor", taskqueue.Backoff(1, 5*s, 3*s, nil), 3*s)
		t.Equal("how long to wait before retry 62, where nothing is too long", taskqueue.Backoff(62, 1, math.MaxInt64, nil), time.Duration(1)<<61)
		t.Equal("how long to wait before retry 100, where nothing is too long", taskqueue.Backoff(100, 1, math.MaxInt64, nil), time.Duration(math.MaxInt64))
		var asked time.Duration
		t.Equal("how long to wait with a jitter", taskqueue.Backoff(3, s, 10*s, func(d time.Duration) time.Duration { asked = d; return d / 4 }), s)
		t.Equal("what the jitter is asked with", asked, 4*s)
	})
}

// TestReceive checks that messages come in their order, with what was sent, once as long as nobody says otherwise, and that Receive waits for one.
func TestReceive(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(10)
		b.Publish("a", 1)
		b.Publish("b", 2)
		first, second := receives(t, c, "a", 0), receives(t, c, "b", 0)
		t.Equal("the body of the first", first.Message.Body, any(1))
		t.Equal("whether a new message was retried, or redelivered", fmt.Sprint(first.Message.Retries, first.Message.Redelivered), "0 false")
		waits(t, c, "all were handed out")
		settles(t, "Ack", second.Ack(), nil)
		settles(t, "Ack", first.Ack(), nil)
		go func() { time.Sleep(s); b.Publish("c", 3) }()
		settles(t, "Ack", receives(t, c, "c", s).Ack(), nil)
		time.Sleep(time.Hour)
		waits(t, c, "all were acknowledged")
		t.Equal("the dead letters", ids(b.DeadLetters()), "")
	})
}

// TestSettledOnce checks that a delivery is settled once, by whichever of the two, and that another time nothing happens.
func TestSettledOnce(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(10)
		for _, first := range []string{"Ack", "Retry"} {
			b.Publish(first, nil)
			d := receives(t, c, first, 0)
			if first == "Ack" {
				settles(t, "Ack", d.Ack(), nil)
			} else {
				settles(t, "Retry", d.Retry(), nil)
			}
			settles(t, "Ack after "+first, d.Ack(), taskqueue.ErrExpired)
			settles(t, "Retry after "+first, d.Retry(), taskqueue.ErrExpired)
		}
		d := receives(t, c, "Retry", s)
		t.Equal("how often it was retried, where it was settled three times", d.Message.Retries, 1)
		settles(t, "Ack", d.Ack(), nil)
		waits(t, c, "all were acknowledged")
	})
}

// TestVisibility checks that a message which was not acknowledged in time comes again, before all others, and that who comes too late learns of it.
func TestVisibility(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		slow, other := b.Consume(1), b.Consume(10)
		b.Publish("a", "body")
		late := receives(t, slow, "a", 0)
		b.Publish("b", nil)
		time.Sleep(30 * s)
		settles(t, "Ack by another worker, of another message", receives(t, other, "b", 0).Ack(), nil)
		again := receives(t, other, "a", 30*s)
		t.Equal("the message that comes again", fmt.Sprint(again.Message.Body, again.Message.Retries, again.Message.Redelivered), "body0 true")
		settles(t, "a late Ack", late.Ack(), taskqueue.ErrExpired)
		settles(t, "a late Retry", late.Retry(), taskqueue.ErrExpired)
		b.Publish("c", nil)
		b.Publish("d", nil)
		settles(t, "Ack", receives(t, slow, "c", 0).Ack(), nil) // what expired does not count for its prefetch
		time.Sleep(time.Minute - 1)
		settles(t, "an Ack in the last moment", again.Ack(), nil)
		d := receives(t, other, "d", 0)
		b.Publish("e", nil)
		time.Sleep(time.Minute + 1)
		settles(t, "Ack of what has expired", d.Ack(), taskqueue.ErrExpired)
		settles(t, "Ack", receives(t, other, "d", 0).Ack(), nil)
		settles(t, "Ack", receives(t, other, "e", 0).Ack(), nil)
		time.Sleep(time.Hour)
		waits(t, other, "all were acknowledged")
	})
}

// TestPrefetch checks that a worker gets as many messages as it may have, that another one is asked meanwhile, and that each that is settled makes room.
func TestPrefetch(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		for i := range 6 {
			b.Publish(fmt.Sprint("m", i), nil)
		}
		two, one := b.Consume(2), b.Consume(1)
		m0, m1 := receives(t, two, "m0", 0), receives(t, two, "m1", 0)
		waits(t, two, "it has two already, and may have two")
		m2 := receives(t, one, "m2", 0)
		waits(t, one, "it has one already, and may have one")
		settles(t, "Ack", m1.Ack(), nil)
		receives(t, two, "m3", 0)
		settles(t, "Retry", m0.Retry(), nil)
		receives(t, two, "m4", 0)
		go func() { time.Sleep(s / 2); settles(t, "Ack", m2.Ack(), nil) }()
		receives(t, one, "m5", s/2)
	})
}

// TestWhoHasWaitedLonger checks that of several that wait the first one is served, and one that may have no more is passed by.
func TestWhoHasWaitedLonger(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		full, first, second := b.Consume(1), b.Consume(1), b.Consume(1)
		b.Publish("held", nil)
		held := receives(t, full, "held", 0)
		var mu sync.Mutex
		var got []string
		var all sync.WaitGroup
		for i, c := range []*consumer{full, first, second} {
			all.Go(func() {
				time.Sleep(time.Duration(i+1) * s)
				d, err := c.Receive(context.Background())
				mu.Lock()
				defer mu.Unlock()
				if t.ErrorIs("the error of Receive", err, nil) {
					got = append(got, fmt.Sprintf("%d:%s", i, d.Message.ID))
				}
			})
		}
		time.Sleep(4 * s)
		for _, id := range []string{"a", "b", "c"} {
			b.Publish(id, nil)
			time.Sleep(s)
		}
		settles(t, "Ack", held.Ack(), nil)
		all.Wait()
		t.Equal("who gets what, where 0 may have no more at first, and 1 has waited longer than 2", strings.Join(got, " "), "1:a 2:b 0:c")
	})
}

// TestRetry checks that a message that failed waits for its backoff, comes at the end of the queue, and is a dead letter after the last retry.
func TestRetry(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(1)
		b.Publish("a", "body")
		for n := range 3 {
			wait := time.Duration(n) * s
			d := receives(t, c, "a", wait)
			t.Equal("the message, with the number of retries", fmt.Sprint(d.Message.Body, d.Message.Retries, d.Message.Redelivered), fmt.Sprintf("body%d false", n))
			settles(t, "Retry", d.Retry(), nil)
		}
		time.Sleep(3*s - 1)
		b.Publish("b", nil)
		b.Publish("c", nil)
		waitsFor := receives(t, c, "b", 0)
		time.Sleep(s)
		settles(t, "Ack", waitsFor.Ack(), nil)
		settles(t, "Ack", receives(t, c, "c", 0).Ack(), nil)
		d := receives(t, c, "a", 0)
		t.Equal("the dead letters before the last failure", ids(b.DeadLetters()), "")
		settles(t, "the last Retry", d.Retry(), nil)
		t.Equal("the dead letters after it", ids(b.DeadLetters()), "a/3")
		time.Sleep(time.Hour)
		waits(t, c, "it was given up")

		none := taskqueue.NewBroker(taskqueue.Options{Visibility: time.Minute, Backoff: func(int) time.Duration { return 0 }})
		c = none.Consume(1)
		none.Publish("x", nil)
		none.Publish("y", nil)
		settles(t, "Retry", receives(t, c, "x", 0).Retry(), nil)
		settles(t, "Retry", receives(t, c, "y", 0).Retry(), nil)
		t.Equal("the dead letters where nothing is retried", ids(none.DeadLetters()), "x/0 y/0")
		letters := none.DeadLetters()
		if len(letters) == 0 {
			return
		}
		letters[0].ID = "changed"
		t.Equal("the dead letters after somebody has written into the list that he got", ids(none.DeadLetters()), "x/0 y/0")
	})
}

// TestRetriesAndRedeliveries checks that a redelivery does not count as a retry, and that the number of retries survives it.
func TestRetriesAndRedeliveries(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(1)
		b.Publish("a", nil)
		settles(t, "Retry", receives(t, c, "a", 0).Retry(), nil)
		receives(t, c, "a", s)
		d := receives(t, c, "a", time.Minute)
		t.Equal("retries and redelivered, after one of each", fmt.Sprint(d.Message.Retries, d.Message.Redelivered), "1 true")
		settles(t, "Retry", d.Retry(), nil)
		d = receives(t, c, "a", 2*s)
		t.Equal("retries and redelivered, after another retry", fmt.Sprint(d.Message.Retries, d.Message.Redelivered), "2 false")
		settles(t, "Ack", d.Ack(), nil)
	})
}

// TestClose checks that what a closed consumer has not settled comes to others at once, in its order and before all others, and that it gets nothing any more.
func TestClose(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		dies, lives := b.Consume(3), b.Consume(10)
		for _, id := range []string{"a", "b", "c", "d"} {
			b.Publish(id, nil)
		}
		a, second := receives(t, dies, "a", 0), receives(t, dies, "b", 0)
		receives(t, dies, "c", 0)
		settles(t, "Ack", second.Ack(), nil)
		dies.Close()
		dies.Close()
		settles(t, "Ack of a closed consumer", a.Ack(), taskqueue.ErrExpired)
		settles(t, "Retry of a closed consumer", a.Retry(), taskqueue.ErrExpired)
		_, err := dies.Receive(context.Background())
		settles(t, "Receive of a closed consumer", err, taskqueue.ErrClosed)
		for _, id := range []string{"a", "c", "d"} {
			d := receives(t, lives, id, 0)
			t.Equal("whether "+id+" is redelivered", d.Message.Redelivered, id != "d")
			settles(t, "Ack", d.Ack(), nil)
		}
		waits(t, lives, "all were acknowledged")

		waiting := b.Consume(1)
		go func() { time.Sleep(s); waiting.Close() }()
		t.Takes("a Receive whose consumer is closed after a second", lab.Exactly(s), func() {
			_, err := waiting.Receive(context.Background())
			settles(t, "that Receive", err, taskqueue.ErrClosed)
		})
		b.Publish("e", nil)
		receives(t, lives, "e", 0)
		go func() { time.Sleep(s); lives.Close() }()
		third := b.Consume(1)
		settles(t, "Ack of what a worker had that died while another one waited", receives(t, third, "e", s).Ack(), nil)
		time.Sleep(time.Hour)
		waits(t, third, "all were acknowledged")
	})
}

// TestGivingUp checks that a Receive that is given up takes no message along and stands in nobody's way.
func TestGivingUp(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		hasty, patient := b.Consume(1), b.Consume(1)
		waits(t, hasty, "nothing was published")
		b.Publish("a", nil)
		settles(t, "Ack", receives(t, patient, "a", 0).Ack(), nil)
		gone, cancel := context.WithCancel(context.Background())
		cancel()
		b.Publish("b", nil)
		_, err := hasty.Receive(gone)
		settles(t, "Receive with a context that is done", err, context.Canceled)
		settles(t, "Ack", receives(t, patient, "b", 0).Ack(), nil)
		b.Publish("c", nil)
		settles(t, "Ack", receives(t, hasty, "c", 0).Ack(), nil)
	})
}

// TestDo checks that an effect happens once for each key, that its result is remembered, and that one that fails has not happened.
func TestDo(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		store := taskqueue.NewStore()
		calls := 0
		effect := func(result any, err error) func() (any, error) {
			return func() (any, error) { calls++; return result, err }
		}
		do := func(what, key string, fn func() (any, error), want any, wantErr error, wantCalls int) {
			t.Helper()
			result, err := store.Do(key, fn)
			if t.ErrorIs("the error of "+what, err, wantErr) && wantErr == nil {
				t.Equal("the result of "+what, result, want)
			}
			t.Equal("how many effects there were after "+what, calls, wantCalls)
		}
		do("an effect", "a", effect(1, nil), 1, nil, 1)
		do("the same once more", "a", effect(2, nil), 1, nil, 1)
		do("one that fails", "b", effect(nil, errBoom), nil, errBoom, 2)
		do("the same, which is well now", "b", effect("well", nil), "well", nil, 3)
		do("the same once more", "b", effect("again", nil), "well", nil, 3)
		do("one without a result", "c", effect(nil, nil), nil, nil, 4)
		do("the same once more", "c", effect(5, nil), nil, nil, 4)
		func() {
			defer func() { t.Equal("what a panic of an effect brings", recover(), any("died")) }()
			_, _ = store.Do("d", func() (any, error) { panic("died") })
		}()
		do("one that had panicked before", "d", effect(6, nil), 6, nil, 5)
	})
}

// TestDoWaits checks that who comes while an effect is being called waits for it, that other keys do not, and that one of those who wait calls his own where it fails.
func TestDoWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		store := taskqueue.NewStore()
		var calls atomic.Int32
		var all sync.WaitGroup
		t.Takes("three calls for one key, whose effect takes two seconds, beside one for another key", lab.Exactly(2*s), func() {
			for i := range 3 {
				all.Go(func() {
					time.Sleep(time.Duration(i))
					result, err := store.Do("a", func() (any, error) { calls.Add(1); time.Sleep(2 * s); return i, nil })
					settles(t, "Do", err, nil)
					t.Equal("the result", result, any(0))
				})
			}
			all.Go(func() {
				t.Takes("a Do for another key meanwhile", lab.Exactly(0), func() { _, _ = store.Do("b", func() (any, error) { return nil, nil }) })
			})
			all.Wait()
		})
		t.Equal("how many effects there were for the key", calls.Load(), int32(1))

		calls.Store(0)
		var failed atomic.Int32
		for i := range 3 {
			all.Go(func() {
				time.Sleep(time.Duration(i))
				_, err := store.Do("c", func() (any, error) {
					time.Sleep(s)
					if calls.Add(1) == 1 {
						return nil, errBoom
					}
					return "well", nil
				})
				if err != nil {
					failed.Add(1)
				}
			})
		}
		all.Wait()
		t.Equal("how many effects there were, where the first one fails", calls.Load(), int32(2))
		t.Equal("how many of the callers have failed", failed.Load(), int32(1))
	})
}

// TestNothingIsLostAndNothingIsDoubled checks that where workers die in the middle of their work, before it and after it, every task is done, and each effect is there once.
func TestNothingIsLostAndNothingIsDoubled(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b, store := newBroker(), taskqueue.NewStore()
		var mu sync.Mutex
		effects := make(map[string]int)
		const tasks = 20
		for i := range tasks {
			b.Publish(fmt.Sprint("task ", i), nil)
		}
		var left atomic.Int32
		left.Store(tasks)
		var all sync.WaitGroup
		var died atomic.Int32
		worker := func(n int) {
			c := b.Consume(2)
			defer c.Close()
			for step := 0; left.Load() > 0; step++ {
				ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
				d, err := c.Receive(ctx)
				cancel()
				if err != nil {
					return
				}
				time.Sleep(s)
				fate := (n + step) % 5
				if fate == 0 && n < 8 {
					died.Add(1)
					return // before its work
				}
				_, err = store.Do(d.Message.ID, func() (any, error) {
					mu.Lock()
					defer mu.Unlock()
					effects[d.Message.ID]++
					return nil, nil
				})
				settles(t, "Do", err, nil)
				if fate == 1 && n < 8 {
					died.Add(1)
					return // after its work, and before it could say so
				}
				if d.Ack() == nil {
					left.Add(-1)
				}
			}
		}
		for n := range 10 {
			all.Go(func() { worker(n) })
		}
		all.Wait()
		t.True("workers have died in this test", died.Load() > 3)
		for i := range tasks {
			id := fmt.Sprint("task ", i)
			t.Equal("how often the effect of "+id+" is there", effects[id], 1)
		}
		t.Equal("how many tasks were not acknowledged", left.Load(), int32(0))
	})
}

// TestOneMessageForOne checks on every schedule that a message is had by one of two that ask at the same time.
func TestOneMessageForOne(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBroker()
		var got atomic.Int32
		var all sync.WaitGroup
		for range 2 {
			c := b.Consume(1)
			all.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), s)
				defer cancel()
				if d, err := c.Receive(ctx); err == nil {
					got.Add(1)
					settles(t, "Ack", d.Ack(), nil)
				}
			})
		}
		b.Publish("a", nil)
		all.Wait()
		t.Equal("how many have got the one message", got.Load(), int32(1))
	})
}

// TestGivingUpBesideAMessage checks on every schedule that a message which comes when a Receive is given up is had by it or by the next one.
func TestGivingUpBesideAMessage(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(2)
		ctx, cancel := context.WithCancel(context.Background())
		var all sync.WaitGroup
		all.Go(cancel)
		all.Go(func() { b.Publish("a", nil) })
		d, err := c.Receive(ctx)
		all.Wait()
		if err != nil {
			d = receives(t, c, "a", 0)
		}
		settles(t, "Ack", d.Ack(), nil)
	})
}

// TestAckBesideClose checks on every schedule that a message which is acknowledged when its consumer is closed is either gone or comes again, as Ack says.
func TestAckBesideClose(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBroker()
		c, other := b.Consume(1), b.Consume(1)
		b.Publish("a", nil)
		d := receives(t, c, "a", 0)
		var all sync.WaitGroup
		all.Go(c.Close)
		err := d.Ack()
		all.Wait()
		if err == nil {
			waits(t, other, "it was acknowledged")
		} else {
			settles(t, "Ack", receives(t, other, "a", 0).Ack(), nil)
		}
	})
}

// TestDoOnce checks on every schedule that an effect happens once where two come with it at the same time, and twice where the first one fails.
func TestDoOnce(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		store := taskqueue.NewStore()
		var calls atomic.Int32
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				result, err := store.Do("a", func() (any, error) { calls.Add(1); return "result", nil })
				t.Equal("the result", fmt.Sprintf("%v, %v", result, err), "result, <nil>")
			})
		}
		all.Wait()
		t.Equal("how many effects there were", calls.Load(), int32(1))
	})
}

// TestRetryMakesRoom checks that who waits for a message, and may have one only when another is settled, gets it when that is retried, and not when it comes again.
func TestRetryMakesRoom(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(1)
		b.Publish("a", nil)
		b.Publish("b", nil)
		d := receives(t, c, "a", 0)
		go func() { time.Sleep(s); settles(t, "Retry", d.Retry(), nil) }()
		settles(t, "Ack", receives(t, c, "b", s).Ack(), nil)
		settles(t, "Ack", receives(t, c, "a", s).Ack(), nil)
	})
}

// TestSettledOnceByTwo checks on every schedule that of two who settle a delivery at the same time one is told that it was his, and that the message is retried once at most.
func TestSettledOnceByTwo(t *testing.T) {
	for _, second := range []string{"Ack", "Retry"} {
		lab.Explored(t, func(t *lab.T) {
			b := newBroker()
			c := b.Consume(3)
			b.Publish("a", nil)
			b.Publish("b", nil)
			d := receives(t, c, "a", 0)
			other := receives(t, c, "b", 0)
			var all sync.WaitGroup
			var err error
			all.Go(func() {
				if second == "Ack" {
					err = d.Ack()
				} else {
					err = d.Retry()
				}
			})
			mine := d.Retry()
			all.Wait()
			t.True("of two who settle at the same time one gets ErrExpired, and the other nil", (err == nil) != (mine == nil))
			settles(t, "Ack of another delivery", other.Ack(), nil)
			time.Sleep(2 * s)
			if mine == nil || second == "Retry" {
				settles(t, "Ack", receives(t, c, "a", 0).Ack(), nil)
			}
			waits(t, c, "it was settled once")
		})
	}
}

// TestRetryBesideOthers checks on every schedule that a message that is retried, or given up, disturbs nobody who does something else at the same time.
func TestRetryBesideOthers(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := taskqueue.NewBroker(taskqueue.Options{Visibility: time.Minute, Backoff: func(int) time.Duration { return s }})
		c := b.Consume(2)
		b.Publish("a", nil)
		d := receives(t, c, "a", 0)
		var all sync.WaitGroup
		all.Go(func() { settles(t, "Retry", d.Retry(), nil) })
		all.Go(func() { b.Publish("b", nil) })
		early := len(b.DeadLetters())
		all.Wait()
		t.True("there are no more dead letters before than after", early <= len(b.DeadLetters()))
		t.Equal("the dead letters", ids(b.DeadLetters()), "a/0")
		settles(t, "Ack", receives(t, c, "b", 0).Ack(), nil)
	})
}

// TestCloseBesideReceive checks on every schedule that a Receive whose consumer is closed at the same time comes back.
func TestCloseBesideReceive(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := newBroker()
		c := b.Consume(1)
		var all sync.WaitGroup
		all.Go(c.Close)
		_, err := c.Receive(context.Background())
		settles(t, "Receive", err, taskqueue.ErrClosed)
		all.Wait()
	})
}

// TestFailureBesideAnotherKey checks on every schedule that an effect that fails does not disturb that of another key.
func TestFailureBesideAnotherKey(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		store := taskqueue.NewStore()
		var all sync.WaitGroup
		all.Go(func() {
			_, err := store.Do("a", func() (any, error) { return nil, errBoom })
			settles(t, "Do", err, errBoom)
		})
		result, err := store.Do("b", func() (any, error) { return "well", nil })
		all.Wait()
		t.Equal("the result of the other one", fmt.Sprintf("%v, %v", result, err), "well, <nil>")
	})
}
