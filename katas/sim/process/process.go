package process

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// variable names the child's main function in its environment.
const variable = "KATA_PROCESS"

// The child's descriptors: what it reads, what it writes, and the two ends of a meeting where there is one.
const (
	fromParent = 3 + iota
	toParent
	arrivals
	releases
)

var mains = make(map[string]func(*Conn))

// RegisterMain makes a child's main function known by its name. It belongs into init. When the function returns, the
// child ends with exit code 0.
func RegisterMain(name string, main func(*Conn)) {
	if _, taken := mains[name]; taken {
		panic("process: the main function " + name + " is registered twice")
	}
	mains[name] = main
}

// Main runs the child's main function in a child, and does nothing in the parent. A program that starts processes
// calls it before everything else.
func Main() {
	name := os.Getenv(variable)
	if name == "" {
		return
	}
	main, ok := mains[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "process: no main function %q\n", name)
		os.Exit(1)
	}
	main(newConn(os.NewFile(fromParent, "from parent"), os.NewFile(toParent, "to parent")))
	os.Exit(0)
}

// Process is a child. Its methods are safe for use by many goroutines, save that each side of its Conn is for one at
// a time.
type Process struct {
	// Conn is the parent's end of the pipe. Its Recv fails with io.EOF once the child is gone.
	*Conn
	cmd  *exec.Cmd
	once sync.Once
	err  error
}

// alive are the children that nobody has waited for.
var alive struct {
	sync.Mutex
	children map[*Process]bool
}

// Start starts a child that runs the main function of that name.
func Start(name string) (*Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	childReads, parentWrites, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start a process: %w", err)
	}
	parentReads, childWrites, err := os.Pipe()
	if err != nil {
		childReads.Close()
		parentWrites.Close()
		return nil, fmt.Errorf("start a process: %w", err)
	}
	p := &Process{Conn: newConn(parentReads, parentWrites), cmd: exec.Command(program)}
	p.cmd.Env = append(os.Environ(), variable+"="+name)
	if os.Getenv("GORACE") == "" {
		// A race binary sleeps a second at its exit otherwise.
		p.cmd.Env = append(p.cmd.Env, "GORACE=atexit_sleep_ms=0")
	}
	p.cmd.Stdout, p.cmd.Stderr = os.Stdout, os.Stderr
	p.cmd.ExtraFiles = append([]*os.File{childReads, childWrites}, meetingFiles()...)
	err = p.cmd.Start()
	childReads.Close()
	childWrites.Close()
	if err != nil {
		p.Close()
		return nil, fmt.Errorf("start a process: %w", err)
	}
	alive.Lock()
	defer alive.Unlock()
	if alive.children == nil {
		alive.children = make(map[*Process]bool)
	}
	alive.children[p] = true
	return p, nil
}

// PID is the child's process number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Kill ends the child at once. It says nothing to it, and it is no error if the child is gone.
func (p *Process) Kill() { _ = p.cmd.Process.Kill() }

// Wait waits until the child is gone, closes the parent's end of the pipe, and returns an error unless the child ended
// with exit code 0. A second Wait returns what the first one did. A child that nobody waits for stays behind as a
// zombie.
func (p *Process) Wait() error {
	p.once.Do(func() {
		p.err = p.cmd.Wait()
		p.Close()
		alive.Lock()
		delete(alive.children, p)
		alive.Unlock()
	})
	return p.err
}

// Left counts the children that were started and not waited for.
func Left() int {
	alive.Lock()
	defer alive.Unlock()
	return len(alive.children)
}

// KillAll ends and waits for every child that is left: for the end of a test that failed.
func KillAll() {
	alive.Lock()
	left := make([]*Process, 0, len(alive.children))
	for p := range alive.children {
		left = append(left, p)
	}
	alive.Unlock()
	for _, p := range left {
		p.Kill()
		_ = p.Wait()
	}
}
