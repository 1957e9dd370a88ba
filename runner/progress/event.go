package progress

import (
	"encoding/json"
	"errors"
	"fmt"
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
	V    int       `json:"v"`
	Time time.Time `json:"time"`
	What What      `json:"event"`
	Kata string    `json:"kata"`
	// KataHash is the kata's content at that time.
	KataHash string `json:"kata_hash,omitempty"`
	// Status is "passed" or "failed", with an attempt.
	Status string `json:"status,omitempty"`
	// Kinds are those of the findings, in their order.
	Kinds []string `json:"kinds,omitempty"`
	// Submission names the files that were graded.
	Submission string  `json:"submission,omitempty"`
	DurationMS float64 `json:"duration_ms,omitempty"`
	N          int     `json:"n,omitempty"`
}

// parse reads one line and holds it to what this build understands.
func parse(line []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(line, &e); err != nil {
		return Event{}, fmt.Errorf("is no JSON object of an event: %w", err)
	}
	switch {
	case e.V > Version:
		return Event{}, fmt.Errorf("has version %d, this kata reads up to %d: a newer kata wrote it", e.V, Version)
	case e.V < 1:
		return Event{}, errors.New("has no version")
	case !known[e.What]:
		return Event{}, fmt.Errorf("has the unknown event %q", e.What)
	case e.Kata == "":
		return Event{}, errors.New("names no kata")
	case e.Time.IsZero():
		return Event{}, errors.New("has no time")
	}
	return e, nil
}
