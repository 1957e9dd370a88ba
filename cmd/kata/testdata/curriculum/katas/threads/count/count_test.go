package count_test

import (
	"testing"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threads/count"
)

// TestCount checks that the argument comes back.
func TestCount(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) { t.Equal("Count(3)", count.Count(3), 3) })
}
