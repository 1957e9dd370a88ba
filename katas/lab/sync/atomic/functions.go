package atomic

import (
	std "sync/atomic"
	"unsafe"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

// LoadInt32 loads *addr.
func LoadInt32(addr *int32) (val int32) { point(explore.Load); return told(std.LoadInt32(addr)) }

// StoreInt32 stores val into *addr.
func StoreInt32(addr *int32, val int32) { point(explore.Store); std.StoreInt32(addr, val) }

// SwapInt32 stores new into *addr and returns the value before.
func SwapInt32(addr *int32, new int32) (old int32) {
	point(explore.Swap)
	return told(std.SwapInt32(addr, new))
}

// CompareAndSwapInt32 stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapInt32(addr, old, new))
}

// AddInt32 adds delta to *addr and returns the sum.
func AddInt32(addr *int32, delta int32) (new int32) {
	point(explore.AtomicAdd)
	return told(std.AddInt32(addr, delta))
}

// AndInt32 performs a bitwise AND of *addr with mask and returns the value before.
func AndInt32(addr *int32, mask int32) (old int32) {
	point(explore.Swap)
	return told(std.AndInt32(addr, mask))
}

// OrInt32 performs a bitwise OR of *addr with mask and returns the value before.
func OrInt32(addr *int32, mask int32) (old int32) {
	point(explore.Swap)
	return told(std.OrInt32(addr, mask))
}

// LoadInt64 loads *addr.
func LoadInt64(addr *int64) (val int64) { point(explore.Load); return told(std.LoadInt64(addr)) }

// StoreInt64 stores val into *addr.
func StoreInt64(addr *int64, val int64) { point(explore.Store); std.StoreInt64(addr, val) }

// SwapInt64 stores new into *addr and returns the value before.
func SwapInt64(addr *int64, new int64) (old int64) {
	point(explore.Swap)
	return told(std.SwapInt64(addr, new))
}

// CompareAndSwapInt64 stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapInt64(addr, old, new))
}

// AddInt64 adds delta to *addr and returns the sum.
func AddInt64(addr *int64, delta int64) (new int64) {
	point(explore.AtomicAdd)
	return told(std.AddInt64(addr, delta))
}

// AndInt64 performs a bitwise AND of *addr with mask and returns the value before.
func AndInt64(addr *int64, mask int64) (old int64) {
	point(explore.Swap)
	return told(std.AndInt64(addr, mask))
}

// OrInt64 performs a bitwise OR of *addr with mask and returns the value before.
func OrInt64(addr *int64, mask int64) (old int64) {
	point(explore.Swap)
	return told(std.OrInt64(addr, mask))
}

// LoadUint32 loads *addr.
func LoadUint32(addr *uint32) (val uint32) { point(explore.Load); return told(std.LoadUint32(addr)) }

// StoreUint32 stores val into *addr.
func StoreUint32(addr *uint32, val uint32) { point(explore.Store); std.StoreUint32(addr, val) }

// SwapUint32 stores new into *addr and returns the value before.
func SwapUint32(addr *uint32, new uint32) (old uint32) {
	point(explore.Swap)
	return told(std.SwapUint32(addr, new))
}

// CompareAndSwapUint32 stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapUint32(addr, old, new))
}

// AddUint32 adds delta to *addr and returns the sum.
func AddUint32(addr *uint32, delta uint32) (new uint32) {
	point(explore.AtomicAdd)
	return told(std.AddUint32(addr, delta))
}

// AndUint32 performs a bitwise AND of *addr with mask and returns the value before.
func AndUint32(addr *uint32, mask uint32) (old uint32) {
	point(explore.Swap)
	return told(std.AndUint32(addr, mask))
}

// OrUint32 performs a bitwise OR of *addr with mask and returns the value before.
func OrUint32(addr *uint32, mask uint32) (old uint32) {
	point(explore.Swap)
	return told(std.OrUint32(addr, mask))
}

// LoadUint64 loads *addr.
func LoadUint64(addr *uint64) (val uint64) { point(explore.Load); return told(std.LoadUint64(addr)) }

// StoreUint64 stores val into *addr.
func StoreUint64(addr *uint64, val uint64) { point(explore.Store); std.StoreUint64(addr, val) }

// SwapUint64 stores new into *addr and returns the value before.
func SwapUint64(addr *uint64, new uint64) (old uint64) {
	point(explore.Swap)
	return told(std.SwapUint64(addr, new))
}

// CompareAndSwapUint64 stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapUint64(addr, old, new))
}

// AddUint64 adds delta to *addr and returns the sum.
func AddUint64(addr *uint64, delta uint64) (new uint64) {
	point(explore.AtomicAdd)
	return told(std.AddUint64(addr, delta))
}

// AndUint64 performs a bitwise AND of *addr with mask and returns the value before.
func AndUint64(addr *uint64, mask uint64) (old uint64) {
	point(explore.Swap)
	return told(std.AndUint64(addr, mask))
}

// OrUint64 performs a bitwise OR of *addr with mask and returns the value before.
func OrUint64(addr *uint64, mask uint64) (old uint64) {
	point(explore.Swap)
	return told(std.OrUint64(addr, mask))
}

// LoadUintptr loads *addr.
func LoadUintptr(addr *uintptr) (val uintptr) {
	point(explore.Load)
	return told(std.LoadUintptr(addr))
}

// StoreUintptr stores val into *addr.
func StoreUintptr(addr *uintptr, val uintptr) { point(explore.Store); std.StoreUintptr(addr, val) }

// SwapUintptr stores new into *addr and returns the value before.
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr) {
	point(explore.Swap)
	return told(std.SwapUintptr(addr, new))
}

// CompareAndSwapUintptr stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapUintptr(addr, old, new))
}

// AddUintptr adds delta to *addr and returns the sum.
func AddUintptr(addr *uintptr, delta uintptr) (new uintptr) {
	point(explore.AtomicAdd)
	return told(std.AddUintptr(addr, delta))
}

// AndUintptr performs a bitwise AND of *addr with mask and returns the value before.
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr) {
	point(explore.Swap)
	return told(std.AndUintptr(addr, mask))
}

// OrUintptr performs a bitwise OR of *addr with mask and returns the value before.
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr) {
	point(explore.Swap)
	return told(std.OrUintptr(addr, mask))
}

// LoadPointer loads *addr.
func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer) {
	point(explore.Load)
	return told(std.LoadPointer(addr))
}

// StorePointer stores val into *addr.
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer) {
	point(explore.Store)
	std.StorePointer(addr, val)
}

// SwapPointer stores new into *addr and returns the value before.
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer) {
	point(explore.Swap)
	return told(std.SwapPointer(addr, new))
}

// CompareAndSwapPointer stores new into *addr if that is old, and reports whether it did.
func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool) {
	point(explore.CompareAndSwap)
	return whether(std.CompareAndSwapPointer(addr, old, new))
}
