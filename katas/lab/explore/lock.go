package explore

// The methods in this file are what a lock does in a run. Each reports whether there is one; outside of a run they do
// nothing, and the drop-in does it its own way.

// Lock takes the resource for the caller alone. Readers that are inside are waited for, and later ones are kept out.
//
//go:norace
func (res *Resource) Lock() bool {
	me := At(Lock, res)
	if me == nil {
		return false
	}
	if res.readers > 0 {
		res.announced = me
		At(Announce, res)
		res.announced = nil
	}
	res.take(me)
	return true
}

// TryLock takes the resource if it is free.
//
//go:norace
func (res *Resource) TryLock() (got, explored bool) {
	me := At(TryLock, res)
	if me == nil {
		return false, false
	}
	res.tried = true
	if res.holder != nil || res.readers > 0 || res.announced != nil {
		return false, true
	}
	res.take(me)
	Changed()
	return true, true
}

// Unlock gives back what Lock took. misuse is the standard library's fatal error where nobody holds it.
//
//go:norace
func (res *Resource) Unlock(misuse string) bool {
	if At(Unlock, res) == nil {
		return false
	}
	if res.holder == nil {
		Fatal(misuse)
	}
	res.holder = nil
	return true
}

// RLock shares the resource with other readers.
//
//go:norace
func (res *Resource) RLock() bool {
	me := At(RLock, res)
	if me == nil {
		return false
	}
	res.share(me)
	return true
}

// TryRLock shares the resource if no writer has it or waits for it.
//
//go:norace
func (res *Resource) TryRLock() (got, explored bool) {
	me := At(TryRLock, res)
	if me == nil {
		return false, false
	}
	res.tried = true
	if res.holder != nil || res.announced != nil {
		return false, true
	}
	res.share(me)
	Changed()
	return true, true
}

// RUnlock gives back what RLock took.
//
//go:norace
func (res *Resource) RUnlock() bool {
	if At(RUnlock, res) == nil {
		return false
	}
	if res.readers == 0 {
		Fatal("sync: RUnlock of unlocked RWMutex")
	}
	res.readers--
	if res.readers == 0 {
		res.reading = nil
	}
	return true
}

//go:norace
func (res *Resource) share(me *Goroutine) {
	res.readers++
	if res.reading == nil {
		res.reading, res.since = me, me.at
	}
}
