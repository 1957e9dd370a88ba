//go:build !unix

package lab

import "testing"

// watchSpin does nothing here: the runner's own limits end a loop.
func watchSpin(*testing.T) (stop func()) { return func() {} }
