package sync

import std "sync"

// Locker is the standard sync.Locker.
type Locker = std.Locker
