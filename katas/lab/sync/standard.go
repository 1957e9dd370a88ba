package sync

import std "sync"

// These are the standard types: see the package comment for why they can be.
type (
	// Locker is the standard sync.Locker.
	Locker = std.Locker
	// Cond is the standard sync.Cond; its L is a Locker and so may be a Mutex of this package.
	Cond = std.Cond
	// WaitGroup is the standard sync.WaitGroup.
	WaitGroup = std.WaitGroup
	// Map is the standard sync.Map.
	Map = std.Map
	// Pool is the standard sync.Pool.
	Pool = std.Pool
)

// NewCond returns a new Cond with Locker l.
func NewCond(l Locker) *Cond { return std.NewCond(l) }
