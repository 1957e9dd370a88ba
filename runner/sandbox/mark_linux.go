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
// does not allow it. What the process starts from then on has the mark as well.
func setMark(s stat) uint64 {
	// The limit can be lowered but not raised: a sandbox inside of one starts later, and so has a lower mark. A pid has
	// at most 22 bits, PID_MAX_LIMIT.
	mark := uint64(1)<<63 - (s.start<<22 | uint64(s.pid))
	limit := rlimit64{mark, mark}
	if prlimit(s.pid, rlimitLocks, &limit, nil) != 0 || readMark(s.pid) != mark {
		return 0
	}
	return mark
}

// readMark returns the mark of a process, another value where it has none, and 0 for one that may not be asked.
func readMark(pid int) uint64 {
	var limit rlimit64
	if prlimit(pid, rlimitLocks, nil, &limit) != 0 {
		return 0
	}
	return limit.maximum
}

func prlimit(pid, resource int, set, got *rlimit64) syscall.Errno {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), uintptr(resource),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(got)), 0, 0)
	return errno
}
