//go:build linux && (amd64 || arm64)

package faultinject

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// subjects are programs to run: what a subject does in its current folder is what the tests are about.
var subjects = map[string]func() error{
	"save":    save,
	"sloppy":  func() error { _ = save(); return nil },
	"threads": func() error { return inThreads(4) },
	"traces":  traceAChild,
	"locks":   takeLock,
	"reads":   func() error { _, err := os.ReadFile("old"); return err },
	"nothing": func() error { return nil },
}

const subjectVariable = "FAULTINJECT_SUBJECT"

func TestMain(m *testing.M) {
	subject := subjects[os.Getenv(subjectVariable)]
	if subject == nil {
		os.Exit(m.Run())
	}
	if err := subject(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	fmt.Println("done")
	os.Exit(0)
}

// save writes a file the way careful programs do.
func save() error {
	if err := os.Mkdir("folder", 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile("folder/new", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString("new text")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename("folder/new", "old"); err != nil {
		return err
	}
	return os.NewSyscallError("rmdir", unix.Rmdir("folder"))
}

// saving are the steps of save.
var saving = []string{"mkdirat folder", "openat folder/new", "write folder/new", "fsync folder/new", "close folder/new", "renameat folder/new", "unlinkat folder"}

func inThreads(n int) error {
	var all sync.WaitGroup
	failed := make([]error, n)
	for i := range n {
		all.Go(func() {
			runtime.LockOSThread()
			failed[i] = os.WriteFile(fmt.Sprint("file", i), []byte("text"), 0o644)
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

// traceAChild starts a program held by ptrace(2), as the sandbox does, and lets it go.
func traceAChild() error {
	runtime.LockOSThread()
	path, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), subjectVariable+"=save")
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(cmd.Process.Pid, &status, unix.WALL, nil); err != nil {
		return err
	}
	if err := unix.PtraceDetach(cmd.Process.Pid); err != nil {
		return err
	}
	return cmd.Wait()
}

func takeLock() error {
	f, err := os.OpenFile("lock", os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	return unix.Flock(int(f.Fd()), unix.LOCK_EX)
}

// run runs a subject in a folder with a file called old.
func run(t *testing.T, subject string, f Fault) (folder string, r Result) {
	t.Helper()
	p := program(t, subject)
	r, err := Run(p, f)
	if errors.Is(err, ErrNotAllowed) {
		t.Skip(err)
	}
	require.NoError(t, err)
	return p.Dir, r
}

func program(t *testing.T, subject string) Program {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	folder, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "old"), []byte("old text"), 0o644))
	return Program{Path: path, Args: []string{"subject"}, Env: append(os.Environ(), subjectVariable+"="+subject), Dir: folder, Folders: []string{folder}}
}

// tree is every file below a folder with its content; of a folder the content is "/".
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	require.NoError(t, fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		files[name] = "/"
		if !d.IsDir() {
			data, err := os.ReadFile(filepath.Join(folder, name))
			files[name] = string(data)
			return err
		}
		return nil
	}))
	return files
}

func steps(folder string, r Result) []string {
	var names []string
	for _, s := range r.Steps {
		rel, _ := filepath.Rel(folder, s.File)
		names = append(names, s.Call+" "+rel)
	}
	return names
}

func TestAllStepsAreCountedAndNothingElse(t *testing.T) {
	folder, r := run(t, "save", Fault{})
	require.Equal(t, 0, r.Exit, r.Stderr)
	require.Equal(t, "done\n", r.Stdout)
	require.Equal(t, saving, steps(folder, r))
	require.Equal(t, map[string]string{"old": "new text"}, tree(t, folder))

	for _, idle := range []string{"reads", "nothing"} {
		_, r = run(t, idle, Fault{})
		require.Equal(t, 0, r.Exit, r.Stderr)
		require.Empty(t, r.Steps, idle)
	}
}

func TestWhatLiesOutsideIsNoStep(t *testing.T) {
	p := program(t, "save")
	p.Folders = []string{filepath.Join(p.Dir, "folder")}
	r, err := Run(p, Fault{})
	if errors.Is(err, ErrNotAllowed) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.Equal(t, saving, steps(p.Dir, r), "a rename out of the folder counts")
	p = program(t, "save")
	p.Folders = []string{filepath.Join(p.Dir, "fold")}
	r, err = Run(p, Fault{})
	require.NoError(t, err)
	require.Empty(t, r.Steps, "a name that begins the same is another folder")
}

// after is what a folder holds when the first n steps of save have been done.
var after = []map[string]string{
	0: {"old": "old text"},
	1: {"old": "old text", "folder": "/"},
	2: {"old": "old text", "folder": "/", "folder/new": ""},
	3: {"old": "old text", "folder": "/", "folder/new": "new text"},
	4: {"old": "old text", "folder": "/", "folder/new": "new text"},
	5: {"old": "old text", "folder": "/", "folder/new": "new text"},
	6: {"old": "new text", "folder": "/"},
	7: {"old": "new text"},
}

func TestAKillComesWhereItWasAskedFor(t *testing.T) {
	for n := 1; n < len(after); n++ {
		folder, r := run(t, "save", Fault{At: n, Do: KillBefore})
		require.True(t, r.Killed())
		require.Equal(t, after[n-1], tree(t, folder), "before step %d", n)
		require.Equal(t, saving[:n], steps(folder, r))

		folder, r = run(t, "save", Fault{At: n, Do: KillAfter})
		require.True(t, r.Killed())
		require.Equal(t, after[n], tree(t, folder), "after step %d", n)
	}
	folder, r := run(t, "save", Fault{At: len(after), Do: KillBefore})
	require.Equal(t, 0, r.Exit, "there is no such step")
	require.Equal(t, after[7], tree(t, folder))
}

