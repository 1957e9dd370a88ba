package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// fault is what befalls a command at one of its steps. A step is a system call that changes a file or a name.
type fault struct {
	name string
	// errno makes the call fail; 0: the process is killed.
	errno syscall.Errno
	// after kills behind the call instead of before it, half in the middle of a write.
	after, half bool
}

// traced runs this test binary as the command kata with one fault, and stops it at each system call as strace does
// (ptrace(2)).
type traced struct {
	dir  string // what lies below it counts
	args []string
	env  []string
	// at is the step that the fault comes at, from 0; -1: none.
	at    int
	fault fault

	steps    []string
	status   syscall.WaitStatus
	output   string
	entered  map[int]bool
	planned  map[int]func(*syscall.PtraceRegs) // what is to be done at the end of a thread's call
	pid      int
	finished bool
}

const (
	traceClone   = 0x8      // PTRACE_O_TRACECLONE
	traceSysGood = 0x1      // PTRACE_O_TRACESYSGOOD
	exitKill     = 0x100000 // PTRACE_O_EXITKILL
	waitAll      = 0x40000000
	noThread     = 0x20000000 // __WNOTHREAD: other tests have children too
)

// run runs the command to its end. It must stay on one thread: only the one that traces may.
func (r *traced) run(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := os.Create(filepath.Join(t.TempDir(), "output"))
	require.NoError(t, err)
	defer out.Close()
	self, err := os.Executable()
	require.NoError(t, err)
	p, err := os.StartProcess(self, append([]string{"kata"}, r.args...), &os.ProcAttr{
		Dir: r.dir, Env: r.env, Files: []*os.File{nil, out, out}, Sys: &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		t.Skip("this system does not let a test trace a process: ", err)
	}
	r.pid, r.entered, r.planned = p.Pid, make(map[int]bool), make(map[int]func(*syscall.PtraceRegs))
	var status syscall.WaitStatus
	_, err = syscall.Wait4(r.pid, &status, waitAll, nil)
	require.NoError(t, err)
	require.NoError(t, syscall.PtraceSetOptions(r.pid, traceClone|traceSysGood|exitKill))
	require.NoError(t, syscall.PtraceSyscall(r.pid, 0))
	for !r.finished {
		tid, err := syscall.Wait4(-1, &status, waitAll|noThread, nil)
		require.NoError(t, err)
		r.stopped(tid, status)
	}
	_ = p.Release()
	data, err := os.ReadFile(out.Name())
	require.NoError(t, err)
	r.output = string(data)
}

// stopped lets a thread that has stopped go on.
func (r *traced) stopped(tid int, status syscall.WaitStatus) {
	switch {
	case status.Exited() || status.Signaled():
		if tid == r.pid {
			r.status, r.finished = status, true
		}
		return
	case !status.Stopped():
		return
	}
	pass := 0
	switch signal := status.StopSignal(); {
	case signal == syscall.SIGTRAP|0x80:
		r.call(tid)
	case signal == syscall.SIGTRAP, signal == syscall.SIGSTOP: // a thread was made, or begins
	default:
		pass = int(signal)
	}
	_ = syscall.PtraceSyscall(tid, pass) // fails where it was killed
}

// call is the beginning or the end of a system call.
func (r *traced) call(tid int) {
	var regs syscall.PtraceRegs
	if syscall.PtraceGetRegs(tid, &regs) != nil {
		return
	}
	if r.entered[tid] = !r.entered[tid]; !r.entered[tid] {
		if plan := r.planned[tid]; plan != nil {
			delete(r.planned, tid)
			plan(&regs)
			_ = syscall.PtraceSetRegs(tid, &regs)
		}
		return
	}
	name, path := r.change(tid, &regs)
	if name == "" || path != r.dir && !strings.HasPrefix(path, r.dir+"/") {
		return
	}
	step := len(r.steps)
	r.steps = append(r.steps, name+" "+strings.TrimPrefix(path, r.dir+"/"))
	if step == r.at {
		r.befall(tid, name, &regs)
	}
}

func (r *traced) befall(tid int, name string, regs *syscall.PtraceRegs) {
	kill := func(*syscall.PtraceRegs) { _ = syscall.Kill(r.pid, syscall.SIGKILL) }
	switch f := r.fault; {
	case f.errno != 0:
		regs.Orig_rax = ^uint64(0) // no such call
		_ = syscall.PtraceSetRegs(tid, regs)
		r.planned[tid] = func(end *syscall.PtraceRegs) { end.Rax = uint64(-int64(f.errno)) }
	case f.half && name == "write":
		regs.Rdx /= 2
		_ = syscall.PtraceSetRegs(tid, regs)
		r.planned[tid] = kill
	case f.after:
		r.planned[tid] = kill
	default:
		kill(nil)
	}
}

// change names a system call that changes a file system, and what it changes; nothing for any other call.
func (r *traced) change(tid int, regs *syscall.PtraceRegs) (name, path string) {
	switch regs.Orig_rax {
	case syscall.SYS_OPENAT:
		if regs.Rdx&(syscall.O_CREAT|syscall.O_TRUNC) != 0 {
			return "create", r.at2(tid, regs.Rdi, regs.Rsi)
		}
	case syscall.SYS_MKDIRAT:
		return "mkdir", r.at2(tid, regs.Rdi, regs.Rsi)
	case syscall.SYS_UNLINKAT:
		return "remove", r.at2(tid, regs.Rdi, regs.Rsi)
	case syscall.SYS_SYMLINKAT:
		return "symlink", r.at2(tid, regs.Rsi, regs.Rdx)
	case syscall.SYS_LINKAT, syscall.SYS_RENAMEAT, sysRenameat2:
		return "rename", r.at2(tid, regs.Rdx, regs.R10)
	case syscall.SYS_WRITE, syscall.SYS_PWRITE64:
		return "write", r.descriptor(regs.Rdi)
	case syscall.SYS_FTRUNCATE:
		return "truncate", r.descriptor(regs.Rdi)
	case syscall.SYS_FSYNC, syscall.SYS_FDATASYNC:
		return "sync", r.descriptor(regs.Rdi)
	}
	return "", ""
}

const sysRenameat2 = 316

// at2 is the path of a name relative to a folder's descriptor.
func (r *traced) at2(tid int, dir, name uint64) string {
	text := r.text(tid, uintptr(name))
	if filepath.IsAbs(text) {
		return filepath.Clean(text)
	}
	folder := fmt.Sprintf("/proc/%d/cwd", r.pid)
	if int32(dir) != -100 { // AT_FDCWD
		folder = fmt.Sprintf("/proc/%d/fd/%d", r.pid, int32(dir))
	}
	at, _ := os.Readlink(folder)
	return filepath.Join(at, text)
}

func (r *traced) descriptor(fd uint64) string {
	path, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", r.pid, int32(fd)))
	return path
}

// text reads a string of the process's.
func (r *traced) text(tid int, at uintptr) string {
	var all []byte
	for word := make([]byte, 8); len(all) < 4096; at += 8 {
		if _, err := syscall.PtracePeekData(tid, at, word); err != nil {
			break
		}
		for _, b := range binary.LittleEndian.AppendUint64(nil, binary.LittleEndian.Uint64(word)) {
			if b == 0 {
				return string(all)
			}
			all = append(all, b)
		}
	}
	return string(all)
}
