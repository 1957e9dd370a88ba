// Package evidence decodes what comes back from a running test binary: the lab's records, the race detector's log,
// the Go runtime's crash report and goroutine dumps. It tells what was seen and judges nothing.
package evidence

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/sandbox"
)

// Run is what is known of one process.
type Run struct {
	Records []wire.Record
	// Malformed says what was wrong with the stream of records; nil where it ended well or in the middle of a record
	// because the process died.
	Malformed error
	// Races are this process's reports in their order; ChildRaces those of processes it started.
	Races, ChildRaces []Race
	// Crash is the runtime's last word, where there was one.
	Crash   *Crash
	Outcome sandbox.Outcome
}

// Open reports whether the process ended under a test that had started and not ended.
func (r *Run) Open() bool {
	open := ""
	for _, rec := range r.Records {
		switch rec.Event {
		case wire.Start:
			open = rec.Test
		case wire.End:
			open = ""
		}
	}
	return open != ""
}

// maxRecords bounds what one process may send.
const maxRecords = 100_000

// errForged is of a record that does not begin with the key.
var errForged = errors.New("a record that is not of the tests' making")

// ReadRecords decodes the stream until its end. Each record begins with key. It drains what it does not take, so that the
// writer never blocks on it. A torn last record is no error: the process died while it wrote.
func ReadRecords(r io.Reader, key string) ([]wire.Record, error) {
	in := bufio.NewReader(r)
	var records []wire.Record
	for {
		rec, err := readRecord(in, key)
		switch {
		case err == io.EOF, errors.Is(err, wire.ErrTorn):
			return records, nil
		case err == nil && len(records) < maxRecords:
			records = append(records, rec)
			continue
		case err == nil:
			err = fmt.Errorf("more than %d records", maxRecords)
		}
		_, _ = io.Copy(io.Discard, in)
		return records, err
	}
}

// readRecord reads the key and what is behind it.
func readRecord(in *bufio.Reader, key string) (wire.Record, error) {
	begins := make([]byte, len(key))
	switch _, err := io.ReadFull(in, begins); {
	case err == io.ErrUnexpectedEOF:
		return wire.Record{}, wire.ErrTorn
	case err != nil:
		return wire.Record{}, err
	case string(begins) != key:
		return wire.Record{}, errForged
	}
	return wire.Read(in)
}

// Test is what is known of one hidden test, over the runs it was part of.
type Test struct {
	Name string
	// Starts and Ends count the reports; a test that went well has one of each.
	Starts, Ends int
	Failed       bool
	Duration     time.Duration
	// Found are the lab's findings in the order they were made.
	Found []wire.Record
	// Arrived are the latest reports of each rendezvous.
	Arrived map[string]wire.Record
	Races   []Race
	// Last is the run that ended while the test was open; nil where it ended by itself.
	Last     *Run
	Explored *wire.Record
}

// Tests sorts runs by test, in the order of the names expected. Records that the lab cannot have sent are returned apart:
// those of tests that nobody expected, a start while another test is open, an end of a test that is not open.
func Tests(expected []string, runs []*Run) (tests []*Test, unexpected []wire.Record) {
	byName := make(map[string]*Test, len(expected))
	for _, name := range expected {
		t := &Test{Name: name, Arrived: make(map[string]wire.Record)}
		byName[name] = t
		tests = append(tests, t)
	}
	for _, run := range runs {
		unexpected = append(unexpected, sortRun(run, byName)...)
	}
	return tests, unexpected
}

func sortRun(run *Run, byName map[string]*Test) (unexpected []wire.Record) {
	var open *Test
	raced := 0
	for _, r := range run.Records {
		t, ok := byName[r.Test]
		if !ok {
			unexpected = append(unexpected, r)
			continue
		}
		switch r.Event {
		case wire.Start:
			if open != nil {
				unexpected = append(unexpected, r)
			}
			t.Starts++
			open, raced = t, r.Races
		case wire.End:
			if open != t {
				unexpected = append(unexpected, r)
			}
			t.Ends++
			t.Failed = t.Failed || r.Failed
			t.Duration += time.Duration(r.Nanos)
			t.Races = append(t.Races, between(run.Races, raced, r.Races)...)
			open = nil
		case wire.Found:
			t.Found = append(t.Found, r)
		case wire.Arrived:
			t.Arrived[r.Title] = r
		case wire.Explored:
			t.Explored = &r
		}
	}
	if open != nil {
		open.Last = run
		open.Races = append(open.Races, between(run.Races, raced, len(run.Races))...)
	}
	return unexpected
}

// StrayRaces are the reports that were made while no test was open: before the first, between two, behind the last.
func (r *Run) StrayRaces() []Race {
	var stray []Race
	from, open := 0, false
	for _, rec := range r.Records {
		switch rec.Event {
		case wire.Start:
			if !open {
				stray = append(stray, between(r.Races, from, rec.Races)...)
			}
			open = true
		case wire.End:
			from, open = rec.Races, false
		}
	}
	if open {
		return stray
	}
	return append(stray, between(r.Races, from, len(r.Races))...)
}

// between is the reports from the one numbered from up to the one before to, where they are there.
func between(races []Race, from, to int) []Race {
	to = min(to, len(races))
	if from < 0 || from >= to {
		return nil
	}
	return races[from:to]
}
