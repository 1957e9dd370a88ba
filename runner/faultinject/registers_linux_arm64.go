package faultinject

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

func (r *registers) number() uint64 { return r.Regs[8] }

func (r *registers) arguments() (a arguments) {
	copy(a[:], r.Regs[:])
	return a
}

func (r *registers) setArgument(n int, value uint64) { r.Regs[n] = value }

func (r *registers) setResult(value int64) { r.Regs[0] = uint64(value) }

// skip has the system do nothing for the call that a thread has been stopped before. The number of the call is a
// register set of its own here.
func (r *registers) skip(tid int) error {
	none := int32(-1)
	v := unix.Iovec{Base: (*byte)(unsafe.Pointer(&none)), Len: uint64(unsafe.Sizeof(none))}
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SETREGSET, uintptr(tid), unix.NT_ARM_SYSTEM_CALL, uintptr(unsafe.Pointer(&v)), 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}
