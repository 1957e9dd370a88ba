// Package confine takes from a process, before it becomes another program, what that program has no business with:
// files, the network, other processes, system calls, and resources without bound.
//
// Most of it can only be given up by the process itself, between fork and exec, and a Go program cannot run code of its
// own there. So a program that imports this package can be started a second time under a name of its own (see
// Command): then it runs no main, it gives up what its Spec says, tells what the system made of it, and executes
// the program that was meant. Everything that it gave up stays given up, for that program and for its children.
//
// What the system does not offer is left out and told: see Report.
package confine

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Spec is what a program may reach and use. Paths that do not exist are left out; the zero Spec allows no file at all.
type Spec struct {
	// Run are files and folders that may be read and executed, Read those that may be read, Write those that may be
	// written too.
	Run   []string `json:"run,omitempty"`
	Read  []string `json:"read,omitempty"`
	Write []string `json:"write,omitempty"`
	// Namespaces: the process was started in namespaces of its own, of users, mounts and processes, and is to have a
	// /proc that shows nothing else.
	Namespaces bool `json:"namespaces,omitempty"`
	// AddressSpace and FileSize are bytes, per process and per file; Descriptors per process. Threads counts those of
	// all processes of the user within the user namespace, and is not set outside of one. Zero: no limit.
	AddressSpace uint64 `json:"address_space,omitempty"`
	FileSize     uint64 `json:"file_size,omitempty"`
	Descriptors  uint64 `json:"descriptors,omitempty"`
	Threads      uint64 `json:"threads,omitempty"`
	// Report is the descriptor that the Report is written to, Gate the one that says what to become (see Become): until
	// then whoever started the process may change things about it. Both are closed by then.
	Report int `json:"report"`
	Gate   int `json:"gate"`
}

// Report says what came into force.
type Report struct {
	// Landlock is the version of the Landlock interface that files, the network and signals are held back by
	// (landlock(7)); 0 where the system has none.
	Landlock int `json:"landlock,omitempty"`
	// Seccomp: sockets and the system calls that reach other processes or the kernel's settings are refused (seccomp(2)).
	Seccomp bool `json:"seccomp,omitempty"`
	// Proc: /proc shows the program and its children alone.
	Proc bool `json:"proc,omitempty"`
	// Failed says why the program was not executed.
	Failed string `json:"failed,omitempty"`
}

// name is what a process is called that is to confine itself.
const name = "kata: confine"

// Command is the argument list with which this very program confines itself, and waits for what to become. The file to
// start is Self.
func Command(s Spec) ([]string, error) {
	spec, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("describe a confinement: %w", err)
	}
	return []string{name, string(spec)}, nil
}

// program is what a confined process becomes.
type program struct {
	Path string   `json:"path"`
	Args []string `json:"args"`
	Env  []string `json:"env"`
}

// Become tells the process at the other end of its gate to become a program, and closes the gate. A gate that is closed
// without a word ends the process.
func Become(gate io.WriteCloser, path string, args, env []string) error {
	err := json.NewEncoder(gate).Encode(program{Path: path, Args: append([]string{path}, args...), Env: append([]string{}, env...)})
	if closed := gate.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("tell the confined process to become %s: %w", path, err)
	}
	return nil
}

// ParseReport reads what a confined process told. Nothing told is a failure: the process did not come that far.
func ParseReport(data []byte) (Report, error) {
	var r Report
	if err := json.Unmarshal(data, &r); err != nil {
		return Report{}, fmt.Errorf("the confinement's report %.40q: %w", data, err)
	}
	return r, nil
}

// A program that confines itself must not do anything else first. That is why this is an init, and not for main to
// call: one that forgot to would start itself again and again.
func init() {
	if len(os.Args) == 2 && os.Args[0] == name {
		become(os.Args[1])
	}
}