func TestAWriteIsDoneByHalf(t *testing.T) {
	folder, r := run(t, "save", Fault{At: 3, Do: Tear})
	require.True(t, r.Killed())
	require.Equal(t, map[string]string{"old": "old text", "folder": "/", "folder/new": "new "}, tree(t, folder))
}

func TestAnErrorIsWhatTheProgramGets(t *testing.T) {
	for n := 1; n < len(after); n++ {
		folder, r := run(t, "save", Fault{At: n, Do: FailOnce, Errno: unix.EIO})
		require.Equal(t, 3, r.Exit, "step %d", n)
		require.Contains(t, r.Stderr, "input/output error", "step %d", n)
		require.Equal(t, saving[:n], steps(folder, r)[:n])
	}
	folder, r := run(t, "sloppy", Fault{At: 4, Do: FailOnce, Errno: unix.EIO})
	require.Equal(t, 0, r.Exit)
	require.Equal(t, after[5], tree(t, folder), "the file is closed all the same")
}

func TestAFullDiskStaysFullAndLetsGoOfFiles(t *testing.T) {
	folder, r := run(t, "save", Fault{At: 2, Do: FailFrom, Errno: unix.ENOSPC})
	require.Contains(t, r.Stderr, "openat folder/new: no space left on device"[len("openat "):])
	require.Equal(t, after[1], tree(t, folder))

	folder, r = run(t, "save", Fault{At: 3, Do: FailFrom, Errno: unix.ENOSPC})
	require.Contains(t, r.Stderr, "no space left on device")
	require.Equal(t, "new ", tree(t, folder)["folder/new"], "half of it found room")
	require.Equal(t, []string{"write folder/new", "write folder/new"}, steps(folder, r)[2:4], "and then the rest did not")

	folder, r = run(t, "save", Fault{At: 7, Do: FailFrom, Errno: unix.ENOSPC})
	require.Equal(t, 0, r.Exit, "a full disk lets files be removed: %s", r.Stderr)
	require.Equal(t, after[7], tree(t, folder))

	folder, r = run(t, "save", Fault{At: 1, Do: FailFrom, Errno: unix.EROFS})
	require.Contains(t, r.Stderr, "read-only file system")
	require.Equal(t, after[0], tree(t, folder))
}

func TestAProgramIsHeldWhileSomethingElseHappens(t *testing.T) {
	p := program(t, "save")
	called := 0
	r, err := Run(p, Fault{At: 6, Do: Pause, Meanwhile: func() {
		called++
		require.Equal(t, after[5], tree(t, p.Dir), "it waits before the step")
		require.NoError(t, os.WriteFile(filepath.Join(p.Dir, "old"), []byte("of somebody else"), 0o644))
		other, err := Run(program(t, "save"), Fault{})
		require.NoError(t, err, "another one can be traced meanwhile")
		require.Equal(t, 0, other.Exit)
	}})
	if errors.Is(err, ErrNotAllowed) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.Equal(t, 1, called)
	require.Equal(t, 0, r.Exit, r.Stderr)
	require.Equal(t, after[7], tree(t, p.Dir))
}

func TestAllThreadsAreFollowedAndKilled(t *testing.T) {
	_, r := run(t, "threads", Fault{})
	require.Equal(t, 0, r.Exit, r.Stderr)
	require.Len(t, r.Steps, 12, "four files are opened, written and closed: %v", r.Steps)
	for n := 1; n <= 12; n++ {
		_, r := run(t, "threads", Fault{At: n, Do: KillBefore})
		require.True(t, r.Killed(), "step %d", n)
	}
}

func TestAProgramMayTraceItsChild(t *testing.T) {
	folder, r := run(t, "traces", Fault{})
	require.Equal(t, 0, r.Exit, r.Stderr)
	require.Empty(t, r.Steps, "what a child does is no step")
	require.Equal(t, after[7], tree(t, folder), "but it is done")
}

func TestALockIsToldOfBeforeItIsTaken(t *testing.T) {
	p := program(t, "locks")
	var told []string
	p.Locking = func(file string) { told = append(told, file) }
	r, err := Run(p, Fault{})
	if errors.Is(err, ErrNotAllowed) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.Equal(t, 0, r.Exit, r.Stderr)
	require.Equal(t, []string{filepath.Join(p.Dir, "lock")}, told)
}

func TestSparingTheDiskLeavesTheFault(t *testing.T) {
	p := program(t, "save")
	p.Quick = true
	r, err := Run(p, Fault{At: 4, Do: FailOnce, Errno: unix.EIO})
	if errors.Is(err, ErrNotAllowed) {
		t.Skip(err)
	}
	require.NoError(t, err)
	require.Contains(t, r.Stderr, "sync folder/new: input/output error")
}

func TestManyAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for n := range 16 {
		p := program(t, "save")
		all.Go(func() {
			r, err := Run(p, Fault{At: n%7 + 1, Do: KillAfter})
			if err != nil && !errors.Is(err, ErrNotAllowed) || err == nil && !r.Killed() {
				t.Error(n, err, r)
			}
		})
	}
	all.Wait()
}

func TestAProgramThatCannotBeStarted(t *testing.T) {
	_, err := Run(Program{Path: filepath.Join(t.TempDir(), "gone"), Args: []string{"gone"}}, Fault{})
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.True(t, strings.HasPrefix(err.Error(), "run "), err)
}
