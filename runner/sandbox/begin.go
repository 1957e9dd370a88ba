package sandbox

import (
	"fmt"
	"os"

	"github.com/python-concurrency/kata/runner/sandbox/confine"
)

// begin starts a command and holds it, confined where it asks for that and the system has anything to confine by.
func begin(c Command, standard []*os.File) (*os.Process, *confinement, error) {
	attr := func() *os.ProcAttr {
		return &os.ProcAttr{
			Dir:   c.Dir,
			Env:   append([]string{}, c.Env...), // nil would hand on our own
			Files: append(standard[:len(standard):len(standard)], c.Extra...),
			Sys:   attributes(),
		}
	}
	if c.Confinement == nil || !confine.Available {
		p, err := startHeld(c.Path, append([]string{c.Path}, c.Args...), attr())
		return p, &confinement{}, err
	}
	if useNamespaces() {
		p, got, err := beginConfined(c, attr(), true)
		if err == nil || !refusesNamespaces(err) {
			return p, got, err
		}
	}
	return beginConfined(c, attr(), false)
}

// beginConfined starts this program a second time, to confine itself and wait for what to become.
func beginConfined(c Command, attr *os.ProcAttr, namespaces bool) (*os.Process, *confinement, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("make a pipe for the confinement's report: %w", err)
	}
	defer write.Close()
	waits, gate, err := os.Pipe()
	if err != nil {
		read.Close()
		return nil, nil, fmt.Errorf("make a pipe for the confinement's gate: %w", err)
	}
	defer waits.Close()
	attr.Files = append(attr.Files, write, waits)
	if namespaces {
		addNamespaces(attr.Sys)
	}
	n := len(attr.Files)
	argv, err := confine.Command(c.Confinement.spec(c.Path, namespaces, n-2, n-1))
	if err == nil {
		var p *os.Process
		if p, err = startHeld(confine.Self, argv, attr); err == nil {
			got := &confinement{namespaces: namespaces, gate: gate}
			got.listen(read)
			return p, got, nil
		}
	}
	read.Close()
	gate.Close()
	return nil, nil, err
}
