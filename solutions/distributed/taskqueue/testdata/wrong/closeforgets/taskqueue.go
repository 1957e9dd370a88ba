//kata:wrong kind=wrong  forgets what a dead worker had

// Package taskqueue is an exercise: what lies between those who send tasks and Celery's workers. A broker hands out messages, and
// has to live with workers that die without a word; a store sees to it that what was done is not done twice.
//
// Rules for the whole package:
//   - A message is delivered at least once. It belongs to the broker until it is acknowledged, after the work and not before
//     (acks_late): whatever becomes of a worker, it comes again. So it may come twice, and the effect must not.
//   - Everything may be called by any goroutine, at any time. Who waits sleeps, and asks for nothing again and again. Nobody is
//     held up by what others do with their messages.
//   - No goroutine is left behind when nothing waits any more.
package taskqueue

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

var (
	// ErrExpired says that a delivery is not the caller's any more: it was settled, or its time had run out, or its consumer is closed.
	ErrExpired = errors.New("the delivery is not yours any more")
	// ErrClosed says that a consumer is closed.
	ErrClosed = errors.New("the consumer is closed")
)

// Options are a broker's.
type Options struct {
	// Visibility is how long a delivery may take: then the message is handed out again (visibility_timeout).
	Visibility time.Duration
	// MaxRetries is how often a message may be retried; the next failure makes it a dead letter.
	MaxRetries int
	// Backoff says how long a message waits before its n-th retry, from 1.
	Backoff func(n int) time.Duration
}

// Message is a task on its way.
type Message struct {
	// ID names the task, and its effect: the same in every delivery.
	ID   string
	Body any
	// Retries counts how often it was retried.
	Retries int
	// Redelivered: somebody had it before, and has not said what became of it.
	Redelivered bool
}

// Backoff is Celery's get_exponential_backoff_interval.
func Backoff(n int, factor, longest time.Duration, jitter func(d time.Duration) time.Duration) time.Duration {
	d := min(factor, longest)
	for ; n > 1 && d > 0 && d < longest; n-- {
		d = min(d, longest-d) + d
	}
	if jitter != nil {
		d = jitter(d)
	}
	return d
}

// Broker keeps messages and hands them out.
type Broker struct {
	options Options

	mu      sync.Mutex
	queue   []Message
	waiting []*waiter
	dead    []Message
}

// waiter is a Receive that waits.
type waiter struct {
	consumer *Consumer
	// given gets a delivery, or is closed with the consumer.
	given chan *Delivery
}

// NewBroker returns a broker without messages.
func NewBroker(o Options) *Broker { return &Broker{options: o} }

// Publish adds a message to the end of the queue.
func (b *Broker) Publish(id string, body any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.add(Message{ID: id, Body: body})
}

func (b *Broker) add(m Message) {
	b.queue = append(b.queue, m)
	b.handOut()
}

// handOut gives messages to those who wait and may have one.
func (b *Broker) handOut() {
	for len(b.queue) > 0 {
		at := slices.IndexFunc(b.waiting, func(w *waiter) bool { return len(w.consumer.held) < w.consumer.prefetch })
		if at < 0 {
			return
		}
		w := b.waiting[at]
		b.waiting = slices.Delete(b.waiting, at, at+1)
		d := &Delivery{Message: b.queue[0], consumer: w.consumer}
		b.queue = b.queue[1:]
		w.consumer.held = append(w.consumer.held, d)
		d.timer = time.AfterFunc(b.options.Visibility, d.expire)
		w.given <- d
	}
}

// DeadLetters are the messages that were given up.
func (b *Broker) DeadLetters() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.dead)
}

// Consumer is a worker's connection to the broker.
type Consumer struct {
	broker   *Broker
	prefetch int
	// held are the deliveries that it has not settled.
	held   []*Delivery
	closed bool
}

// Consume connects a worker.
func (b *Broker) Consume(prefetch int) *Consumer {
	return &Consumer{broker: b, prefetch: prefetch}
}

