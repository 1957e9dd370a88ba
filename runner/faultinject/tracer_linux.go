//go:build linux && (amd64 || arm64)

package faultinject

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// tracer follows one program, all its threads and none of its children. Everything it does is done on one thread.
type tracer struct {
	program Program
	fault   Fault
	pid     int
	threads map[int]*thread
	result  Result
	// exhausted: the write that finds the disk full has been done by half.
	exhausted bool
}

// thread is a thread of the program.
type thread struct {
	// inside: it is in a system call; the next stop is at its end.
	inside bool
	// after is what is to be done at that end, if anything.
	after func(tid int) error
}

// options: threads are followed, children are not; and the program dies with the tracer. See ptrace(2).
const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL

// systemCall is the signal that stands for a stop at a system call, by PTRACE_O_TRACESYSGOOD.
const systemCall = unix.SIGTRAP | 0x80

// take makes a program that has just been started ours.
func (t *tracer) take() error {
	var status unix.WaitStatus
	if _, err := wait(t.pid, &status); err != nil {
		return fmt.Errorf("wait for its start: %w", err)
	}
	if !status.Stopped() {
		return fmt.Errorf("it did not stop at its start, status %#x", uint32(status))
	}
	if err := unix.PtraceSetOptions(t.pid, options); err != nil {
		return errors.Join(ErrNotAllowed, err)
	}
	t.threads[t.pid] = &thread{}
	return unix.PtraceSyscall(t.pid, 0)
}

// wait waits for a process, or with a negative number for any of a process group.
func wait(pid int, status *unix.WaitStatus) (int, error) {
	for {
		who, err := unix.Wait4(pid, status, unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return who, err
		}
	}
}

// end kills the program and takes leave of it.
func (t *tracer) end() {
	_ = unix.Kill(t.pid, unix.SIGKILL)
	var status unix.WaitStatus
	for {
		who, err := wait(-t.pid, &status)
		if err != nil || who == t.pid && !status.Stopped() {
			return
		}
	}
}

// trace follows the program to its end.
func (t *tracer) trace() error {
	for {
		var status unix.WaitStatus
		tid, err := wait(-t.pid, &status)
		if err != nil {
			return fmt.Errorf("wait: %w", err)
		}
		switch {
		case status.Stopped():
			if err := t.stopped(tid, status); err != nil && !errors.Is(err, unix.ESRCH) { // ESRCH: it has been killed meanwhile
				return err
			}
		case tid == t.pid: // the last of its threads to be heard of
			t.result.Exit, t.result.Signal = status.ExitStatus(), 0
			if status.Signaled() {
				t.result.Signal = syscall.Signal(status.Signal())
			}
			return nil
		default:
			delete(t.threads, tid)
		}
	}
}

// stopped answers a stop of a thread and lets it go on.
func (t *tracer) stopped(tid int, status unix.WaitStatus) error {
	th := t.threads[tid]
	if th == nil {
		// A thread that has just begun: its first stop is its tracer's doing and no signal of its own.
		t.threads[tid] = &thread{}
		return unix.PtraceSyscall(tid, 0)
	}
	switch signal := status.StopSignal(); {
	case signal == systemCall:
		if err := t.atSystemCall(tid, th); err != nil {
			return err
		}
		return unix.PtraceSyscall(tid, 0)
	case signal == unix.SIGTRAP && status.TrapCause() > 0: // it has begun a thread
		return unix.PtraceSyscall(tid, 0)
	default:
		return unix.PtraceSyscall(tid, int(signal))
	}
}

func (t *tracer) atSystemCall(tid int, th *thread) error {
	th.inside = !th.inside
	if th.inside {
		return t.entering(tid, th)
	}
	after := th.after
	th.after = nil
	if after == nil {
		return nil
	}
	return after(tid)
}

// entering looks at a system call that is about to be done.
func (t *tracer) entering(tid int, th *thread) error {
	r, err := readRegisters(tid)
	if err != nil {
		return err
	}
	args := r.arguments()
	if r.number() == unix.SYS_FLOCK && t.program.Locking != nil && args[1]&(unix.LOCK_EX|unix.LOCK_SH) != 0 {
		if file := t.open(int32(args[0])); t.program.watched(file) {
			t.program.Locking(file)
		}
		return nil
	}
	c, known := calls[r.number()]
	if !known {
		return nil
	}
	file, ok := t.file(tid, c, args)
	if !ok || c.changes != nil && !c.changes(t, tid, args) {
		return nil
	}
	t.result.Steps = append(t.result.Steps, Step{Call: c.name, File: file, Writes: c.count != 0, TakesRoom: c.takesRoom, Settles: c.settles})
	if t.fault.at(len(t.result.Steps), c) {
		return t.strike(tid, th, r, c)
	}
	if t.program.Quick && c.settles && !c.does {
		return t.answer(tid, th, r, 0)
	}
	return nil
}

