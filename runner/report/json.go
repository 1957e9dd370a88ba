package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode"
	"unicode/utf16"

	"github.com/python-concurrency/kata/runner/verdict"
)

// JSON writes the verdict as its schema has it (verdict.Schema), indented, lists never null. Bytes that are no UTF-8
// come out as U+FFFD: JSON has no other place for them.
func JSON(w io.Writer, v verdict.Verdict, _ Options) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // nobody reads "\u003c-c" with joy, and this is no web page
	enc.SetIndent("", "  ")
	if err := enc.Encode(withLists(v)); err != nil {
		return fmt.Errorf("verdict of %s as JSON: %w", v.Kata, err)
	}
	_, err := w.Write(escapeUnprintable(buf.Bytes()))
	return err
}

// withLists replaces each nil list by an empty one: a reader loops over it either way. The caller's value stays as it
// is.
func withLists(v verdict.Verdict) verdict.Verdict {
	v.Tests = notNil(v.Tests)
	v.Findings = notNil(slices.Clone(v.Findings))
	for i := range v.Findings {
		f := &v.Findings[i]
		if f.Schedule != nil {
			f.Schedule = &verdict.Schedule{Seed: f.Schedule.Seed, Steps: notNil(f.Schedule.Steps)}
		}
		if f.Timeline != nil {
			f.Timeline = &verdict.Timeline{Total: f.Timeline.Total, Spans: notNil(f.Timeline.Spans)}
		}
	}
	return v
}

func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// escapeUnprintable writes what encoding/json passes on as it is and a terminal would obey (DEL, the C1 controls,
// the marks that turn the direction of writing) as JSON escapes. Such runes stand in strings only.
func escapeUnprintable(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for _, r := range string(data) {
		switch {
		case r < 0x7f || unicode.IsPrint(r) || r == unicode.ReplacementChar:
			out = append(out, string(r)...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}
