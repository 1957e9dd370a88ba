package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/sandbox/confine"
)

// Confinement is what a command may reach of the machine beside the system's shared libraries and /proc. It has no network. On a system that offers none of it only the Limits hold.
type Confinement struct {
	// Run are files and folders that it may execute, beside the program itself where that is known when the cell is made;
	// Write are folders and files that it may read and write.
	Run, Write []string
	// AddressSpace is the most virtual memory of one process, in bytes; FileSize the most that one file may grow to;
	// Descriptors how many a process may have; Threads how many all its processes may have together. Zero: no limit.
	AddressSpace, FileSize int64
	Descriptors, Threads   int
}

// spec is the confinement as it is asked for of the process.
func (c *Confinement) spec(program string, namespaces bool, report, gate int) confine.Spec {
	return confine.Spec{
		Run:          slices.Concat(c.Run, []string{program}, libraries),
		Read:         kernelFiles,
		Write:        append([]string{os.DevNull}, c.Write...),
		Namespaces:   namespaces,
		AddressSpace: uint64(c.AddressSpace), FileSize: uint64(c.FileSize),
		Descriptors: uint64(c.Descriptors), Threads: uint64(c.Threads),
		Report: report, Gate: gate,
	}
}

// libraries are where the dynamic linker and what it loads lie: a race binary is linked against the C library.
var libraries = []string{
	"/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/local/lib",
	"/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.preload",
}

// kernelFiles are what the Go runtime and the race detector ask the kernel at their start.
var kernelFiles = []string{"/proc", "/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage", "/sys/devices/system/cpu"}

// confinement is the confinement of one process: what was asked for, and what came of it.
type confinement struct {
	namespaces bool
	report     chan []byte // nil: none was asked for
	gate       *os.File    // nil: there is none, and a process that is let go runs
}

// become tells the process what to become. The error says that it was not there to be told.
func (c *confinement) become(path string, args, env []string) error {
	if c.gate == nil {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		c.close()
		return err // told here in the system's own words
	}
	return confine.Become(c.gate, path, args, env)
}

// close lets go of a process that was never told.
func (c *confinement) close() {
	if c.gate != nil {
		c.gate.Close()
	}
}

// maxReport bounds what is read of the report, in bytes.
const maxReport = 64 << 10

// listen begins to read a report, and closes the pipe at its end.
func (c *confinement) listen(pipe *os.File) {
	c.report = make(chan []byte, 1)
	go func() {
		defer pipe.Close()
		data, _ := io.ReadAll(io.LimitReader(pipe, maxReport))
		c.report <- data
	}()
}

// wait returns what is in force, for a person to read, when the process has ended. The error says that the command
// was never executed.
func (c *confinement) wait() (string, error) {
	if c.report == nil {
		return "", nil
	}
	lines := strings.Split(strings.TrimSpace(string(<-c.report)), "\n")
	r, err := confine.ParseReport([]byte(lines[len(lines)-1]))
	if err != nil {
		return "", err
	}
	if r.Failed != "" {
		return "", errors.New(r.Failed)
	}
	return c.describe(r), nil
}

// describe names the walls, best first.
func (c *confinement) describe(r confine.Report) string {
	var walls []string
	if c.namespaces {
		walls = append(walls, "namespaces")
	}
	if r.Landlock > 0 {
		walls = append(walls, fmt.Sprintf("landlock %d", r.Landlock))
	}
	if r.Seccomp {
		walls = append(walls, "seccomp")
	}
	return strings.Join(append(walls, "no new privileges", ""), ", ")
}
