package carry_test

import (
	"testing"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threads/carry"
)

// TestCarry checks that the argument comes back.
func TestCarry(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) { t.Equal("Carry(3)", carry.Carry(3), 3) })
}
