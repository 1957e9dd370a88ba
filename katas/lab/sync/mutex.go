package sync

import (
	std "sync"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Mutex is a mutual exclusion lock, as the standard sync.Mutex. The zero value is unlocked. It must not be copied
// after first use.
type Mutex struct {
	// books guards the fields below, for a few instructions at a time and never over a wait.
	books   std.Mutex
	locked  bool
	waiting queue
	// edge is the address that the race detector knows the lock by.
	edge byte
	// explored is the lock in a run of the explored lens, which does not use the fields above.
	explored explore.Resource
}

// Lock locks m and waits while another goroutine holds it. Waiters are served in the order they came.
//
//go:norace
func (m *Mutex) Lock() {
	if m.explored.Lock() {
		acquire(&m.edge)
		return
	}
	deaf()
	m.books.Lock()
	if !m.locked {
		m.locked = true
		m.books.Unlock()
	} else {
		turn := m.waiting.join()
		m.books.Unlock()
		<-turn
	}
	hear()
	acquire(&m.edge)
	explore.Pause()
}

// TryLock locks m if it is free, and reports whether it did. A failed TryLock orders nothing.
//
//go:norace
func (m *Mutex) TryLock() bool {
	if got, explored := m.explored.TryLock(); explored {
		if got {
			acquire(&m.edge)
		}
		return got
	}
	deaf()
	m.books.Lock()
	free := !m.locked
	if free {
		m.locked = true
	}
	m.books.Unlock()
	hear()
	if free {
		acquire(&m.edge)
		explore.Pause()
	}
	return free
}

// Unlock unlocks m. It is a fatal error if m is not locked. Any goroutine may unlock it.
//
//go:norace
func (m *Mutex) Unlock() {
	release(&m.edge)
	if m.explored.Unlock("sync: unlock of unlocked mutex") {
		return
	}
	deaf()
	m.books.Lock()
	if !m.locked {
		var unlocked std.Mutex
		unlocked.Unlock() // the standard fatal error, which cannot be recovered
	}
	// The lock stays locked where somebody waits: it is handed over.
	m.locked = m.waiting.admit()
	m.books.Unlock()
	hear()
	explore.Pause()
}
