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
	"time"
)

var (
	// ErrExpired says that a delivery is not the caller's any more: it was settled, or its time had run out, or its consumer is closed.
	ErrExpired = errors.New("the delivery is not yours any more")
	// ErrClosed says that a consumer is closed.
	ErrClosed = errors.New("the consumer is closed")

	errNotWritten = errors.New("not written yet")
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

// Backoff is Celery's get_exponential_backoff_interval: how long to wait before the n-th retry, from 1. That is factor for the first one, and
// twice as much for each further one, but never more than longest. With a jitter it is what that makes of it: jitter(d) is a random
// duration from 0 to d. It is right for any n: it does not overflow.
func Backoff(n int, factor, longest time.Duration, jitter func(d time.Duration) time.Duration) time.Duration {
	return 0
}

// Broker keeps messages and hands them out.
type Broker struct {
	// Your fields.
}

// NewBroker returns a broker without messages.
func NewBroker(o Options) *Broker {
	return &Broker{}
}

// Publish adds a message to the end of the queue.
func (b *Broker) Publish(id string, body any) {
}

// DeadLetters are the messages that were given up, in the order in which that happened.
func (b *Broker) DeadLetters() []Message {
	return nil
}

// Consumer is a worker's connection to the broker.
type Consumer struct {
	// Your fields.
}

// Consume connects a worker, which may have prefetch deliveries at a time that it has not settled, one or more.
func (b *Broker) Consume(prefetch int) *Consumer {
	return &Consumer{}
}

// Delivery is a message in a worker's hand. It is settled once, by Ack or Retry.
type Delivery struct {
	Message Message
	// Your fields.
}

// Receive returns the first message of the queue. It waits until there is one, and until the consumer has fewer deliveries than its prefetch
// that are not settled; of several that may have it, over all consumers, the one gets it who has waited longest. When ctx is
// done it returns ctx.Err(), and takes no message along. The error is ErrClosed when the consumer is closed, also while it waits.
func (c *Consumer) Receive(ctx context.Context) (*Delivery, error) {
	return nil, errNotWritten
}

// Close takes leave of a worker, or finds that it has died: what it has not settled is no longer its own and goes back to the front
// of the queue at once, in the order in which it was delivered, Redelivered. To close twice is no more than once.
func (c *Consumer) Close() {
}

// Ack says that the work is done, and the message is gone. The error is ErrExpired where the delivery is settled, or not the worker's any
// more, and then nothing happens: somebody else has it, or will.
//
// A delivery that is not settled when its Visibility has passed is the worker's no more. Its message goes to the front of the queue,
// Redelivered, and the worker may have another one.
func (d *Delivery) Ack() error {
	return errNotWritten
}

// Retry says that the work has failed. The message comes to the end of the queue again when its Backoff has passed; meanwhile nobody gets
// it. If it was retried MaxRetries times already it becomes a dead letter instead. The error is as for Ack.
func (d *Delivery) Retry() error {
	return errNotWritten
}

// Store remembers the results of effects by their keys.
type Store struct {
	// Your fields.
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{}
}

// Do has effect called, once for each key, and returns its result; who comes later gets that result, without a call. Who comes while it
// is being called waits for it; other keys do not. An effect that fails has not happened: its error is the caller's, nothing is
// remembered, and of those who wait one calls his own. The same holds where effect panics, which goes on in its caller.
func (s *Store) Do(key string, effect func() (any, error)) (any, error) {
	return nil, errNotWritten
}
