package build

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/python-concurrency/kata/runner/instrument"
)

// A few lines can keep a compiler busy for an hour, or have it ask for more memory than there is: structs that are twice
// as large as the one before, for instance. A submission of the ordinary kind takes some hundredths of a second of CPU time
// and less than a hundred megabytes.
const (
	// toolCPU is the CPU time that compiler and linker may take: a busy machine does not use it up.
	toolCPU = 10 * time.Second
	// toolMemory is their address space, toolFile the largest file that they may write, in bytes.
	toolMemory = 8 << 30
	toolFile   = 256 << 20
	// checkPatience is how long the types of a submission are read in this process, where CPU time cannot be
	// limited, before the compiler is asked what it thinks of them.
	checkPatience = 3 * time.Second
)

// rewrite puts the points into a package. Reading its types can take for ever, and the goroutine that does cannot be
// stopped: it is left behind where the compiler does not come to an end either.
func (p *plan) rewrite(ctx context.Context, archive string, pkg instrument.Package, config []string) (map[string][]byte, error) {
	type result struct {
		files map[string][]byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		files, err := instrument.Rewrite(pkg, p.importer())
		done <- result{files, err}
	}()
	for _, asked := range []bool{false, true} {
		patience := time.NewTimer(checkPatience)
		defer patience.Stop()
		if asked { // it compiles, so the machine is busy
			patience.Reset(20 * checkPatience)
		}
		select {
		case r := <-done:
			return r.files, r.err
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-patience.C:
		}
		if asked {
			break
		}
		if err := p.compile(ctx, pkg.Path, archive, pkg.Files, config); err != nil {
			return nil, err
		}
	}
	return nil, &Fault{What: fmt.Sprintf("reading the types of %s takes too long", p.submission.Kata.ID), Hint: "close some programs, then kata check " + string(p.submission.Kata.ID)}
}

// runTool runs a tool to its end, within its limits.
func runTool(cmd *exec.Cmd) (said string, err error) {
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return "", err
	}
	limitTool(cmd.Process.Pid)
	err = cmd.Wait()
	return out.String(), err
}

// tooMuch are what compiler and linker say when they give up on a program for its size.
var tooMuch = []string{"out of memory", "cannot allocate memory", "too much data", "file too large", "fallocate failed", "stack exceeds"}

// gaveUp reports whether a tool that failed was asked for too much.
func gaveUp(exit *exec.ExitError, said string) bool {
	if killed(exit) {
		return true
	}
	for _, s := range tooMuch {
		if strings.Contains(said, s) {
			return true
		}
	}
	return false
}

// bomb is the error of a submission that no compiler comes to an end with.
func (p *plan) bomb(tool string) error {
	return &CompileError{Diagnostics: []Diagnostic{{
		File: sortedNames(p.submission.Files)[0], Line: 1,
		Message: fmt.Sprintf("the %s gives up on it: it would take more than %.0f seconds or %d GB", toolName[tool], toolCPU.Seconds(), toolMemory>>30),
	}}}
}

var toolName = map[string]string{"compile": "compiler", "link": "linker"}