// Delivery is a message in a worker's hand.
type Delivery struct {
	Message  Message
	consumer *Consumer
	timer    *time.Timer
}

// Receive returns the first message of the queue.
func (c *Consumer) Receive(ctx context.Context) (*Delivery, error) {
	b := c.broker
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	if c.closed {
		b.mu.Unlock()
		return nil, ErrClosed
	}
	w := &waiter{consumer: c, given: make(chan *Delivery, 1)}
	b.waiting = append(b.waiting, w)
	b.handOut()
	b.mu.Unlock()
	select {
	case d, ok := <-w.given:
		return received(d, ok)
	case <-ctx.Done():
	}
	b.mu.Lock()
	at := slices.Index(b.waiting, w)
	if at >= 0 {
		b.waiting = slices.Delete(b.waiting, at, at+1)
	}
	b.mu.Unlock()
	if at >= 0 {
		return nil, ctx.Err()
	}
	d, ok := <-w.given // it came in the same moment
	return received(d, ok)
}

func received(d *Delivery, ok bool) (*Delivery, error) {
	if !ok {
		return nil, ErrClosed
	}
	return d, nil
}

// Close gives back what a worker has not settled.
func (c *Consumer) Close() {
	b := c.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	c.closed = true
	b.waiting = slices.DeleteFunc(b.waiting, func(w *waiter) bool {
		if w.consumer == c {
			close(w.given)
		}
		return w.consumer == c
	})
	for len(c.held) > 0 {
		c.held[0].take()
	}
	b.handOut()
}

// take takes the delivery out of its worker's hand. It reports false where it is not there any more.
func (d *Delivery) take() bool {
	at := slices.Index(d.consumer.held, d)
	if at < 0 {
		return false
	}
	d.consumer.held = slices.Delete(d.consumer.held, at, at+1)
	d.timer.Stop()
	return true
}

// giveBack puts a message that nobody has settled to the front of the queue.
func (d *Delivery) giveBack() {
	if d.take() {
		m := d.Message
		m.Redelivered = true
		d.consumer.broker.queue = slices.Insert(d.consumer.broker.queue, 0, m)
	}
}

func (d *Delivery) expire() {
	b := d.consumer.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	d.giveBack()
	b.handOut()
}

// Ack says that the work is done.
func (d *Delivery) Ack() error {
	b := d.consumer.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if !d.take() {
		return ErrExpired
	}
	b.handOut()
	return nil
}

// Retry says that the work has failed.
func (d *Delivery) Retry() error {
	b := d.consumer.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if !d.take() {
		return ErrExpired
	}
	m := d.Message
	if m.Retries == b.options.MaxRetries {
		b.dead = append(b.dead, m)
	} else {
		m.Retries++
		m.Redelivered = false
		time.AfterFunc(b.options.Backoff(m.Retries), func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.add(m)
		})
	}
	b.handOut()
	return nil
}

// Store remembers the results of effects by their keys.
type Store struct {
	mu      sync.Mutex
	effects map[string]*effect
}

// effect is one that is being called, or has happened.
type effect struct {
	over   chan struct{}
	well   bool
	result any
}

// NewStore returns an empty store.
func NewStore() *Store { return &Store{effects: make(map[string]*effect)} }

// Do has effect called, once for each key.
func (s *Store) Do(key string, call func() (any, error)) (any, error) {
	for {
		s.mu.Lock()
		e := s.effects[key]
		if e == nil {
			e = &effect{over: make(chan struct{})}
			s.effects[key] = e
			s.mu.Unlock()
			return s.call(key, e, call)
		}
		s.mu.Unlock()
		<-e.over
		if e.well {
			return e.result, nil
		}
	}
}

func (s *Store) call(key string, e *effect, call func() (any, error)) (result any, err error) {
	defer func() {
		if !e.well { // it has failed, or panics
			s.mu.Lock()
			delete(s.effects, key)
			s.mu.Unlock()
		}
		close(e.over)
	}()
	result, err = call()
	e.result, e.well = result, err == nil
	return result, err
}
