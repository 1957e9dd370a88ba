package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Version is the form of the log's lines that this build writes.
const Version = 1

// What names what happened.
type What string

const (
	// Fetched: the kata was laid into the workspace.
	Fetched What = "fetched"
	// Current: it became the kata that is worked on.
	Current What = "current"
	// Attempt: it was graded, and Status and Kinds say how.
	Attempt What = "attempt"
	// Hint: the hint numbered N was shown.
	Hint What = "hint"
	// Solution: the reference solution was shown before a pass.
	Solution What = "solution"
	// Reset: the stub was brought back.
	Reset What = "reset"
)

var known = map[What]bool{Fetched: true, Current: true, Attempt: true, Hint: true, Solution: true, Reset: true}

// Event is one line of the log.
type Event struct {
	V int `json:"v"`
	// Time is in UTC.
	Time time.Time `json:"time"`
	// After is the time of an earlier event of the log where that is later than Time: the clock was set back in between.
	// Append sets it.
	After time.Time `json:"after,omitzero"`
	What  What      `json:"event"`
	Kata  string    `json:"kata"`
	// KataHash is the kata's content at that time.
	KataHash string `json:"kata_hash,omitempty"`
	// Status is "passed" or "failed", with an attempt.
	Status string `json:"status,omitempty"`
	// Kinds are those of the findings, in their order.
	Kinds []string `json:"kinds,omitempty"`
	// Submission names the files that were graded.
	Submission string `json:"submission,omitempty"`
	// DurationMS is how long grading took, in milliseconds of wall clock.
	DurationMS float64 `json:"duration_ms,omitempty"`
	// N is the number of a hint, from 1.
	N int `json:"n,omitempty"`
}

// order is the time that an event has its place by.
func (e Event) order() time.Time {
	if e.After.After(e.Time) {
		return e.After
	}
	return e.Time
}

// check holds an event to the rules of what it says. The error reads on from "the event".
func (e Event) check() error {
	switch {
	case !known[e.What]:
		return fmt.Errorf("has the unknown event %q", e.What)
	case e.Kata == "":
		return errors.New("names no kata")
	case e.Time.IsZero():
		return errors.New("has no time")
	case e.Time.Year() < 1 || e.Time.Year() > 9999: // what RFC 3339 can write
		return errors.New("has a time that cannot be written")
	case e.What == Attempt && e.Status != string(Passed) && e.Status != "failed":
		return fmt.Errorf("is an attempt that ended as %q, neither passed nor failed", e.Status)
	case e.What == Hint && e.N < 1:
		return fmt.Errorf("is a hint with the number %d", e.N)
	}
	return nil
}

// parse reads one line and holds it to what this build understands. Keys that it does not know are passed over: the
// meaning of a line changes with its version alone.
func parse(line []byte) (Event, error) {
	if isConflictMarker(line) {
		return Event{}, errors.New("is a conflict marker of git")
	}
	var version struct {
		V int `json:"v"`
	}
	if err := json.Unmarshal(line, &version); err != nil {
		return Event{}, fmt.Errorf("is no JSON object of an event: %w", err)
	}
	switch {
	case version.V > Version:
		return Event{}, fmt.Errorf("has version %d, this kata reads up to %d: a newer kata wrote it", version.V, Version)
	case version.V < 1:
		return Event{}, errors.New("has no version")
	}
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Event{}, fmt.Errorf("is no JSON object of an event: %w", err)
	}
	e.Time, e.After = e.Time.UTC(), e.After.UTC()
	if err := e.check(); err != nil {
		return Event{}, err
	}
	return e, nil
}

func isConflictMarker(line []byte) bool {
	return slices.ContainsFunc([]string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"}, func(marker string) bool {
		return bytes.HasPrefix(line, []byte(marker))
	})
}
