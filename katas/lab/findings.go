package lab

import (
	"sync"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

// findings are kept back until it is known which of many runs is told. They are safe for use by many goroutines and
// order none of them.
type findings struct {
	mu     sync.Mutex
	failed bool
	// last is the newest. A linked list, because growing a slice counts as an access for the race detector.
	last *kept
}

type kept struct {
	record wire.Record
	before *kept
}

//go:norace
func (f *findings) add(r wire.Record) {
	k := &kept{record: r}
	quietly(func() { f.push(k) })
}

//go:norace
func (f *findings) push(k *kept) {
	f.mu.Lock()
	k.before = f.last
	f.last = k
	f.failed = true
	f.mu.Unlock()
}

//go:norace
func (f *findings) fail() { f.failed = true }

//go:norace
func (f *findings) any() bool { return f.failed }

// all are the findings in the order they were made.
//
//go:norace
func (f *findings) all() (records []wire.Record) {
	for k := f.last; k != nil; k = k.before {
		records = append([]wire.Record{k.record}, records...)
	}
	return records
}
