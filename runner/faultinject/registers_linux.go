//go:build linux && (amd64 || arm64)

package faultinject

import "golang.org/x/sys/unix"

// registers are those of a stopped thread, as a system call uses them: syscall(2), "Architecture calling conventions".
type registers struct{ unix.PtraceRegs }

func readRegisters(tid int) (r registers, err error) {
	err = unix.PtraceGetRegs(tid, &r.PtraceRegs)
	return r, err
}

func (r *registers) write(tid int) error { return unix.PtraceSetRegs(tid, &r.PtraceRegs) }
