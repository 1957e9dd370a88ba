//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package store

import (
	"context"
	"errors"
	"time"
)

// try takes the lock of a file exclusively if nobody holds it for the next moment: there is no call that asks without
// waiting. A lock that is free and not got in time counts as held, which only leaves something for the next time.
func try(path string) (release func(), ok bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	release, err = Acquire(ctx, path, Exclusive, nil)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, false, nil
	}
	return release, err == nil, err
}
