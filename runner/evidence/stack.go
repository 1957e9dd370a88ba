package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

// Goroutine is one goroutine of a dump.
type Goroutine struct {
	ID int
	// State is what the runtime says of it, without its notes: "chan receive", "sleep", "running".
	State  string
	Frames []Frame
	// Created is where it was started; the zero Frame for the first goroutine of a process.
	Created Frame
	// Parent is the goroutine that started it, 0 where unknown.
	Parent int
}

// Frame is one call of a stack, innermost first.
type Frame struct {
	// Func is the full name: "github.com/…/future.(*Future).Result".
	Func string
	File string
	Line int
}

var (
	goroutineLine = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^\]]*)\]:`)
	createdLine   = regexp.MustCompile(`^created by (.+?)(?: in goroutine (\d+))?$`)
	placeLine     = regexp.MustCompile(`^\s+(.+?):(\d+)(?: \+0x[0-9a-f]+)?$`)
)

// ParseStacks reads goroutine dumps as the Go runtime prints them (runtime.Stack, a crash, SIGQUIT). What is no dump
// is passed over.
func ParseStacks(text string) []Goroutine {
	var found []Goroutine
	var open *Goroutine
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimRight(lines[i], "\r")
		if m := goroutineLine.FindStringSubmatch(line); m != nil {
			id, _ := strconv.Atoi(m[1])
			found = append(found, Goroutine{ID: id, State: plainState(m[2])})
			open = &found[len(found)-1]
			continue
		}
		if open == nil || line == "" {
			open = nil
			continue
		}
		place, ok := frameAt(lines, i)
		if !ok {
			continue
		}
		i++
		if m := createdLine.FindStringSubmatch(line); m != nil {
			open.Parent, _ = strconv.Atoi(m[2])
			open.Created = Frame{Func: m[1], File: place.File, Line: place.Line}
			continue
		}
		open.Frames = append(open.Frames, Frame{Func: callName(line), File: place.File, Line: place.Line})
	}
	return found
}

// frameAt reads the place that follows line i.
func frameAt(lines []string, i int) (Frame, bool) {
	if i+1 >= len(lines) {
		return Frame{}, false
	}
	m := placeLine.FindStringSubmatch(strings.TrimRight(lines[i+1], "\r"))
	if m == nil {
		return Frame{}, false
	}
	n, _ := strconv.Atoi(m[2])
	return Frame{File: m[1], Line: n}, true
}

// plainState cuts the notes off a state: "chan receive (durable), synctest bubble 3" is "chan receive".
func plainState(s string) string {
	s, _, _ = strings.Cut(s, ",")
	return strings.TrimSuffix(strings.TrimSpace(s), " (durable)")
}

// callName cuts the arguments off a call: "main.f(0x1, {0x2, 0x3})" is "main.f"; a method keeps its receiver.
func callName(line string) string {
	line = strings.TrimSpace(line)
	if !strings.HasSuffix(line, ")") {
		return line
	}
	depth := 0
	for i := len(line) - 1; i >= 0; i-- {
		switch line[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return line[:i]
			}
		}
	}
	return line
}
