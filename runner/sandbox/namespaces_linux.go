package sandbox

import (
	"errors"
	"os"
	"sync/atomic"
	"syscall"
)

// namespacesRefused: the system has refused to make namespaces for an ordinary user. Some distributions close them, some
// containers do, and a number of them is all there may be. That does not change while a program runs, so it is asked once.
var namespacesRefused atomic.Bool

func useNamespaces() bool { return !namespacesRefused.Load() }

// refusesNamespaces reports whether a process could not be started for its namespaces, and remembers it.
func refusesNamespaces(err error) bool {
	for _, refusal := range []syscall.Errno{syscall.EPERM, syscall.EACCES, syscall.EINVAL, syscall.ENOSPC, syscall.ENOSYS, syscall.EUSERS} {
		if errors.Is(err, refusal) {
			namespacesRefused.Store(true)
			return true
		}
	}
	return false
}

// addNamespaces gives a process namespaces of its own, and with them a network without any interface that is up, no
// other process in sight, and an end of all its descendants with its own (namespaces(7)). Its user is our own, under
// number 0, and may do no more than we may.
func addNamespaces(attr *syscall.SysProcAttr) {
	attr.Cloneflags |= syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWIPC
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
}
