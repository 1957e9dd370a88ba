// Package atomic is the drop-in for sync/atomic that submissions are built with: the standard operations, each of them
// a place where another goroutine may be made to run first. A check and the act that rests on it, as two atomic
// operations, are then seen to be no atomic operation together.
//
// Values and edges are those of the standard package, which does the work.
package atomic

import (
	std "sync/atomic"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// Bool is the standard atomic.Bool. The zero value is zero. It must not be copied after first use.
type Bool struct{ v std.Bool }

// Load returns the value.
func (x *Bool) Load() bool { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Bool) Store(val bool) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Bool) Swap(new bool) (old bool) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Bool) CompareAndSwap(old, new bool) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Int32 is the standard atomic.Int32. The zero value is zero. It must not be copied after first use.
type Int32 struct{ v std.Int32 }

// Load returns the value.
func (x *Int32) Load() int32 { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Int32) Store(val int32) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Int32) Swap(new int32) (old int32) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Int32) CompareAndSwap(old, new int32) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Add adds delta and returns the sum.
func (x *Int32) Add(delta int32) (new int32) { point(explore.AtomicAdd); return told(x.v.Add(delta)) }

// And performs a bitwise AND with mask and returns the value before.
func (x *Int32) And(mask int32) (old int32) { point(explore.Swap); return told(x.v.And(mask)) }

// Or performs a bitwise OR with mask and returns the value before.
func (x *Int32) Or(mask int32) (old int32) { point(explore.Swap); return told(x.v.Or(mask)) }

// Int64 is the standard atomic.Int64. The zero value is zero. It must not be copied after first use.
type Int64 struct{ v std.Int64 }

// Load returns the value.
func (x *Int64) Load() int64 { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Int64) Store(val int64) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Int64) Swap(new int64) (old int64) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Int64) CompareAndSwap(old, new int64) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Add adds delta and returns the sum.
func (x *Int64) Add(delta int64) (new int64) { point(explore.AtomicAdd); return told(x.v.Add(delta)) }

// And performs a bitwise AND with mask and returns the value before.
func (x *Int64) And(mask int64) (old int64) { point(explore.Swap); return told(x.v.And(mask)) }

// Or performs a bitwise OR with mask and returns the value before.
func (x *Int64) Or(mask int64) (old int64) { point(explore.Swap); return told(x.v.Or(mask)) }

// Uint32 is the standard atomic.Uint32. The zero value is zero. It must not be copied after first use.
type Uint32 struct{ v std.Uint32 }

// Load returns the value.
func (x *Uint32) Load() uint32 { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Uint32) Store(val uint32) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Uint32) Swap(new uint32) (old uint32) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Uint32) CompareAndSwap(old, new uint32) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Add adds delta and returns the sum.
func (x *Uint32) Add(delta uint32) (new uint32) {
	point(explore.AtomicAdd)
	return told(x.v.Add(delta))
}

// And performs a bitwise AND with mask and returns the value before.
func (x *Uint32) And(mask uint32) (old uint32) { point(explore.Swap); return told(x.v.And(mask)) }

// Or performs a bitwise OR with mask and returns the value before.
func (x *Uint32) Or(mask uint32) (old uint32) { point(explore.Swap); return told(x.v.Or(mask)) }

// Uint64 is the standard atomic.Uint64. The zero value is zero. It must not be copied after first use.
type Uint64 struct{ v std.Uint64 }

// Load returns the value.
func (x *Uint64) Load() uint64 { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Uint64) Store(val uint64) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Uint64) Swap(new uint64) (old uint64) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Uint64) CompareAndSwap(old, new uint64) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Add adds delta and returns the sum.
func (x *Uint64) Add(delta uint64) (new uint64) {
	point(explore.AtomicAdd)
	return told(x.v.Add(delta))
}

// And performs a bitwise AND with mask and returns the value before.
func (x *Uint64) And(mask uint64) (old uint64) { point(explore.Swap); return told(x.v.And(mask)) }

// Or performs a bitwise OR with mask and returns the value before.
func (x *Uint64) Or(mask uint64) (old uint64) { point(explore.Swap); return told(x.v.Or(mask)) }

// Uintptr is the standard atomic.Uintptr. The zero value is zero. It must not be copied after first use.
type Uintptr struct{ v std.Uintptr }

// Load returns the value.
func (x *Uintptr) Load() uintptr { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Uintptr) Store(val uintptr) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Uintptr) Swap(new uintptr) (old uintptr) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Uintptr) CompareAndSwap(old, new uintptr) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Add adds delta and returns the sum.
func (x *Uintptr) Add(delta uintptr) (new uintptr) {
	point(explore.AtomicAdd)
	return told(x.v.Add(delta))
}

// And performs a bitwise AND with mask and returns the value before.
func (x *Uintptr) And(mask uintptr) (old uintptr) { point(explore.Swap); return told(x.v.And(mask)) }

// Or performs a bitwise OR with mask and returns the value before.
func (x *Uintptr) Or(mask uintptr) (old uintptr) { point(explore.Swap); return told(x.v.Or(mask)) }

// Pointer is the standard atomic.Pointer. The zero value is nil. It must not be copied after first use.
type Pointer[T any] struct{ v std.Pointer[T] }

// Load returns the value.
func (x *Pointer[T]) Load() *T { point(explore.Load); return told(x.v.Load()) }

// Store sets the value.
func (x *Pointer[T]) Store(val *T) { point(explore.Store); x.v.Store(val) }

// Swap sets the value and returns the one before.
func (x *Pointer[T]) Swap(new *T) (old *T) { point(explore.Swap); return told(x.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(x.v.CompareAndSwap(old, new))
}

// Value is the standard atomic.Value. It must not be copied after first use.
type Value struct{ v std.Value }

// Load returns the value, or nil where none was stored.
func (v *Value) Load() (val any) { point(explore.Load); return told(v.v.Load()) }

// Store sets the value; all must be of one type, and none nil.
func (v *Value) Store(val any) { point(explore.Store); v.v.Store(val) }

// Swap sets the value and returns the one before.
func (v *Value) Swap(new any) (old any) { point(explore.Swap); return told(v.v.Swap(new)) }

// CompareAndSwap sets the value to new if it is old, and reports whether it did.
func (v *Value) CompareAndSwap(old, new any) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(v.v.CompareAndSwap(old, new))
}
