package gather_test

import (
	"testing"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/tasks/gather"
)

// TestGather checks that the argument comes back.
func TestGather(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) { t.Equal("Gather(3)", gather.Gather(3), 3) })
}
