package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

// Race is one report of the race detector: two accesses to the same memory that nothing orders.
type Race struct {
	// Accesses in the order of the report: the one that was caught, then the one before it.
	Accesses []Access
}

// Access is one of a race's two sides.
type Access struct {
	// Write tells a write from a read.
	Write bool
	// Atomic: it was an atomic operation.
	Atomic bool
	// Goroutine is its number, 0 for the main goroutine.
	Goroutine int
	Frames    []Frame
	// Created is the stack of where the goroutine was started, innermost first.
	Created []Frame
}

var (
	raceAccess  = regexp.MustCompile(`^(?i)(previous )?(atomic )?(read|write) at 0x[0-9a-f]+ by (?:(main) goroutine|goroutine (\d+)):`)
	raceCreated = regexp.MustCompile(`^Goroutine (\d+) \([a-z]+\) created at:`)
)

// ParseRaces reads the race detector's log. Reports that are torn keep what is there.
func ParseRaces(log string) []Race {
	var found []Race
	for _, block := range strings.Split(log, "==================") {
		if strings.Contains(block, "WARNING: DATA RACE") {
			found = append(found, parseRace(block))
		}
	}
	return found
}

func parseRace(block string) Race {
	var r Race
	lines := strings.Split(block, "\n")
	var stack *[]Frame
	created := make(map[int][]Frame)
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], "\r")
		switch m := raceAccess.FindStringSubmatch(line); {
		case m != nil:
			n, _ := strconv.Atoi(m[5])
			r.Accesses = append(r.Accesses, Access{Write: strings.EqualFold(m[3], "write"), Atomic: m[2] != "", Goroutine: n})
			stack = &r.Accesses[len(r.Accesses)-1].Frames
		case raceCreated.MatchString(line):
			n, _ := strconv.Atoi(raceCreated.FindStringSubmatch(line)[1])
			frames := []Frame{}
			stack = &frames
			i = readFrames(lines, i+1, stack) - 1
			created[n] = frames
			stack = nil
		case stack != nil && strings.HasPrefix(line, "  "):
			i = readFrames(lines, i, stack) - 1
			stack = nil
		}
	}
	for i := range r.Accesses {
		r.Accesses[i].Created = created[r.Accesses[i].Goroutine]
	}
	return r
}

// readFrames reads frames from line i on and returns the first line that belongs to none.
func readFrames(lines []string, i int, into *[]Frame) int {
	for ; i+1 < len(lines) && strings.HasPrefix(lines[i], "  "); i += 2 {
		place, ok := frameAt(lines, i)
		if !ok {
			return i + 1
		}
		*into = append(*into, Frame{Func: callName(lines[i]), File: place.File, Line: place.Line})
	}
	return i
}
