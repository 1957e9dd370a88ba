package confine

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Available reports whether a process can confine itself here.
const Available = true

// Self is the file to start: this program, also where its file was replaced since it began.
const Self = "/proc/self/exe"

// failedExit is the exit code of a process that could not become the program that was meant.
const failedExit = 127

// become confines the process, waits to be told what to execute, and executes it. It does not return.
func become(spec string) {
	// Capabilities are a thread's own, and the one that calls execve is the one whose are kept (capabilities(7)).
	runtime.LockOSThread()
	var s Spec
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		syscall.Exit(failedExit)
	}
	syscall.CloseOnExec(s.Report)
	syscall.CloseOnExec(s.Gate)
	report := os.NewFile(uintptr(s.Report), "report")
	r, err := s.apply()
	var p program
	if err == nil {
		err = json.NewDecoder(os.NewFile(uintptr(s.Gate), "gate")).Decode(&p)
	}
	if err == io.EOF { // nothing is to be executed after all
		syscall.Exit(0)
	}
	if err == nil {
		tell(report, r)
		err = fmt.Errorf("execute %s: %w", p.Path, syscall.Exec(p.Path, p.Args, p.Env))
	}
	tell(report, Report{Failed: err.Error()})
	syscall.Exit(failedExit)
}

// tell writes one line. Where nobody listens there is nobody to tell that either.
func tell(to *os.File, r Report) {
	line, err := json.Marshal(r)
	if err == nil {
		_, _ = to.Write(append(line, '\n'))
	}
}

// apply gives everything up, in an order in which nothing takes away what a later step needs.
func (s Spec) apply() (Report, error) {
	var r Report
	if s.Namespaces {
		r.Proc = ownProc() == nil
	}
	if err := s.limit(); err != nil {
		return r, err
	}
	dropCapabilities()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return r, fmt.Errorf("set no_new_privs: %w", err)
	}
	version, err := s.restrictFiles()
	if err != nil {
		return r, err
	}
	r.Landlock = version
	r.Seccomp = refuseCalls() == nil
	return r, nil
}

// ownProc mounts a /proc for the process namespace. A container that covers parts of /proc does not allow it
// (mount_namespaces(7)): then the one that is there stays, whose entries of other processes the kernel and
// Landlock keep from being read as far as they tell more than a name.
func ownProc() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	return unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
}

// dropCapabilities gives up all power over the namespaces that the process has. To be root in a user namespace of its
// own would bring it back at the next execve but for the bounding set. An ordinary user has none to give up.
func dropCapabilities() {
	for capability := uintptr(0); capability <= unix.CAP_LAST_CAP; capability++ {
		_ = unix.Prctl(unix.PR_CAPBSET_DROP, capability, 0, 0, 0)
	}
	_ = unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	_ = unix.Capset(&header, &none[0])
}

// limit sets the limits of resources, as hard ones: they cannot be raised again.
func (s Spec) limit() error {
	threads := s.Threads
	if !s.Namespaces || !countsThreadsByNamespace() {
		threads = 0
	}
	for _, l := range []struct {
		name     string
		resource int
		value    uint64
	}{
		{"address space", unix.RLIMIT_AS, s.AddressSpace},
		{"file size", unix.RLIMIT_FSIZE, s.FileSize},
		{"descriptors", unix.RLIMIT_NOFILE, s.Descriptors},
		{"threads", unix.RLIMIT_NPROC, threads},
	} {
		if l.value == 0 {
			continue
		}
		var now syscall.Rlimit
		if err := syscall.Getrlimit(l.resource, &now); err != nil {
			return fmt.Errorf("read the limit of %s: %w", l.name, err)
		}
		value := min(l.value, now.Max)
		if err := syscall.Setrlimit(l.resource, &syscall.Rlimit{Cur: value, Max: value}); err != nil {
			return fmt.Errorf("limit %s to %d: %w", l.name, value, err)
		}
	}
	return nil
}

// countsThreadsByNamespace: before Linux 5.14 RLIMIT_NPROC counted all threads of the user on the machine, and a limit
// meant for one program would have hit it for what others do (user_namespaces(7)).
func countsThreadsByNamespace() bool {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return false
	}
	var major, minor int
	if n, _ := fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &major, &minor); n != 2 {
		return false
	}
	return major > 5 || major == 5 && minor >= 14
}
