package sync

import (
	std "sync"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// RWMutex is a reader/writer mutual exclusion lock, as the standard sync.RWMutex: a Lock that waits keeps later
// readers out, and an Unlock lets in all readers that wait before the next writer. The zero value is unlocked. It must
// not be copied after first use.
type RWMutex struct {
	books   std.Mutex
	readers int
	writing bool
	// waitingReaders came after a writer that waits or writes.
	waitingReaders queue
	waitingWriters queue
	// The two edges are those of the standard type: a writer's Unlock orders later readers and writers; a reader's
	// RUnlock orders later writers only.
	writerEdge, readerEdge byte
	// explored is the lock in a run of the explored lens, which does not use the fields above.
	explored explore.Resource
}

// RLock locks rw for reading.
//
//go:norace
func (rw *RWMutex) RLock() {
	if rw.explored.RLock() {
		acquire(&rw.writerEdge)
		return
	}
	deaf()
	rw.books.Lock()
	if !rw.writing && rw.waitingWriters.empty() {
		rw.readers++
		rw.books.Unlock()
	} else {
		turn := rw.waitingReaders.join()
		rw.books.Unlock()
		<-turn
	}
	hear()
	acquire(&rw.writerEdge)
	explore.Pause()
}

// TryRLock locks rw for reading if no writer holds it or waits for it, and reports whether it did.
//
//go:norace
func (rw *RWMutex) TryRLock() bool {
	if got, explored := rw.explored.TryRLock(); explored {
		if got {
			acquire(&rw.writerEdge)
		}
		return got
	}
	deaf()
	rw.books.Lock()
	free := !rw.writing && rw.waitingWriters.empty()
	if free {
		rw.readers++
	}
	rw.books.Unlock()
	hear()
	if free {
		acquire(&rw.writerEdge)
	}
	return free
}

// RUnlock undoes one RLock. It is a fatal error if rw is not locked for reading.
//
//go:norace
func (rw *RWMutex) RUnlock() {
	releaseMerge(&rw.readerEdge)
	if rw.explored.RUnlock() {
		return
	}
	deaf()
	rw.books.Lock()
	if rw.readers == 0 {
		var unlocked std.RWMutex
		unlocked.RUnlock() // the standard fatal error
	}
	rw.readers--
	if rw.readers == 0 {
		rw.writing = rw.waitingWriters.admit()
	}
	rw.books.Unlock()
	hear()
	explore.Pause()
}

// Lock locks rw for writing.
//
//go:norace
func (rw *RWMutex) Lock() {
	if rw.explored.Lock() {
		rw.acquireAll()
		return
	}
	deaf()
	rw.books.Lock()
	if !rw.writing && rw.readers == 0 {
		rw.writing = true
		rw.books.Unlock()
	} else {
		turn := rw.waitingWriters.join()
		rw.books.Unlock()
		<-turn
	}
	hear()
	rw.acquireAll()
	explore.Pause()
}

// TryLock locks rw for writing if it is free, and reports whether it did.
//
//go:norace
func (rw *RWMutex) TryLock() bool {
	if got, explored := rw.explored.TryLock(); explored {
		if got {
			rw.acquireAll()
		}
		return got
	}
	deaf()
	rw.books.Lock()
	free := !rw.writing && rw.readers == 0
	if free {
		rw.writing = true
	}
	rw.books.Unlock()
	hear()
	if free {
		rw.acquireAll()
	}
	return free
}

// Unlock unlocks rw for writing. It is a fatal error if rw is not locked for writing.
//
//go:norace
func (rw *RWMutex) Unlock() {
	release(&rw.writerEdge)
	if rw.explored.Unlock("sync: Unlock of unlocked RWMutex") {
		return
	}
	deaf()
	rw.books.Lock()
	if !rw.writing {
		var unlocked std.RWMutex
		unlocked.Unlock() // the standard fatal error
	}
	rw.writing = false
	for rw.waitingReaders.admit() {
		rw.readers++
	}
	if rw.readers == 0 {
		rw.writing = rw.waitingWriters.admit()
	}
	rw.books.Unlock()
	hear()
	explore.Pause()
}

// acquireAll is the edge from all who had the lock before to a writer.
//
//go:norace
func (rw *RWMutex) acquireAll() {
	acquire(&rw.writerEdge)
	acquire(&rw.readerEdge)
}

// RLocker returns a Locker whose Lock and Unlock are RLock and RUnlock.
func (rw *RWMutex) RLocker() Locker { return (*reader)(rw) }

type reader RWMutex

func (r *reader) Lock()   { (*RWMutex)(r).RLock() }
func (r *reader) Unlock() { (*RWMutex)(r).RUnlock() }
