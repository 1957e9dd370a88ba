package confine

import (
	"syscall"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"
)

// refused are system calls that no test binary makes, by what they would reach. What they would need is gone by the
// time the filter holds (no capability, no file, no network of the machine's); the filter stands where one of these walls is missing: an
// old kernel, a system that closes user namespaces.
var refused = [][]string{
	// The network. Landlock knows TCP from its version 4 on, UDP from 10 on, and other families not at all.
	{"socket", "socketpair", "bind", "connect", "listen", "accept", "accept4"},
	// Other processes' memory and descriptors.
	{"ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "process_madvise"},
	// Mounts, roots and namespaces.
	{"mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at",
		"open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr"},
	// Parts of the kernel that let code in or that have been ways around a filter.
	{"bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter", "io_uring_register",
		"keyctl", "add_key", "request_key", "init_module", "finit_module", "delete_module", "kexec_load"},
	// The machine's settings.
	{"reboot", "swapon", "swapoff", "settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname",
		"setdomainname", "syslog", "acct", "quotactl"},
}

// namespaceFlags are the flags of clone(2) that make new namespaces. clone3 takes its flags where a filter cannot read
// them; it is refused as if the kernel had none, and callers fall back to clone.
const namespaceFlags = unix.CLONE_NEWUSER | unix.CLONE_NEWNET | unix.CLONE_NEWNS | unix.CLONE_NEWPID |
	unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// refuseCalls makes the kernel refuse the calls to every thread of the process.
func refuseCalls() error {
	var names []string
	for _, group := range refused {
		names = append(names, group...)
	}
	return seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionAllow,
			Syscalls: []seccomp.SyscallGroup{
				{Action: seccomp.ActionErrno | seccomp.Action(syscall.EPERM), Names: names},
				{Action: seccomp.ActionErrno | seccomp.Action(syscall.ENOSYS), Names: []string{"clone3"}},
				{Action: seccomp.ActionErrno | seccomp.Action(syscall.EPERM), NamesWithCondtions: newNamespaces()},
			},
		},
	})
}

// newNamespaces is clone with any of the flags.
func newNamespaces() []seccomp.NameWithConditions {
	return []seccomp.NameWithConditions{{
		Name:       "clone",
		Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: namespaceFlags}},
	}}
}
