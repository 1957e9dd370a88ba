//go:build !unix

package lab

import (
	"sync/atomic"
	"testing"
)

// watchSpin does nothing here: the runner's own limits end a loop.
func watchSpin(*testing.T, *atomic.Int64) (stop func()) { return func() {} }
