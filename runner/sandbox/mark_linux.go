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
	mark := markOf(s)
	limit := rlimit64{mark, mark}
	if prlimit(s.pid, rlimitLocks, &limit, nil) != 0 || readMark(s.pid) != mark {
		return 0
	}
	return mark
}

// markOf is unique by the start and the number. As the limit can be lowered but not raised, it falls with the time: a
// sandbox inside of one starts later. A pid has at most 22 bits (PID_MAX_LIMIT).
func markOf(root stat) uint64 { return 1<<63 - (root.start<<22 | uint64(root.pid)) }

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
