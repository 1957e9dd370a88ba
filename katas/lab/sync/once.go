package sync

import (
	"sync/atomic"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Once does something exactly once, as the standard sync.Once. It must not be copied after first use.
type Once struct {
	done atomic.Bool
	m    Mutex
	// explored is it in a run of the explored lens, edge what the race detector knows that by.
	explored explore.Resource
	edge     byte
}

// Do calls f if it is the first call of Do on o. No call returns before the first one's f has, so an f that calls Do
// on the same Once deadlocks. If f panics, Do considers it done.
func (o *Once) Do(f func()) {
	if mine, explored := o.explored.Once(); explored {
		o.doExplored(mine, f)
		return
	}
	if o.done.Load() {
		return
	}
	o.m.Lock()
	defer o.m.Unlock()
	if !o.done.Load() {
		defer o.done.Store(true)
		f()
	}
}

// doExplored is Do in a run of the explored lens.
func (o *Once) doExplored(mine bool, f func()) {
	if mine {
		defer o.explored.OnceDone()
		defer releaseMerge(&o.edge)
		f()
		return
	}
	acquire(&o.edge)
}

// OnceFunc returns a function that calls f once. If f panics, it panics with the same value at every call.
func OnceFunc(f func()) func() {
	once := OnceValue(func() struct{} { f(); return struct{}{} })
	return func() { once() }
}

// OnceValue returns a function that calls f once and returns its value. If f panics, it panics with the same value at
// every call.
func OnceValue[T any](f func() T) func() T {
	once := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T { v, _ := once(); return v }
}

// OnceValues returns a function that calls f once and returns its values. If f panics, it panics with the same value
// at every call.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var (
		once   Once
		ok     bool
		reason any
		v1     T1
		v2     T2
	)
	call := func() {
		defer func() {
			if !ok {
				reason = recover()
				panic(reason) // the first caller sees where it came from
			}
		}()
		v1, v2 = f()
		ok = true
	}
	return func() (T1, T2) {
		once.Do(call)
		if !ok {
			panic(reason)
		}
		return v1, v2
	}
}
