package sandbox

import (
	"syscall"
	"unsafe"
)

// A mark is how a descendant is told that has left everything else behind: the parent that ended, the group, the
// session, the environment, the pipes. A limit of resources goes on to every child and through every exec, and an
// ordinary process cannot raise it. RLIMIT_LOCKS has had no effect since Linux 2.4.25 (setrlimit(2)), so its value
// is free to say whose a process is.
const rlimitLocks = 10

type rlimit64 struct{ current, maximum uint64 }

// setMark marks a process with a value that no other process on the machine has, and returns it; 0 where the system
// does not allow it. What the process starts from then on has the mark as well: this comes so early that a
// program has not got through its own start.
func setMark(s stat) uint64 {
	mark := s.start<<22 | uint64(s.pid) // a pid has at most 22 bits, PID_MAX_LIMIT
	limit := rlimit64{mark, mark}
	if prlimit(s.pid, &limit, nil) != 0 || readMark(s.pid) != mark {
		return 0
	}
	return mark
}

// readMark returns 0 for a process that may not be asked.
func readMark(pid int) uint64 {
	var limit rlimit64
	if prlimit(pid, nil, &limit) != 0 {
		return 0
	}
	return limit.maximum
}

func prlimit(pid int, set, got *rlimit64) syscall.Errno {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), rlimitLocks,
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(got)), 0, 0)
	return errno
}
