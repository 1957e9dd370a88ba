package lab

import (
	"os"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"

	_ "github.com/python-concurrency/kata/katas/lab/popcount" // linked for the race runtime
	"github.com/python-concurrency/kata/katas/lab/seal"
	"github.com/python-concurrency/kata/katas/lab/wire"
)

// channel carries records to the runner. The zero channel, where nobody listens, drops them.
type channel struct {
	mu   sync.Mutex
	file *os.File
	// key is what each record begins with.
	key string
}

// runner is the one channel of the process.
var runner = openChannel()

// openChannel finds the descriptors that the runner handed in, and keeps them from child processes. The Go runtime's
// crash report gets a descriptor of its own, so that a real panic can be told from one that was printed.
func openChannel() *channel {
	if crash := inherited(wire.EnvCrash); crash != nil {
		// An error here only means that the crash report is found on stderr instead.
		_ = debug.SetCrashOutput(crash, debug.CrashOptions{})
		crash.Close()
	}
	c := &channel{file: inherited(wire.EnvRecords), key: seal.Take()}
	if c.listening() {
		// A recursion without an end would fill the runtime's gigabyte before it is called by its name, and meet the
		// limit of memory first.
		debug.SetMaxStack(maxStack)
	}
	return c
}

// maxStack is the largest stack of one goroutine under a runner, in bytes.
const maxStack = 64 << 20

func inherited(variable string) *os.File {
	fd, err := strconv.Atoi(os.Getenv(variable))
	os.Unsetenv(variable)
	if err != nil || fd < 3 {
		return nil
	}
	syscall.CloseOnExec(fd)
	return os.NewFile(uintptr(fd), variable)
}

// listening reports whether a runner reads the records.
func (c *channel) listening() bool { return c.file != nil }

// Graded reports whether a runner listens. Then the submission is built with the drop-in for sync, whose waiting a bubble
// can see; under plain `go test` a standard Mutex that is waited for while its holder sleeps stops the bubble's clock, and a
// test that needs that must do without.
func Graded() bool { return runner.listening() }

// send writes one record whole. It is safe for use by many goroutines and adds no happens-before edge between them.
//
//go:norace
func (c *channel) send(r wire.Record) {
	if c.file == nil {
		return
	}
	quietly(func() {
		frame := wire.Append([]byte(c.key), r)
		c.mu.Lock()
		defer c.mu.Unlock()
		// A runner that has gone away cannot be told so.
		_, _ = c.file.Write(frame)
	})
}
