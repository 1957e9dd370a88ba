package store

import (
	"context"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Mode is how a lock is held.
type Mode int

const (
	// Shared: others may hold it as well, in this mode.
	Shared = Mode(os.O_RDONLY)
	// Exclusive: nobody else holds it.
	Exclusive = Mode(os.O_RDWR)
)

// patience is how long a lock may be waited for before somebody is told, and how often they are told again.
const patience = 200 * time.Millisecond

// Acquire takes the lock that a file stands for, among processes and within one, and makes the file where it is not
// there. While it has to wait it calls waiting again and again, from this goroutine; nil is not called. The error is the
// context's, or the file system's. Call release once.
func Acquire(ctx context.Context, path string, mode Mode, waiting func()) (release func(), err error) {
	type lock struct {
		file *lockedfile.File
		err  error
	}
	got := make(chan lock, 1)
	go func() {
		f, err := lockedfile.OpenFile(path, int(mode)|os.O_CREATE, 0o600)
		got <- lock{f, err}
	}()
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for {
		select {
		case l := <-got:
			if l.err != nil {
				return nil, l.err
			}
			return func() { l.file.Close() }, nil
		case <-ctx.Done():
			go func() { // the wait for a file lock cannot be called off
				if l := <-got; l.err == nil {
					l.file.Close()
				}
			}()
			return nil, ctx.Err()
		case <-tick.C:
			if waiting != nil {
				waiting()
			}
		}
	}
}

// Held reports whether somebody holds the lock that a file stands for. A file that is not there is held by nobody.
func Held(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return false
	}
	release, ok, err := try(path)
	if ok {
		release()
	}
	return err == nil && !ok
}
