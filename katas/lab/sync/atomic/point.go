package atomic

import (
	"fmt"

	"github.com/python-concurrency/kata/katas/lab/explore"
)

func point(op explore.Op) { explore.At(op, nil) }

// told notes the value that an operation came out with, for the drawing of an interleaving.
func told[T any](v T) T {
	if explore.Recording() {
		explore.Note("= " + brief(v))
	}
	return v
}

// whether notes whether a compare-and-swap did swap. One that did not has changed nothing: a loop around it waits.
func whether(did bool) bool {
	note := "and does not swap"
	if did {
		explore.Changed()
		note = "and swaps"
	}
	explore.Note(note)
	return did
}

// brief is a value in few words; a pointer is only told from nil.
func brief(v any) string {
	switch v := fmt.Sprintf("%v", v); {
	case v == "<nil>":
		return "nil"
	case len(v) > 24 || len(v) > 1 && v[:2] == "0x" || len(v) > 0 && v[0] == '&':
		return "a value"
	default:
		return v
	}
}