// strike does what the fault says to a call that is about to be done.
func (t *tracer) strike(tid int, th *thread, r registers, c call) error {
	switch t.fault.Do {
	case KillBefore:
		return errors.Join(r.skip(tid), t.kill())
	case KillAfter, Tear:
		if t.fault.Do == Tear && c.count != 0 {
			if err := halve(tid, r, c); err != nil {
				return err
			}
		}
		th.after = func(int) error { return t.kill() }
	case FailFrom:
		if t.fault.Errno == unix.ENOSPC && c.count != 0 && !t.exhausted {
			t.exhausted = true
			return halve(tid, r, c)
		}
		return t.fail(tid, th, r, c)
	case FailOnce:
		return t.fail(tid, th, r, c)
	case Pause:
		t.fault.Meanwhile()
	}
	return nil
}

func (t *tracer) kill() error { return unix.Kill(t.pid, unix.SIGKILL) }

// halve has a write write half of what it was to write.
func halve(tid int, r registers, c call) error {
	args := r.arguments()
	r.setArgument(c.count, args[c.count]/2)
	return r.write(tid)
}

func (t *tracer) fail(tid int, th *thread, r registers, c call) error {
	result := -int64(t.fault.Errno)
	if c.does {
		th.after = returning(result)
		return nil
	}
	return t.answer(tid, th, r, result)
}

// answer has a call return without being done.
func (t *tracer) answer(tid int, th *thread, r registers, result int64) error {
	th.after = returning(result)
	return r.skip(tid)
}

// returning sets what a call returns, at its end.
func returning(result int64) func(tid int) error {
	return func(tid int) error {
		r, err := readRegisters(tid)
		if err != nil {
			return err
		}
		r.setResult(result)
		return r.write(tid)
	}
}

// file is the first file in a watched folder that a call is about.
func (t *tracer) file(tid int, c call, args arguments) (string, bool) {
	for _, o := range c.files {
		file, ok := t.resolve(tid, o, args)
		if ok && t.program.watched(file) {
			return file, true
		}
	}
	return "", false
}

// resolve finds the absolute path that an operand names.
func (t *tracer) resolve(tid int, o operand, args arguments) (string, bool) {
	folder := int32(unix.AT_FDCWD)
	at := o.from
	switch o.how {
	case descriptor:
		file := t.open(int32(args[at]))
		return file, filepath.IsAbs(file)
	case relative:
		folder = int32(args[at])
		at++
	}
	name, err := readString(tid, uintptr(args[at]))
	if err != nil {
		return "", false
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(t.open(folder), name)
	}
	return filepath.Clean(name), true
}

// open is the path of what a descriptor of the program stands for, AT_FDCWD for its current folder; empty where it
// stands for nothing.
func (t *tracer) open(fd int32) string {
	link := "cwd"
	if fd != unix.AT_FDCWD {
		link = "fd/" + strconv.Itoa(int(fd))
	}
	path, _ := os.Readlink(filepath.Join("/proc", strconv.Itoa(t.pid), link))
	return path
}

// flags are those that a descriptor of the program was opened with.
func (t *tracer) flags(fd int32) uint64 {
	data, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(t.pid), "fdinfo", strconv.Itoa(int(fd))))
	_, rest, _ := strings.Cut(string(data), "flags:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	flags, _ := strconv.ParseUint(number, 8, 64)
	return flags
}

// longestPath is how much of a string is read; see PATH_MAX in path_resolution(7).
const longestPath = 4096

// readString reads a string with a zero at its end out of the program's memory; the one at address 0 is empty.
func readString(tid int, address uintptr) (string, error) {
	var text []byte
	for page := uintptr(os.Getpagesize()); address != 0 && len(text) < longestPath; {
		chunk := make([]byte, min(longestPath, page-address%page)) // what lies behind the page may not be there
		local := []unix.Iovec{{Base: &chunk[0]}}
		local[0].SetLen(len(chunk))
		n, err := unix.ProcessVMReadv(tid, local, []unix.RemoteIovec{{Base: address, Len: len(chunk)}}, 0)
		if err != nil {
			return "", os.NewSyscallError("process_vm_readv", err)
		}
		if end := bytes.IndexByte(chunk[:n], 0); end >= 0 {
			return string(append(text, chunk[:end]...)), nil
		}
		text = append(text, chunk[:n]...)
		address += uintptr(n)
	}
	return string(text), nil
}
