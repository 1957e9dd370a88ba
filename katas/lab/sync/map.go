package sync

import (
	std "sync"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Map is the standard sync.Map, with a point before each operation: between two of them the map may change. The zero
// Map is empty. It must not be copied after first use.
type Map struct{ std std.Map }

// Load returns the value of a key.
func (m *Map) Load(key any) (value any, ok bool) { point(); return m.std.Load(key) }

// Store sets the value of a key.
func (m *Map) Store(key, value any) { point(); m.std.Store(key, value) }

// Clear takes all out.
func (m *Map) Clear() { point(); m.std.Clear() }

// LoadOrStore returns the value of a key, after setting it if there was none.
func (m *Map) LoadOrStore(key, value any) (actual any, loaded bool) {
	point()
	return m.std.LoadOrStore(key, value)
}

// LoadAndDelete takes a key out and returns the value it had.
func (m *Map) LoadAndDelete(key any) (value any, loaded bool) {
	point()
	return m.std.LoadAndDelete(key)
}

// Delete takes a key out.
func (m *Map) Delete(key any) { point(); m.std.Delete(key) }

// Swap sets the value of a key and returns the one before.
func (m *Map) Swap(key, value any) (previous any, loaded bool) {
	point()
	return m.std.Swap(key, value)
}

// CompareAndSwap sets the value of a key if it is old.
func (m *Map) CompareAndSwap(key, old, new any) (swapped bool) {
	point()
	return m.std.CompareAndSwap(key, old, new)
}

// CompareAndDelete takes a key out if its value is old.
func (m *Map) CompareAndDelete(key, old any) (deleted bool) {
	point()
	return m.std.CompareAndDelete(key, old)
}

// Range calls f for the keys and values until it returns false.
func (m *Map) Range(f func(key, value any) bool) {
	m.std.Range(func(key, value any) bool { point(); return f(key, value) })
}

func point() { explore.At(explore.Map, nil) }
