package verdict

// Finding is one thing that is wrong with a submission, in terms of the learner's own lines.
type Finding struct {
	Kind Kind `json:"kind"`
	// Rule is the id of the diagnosis rule that made the finding.
	Rule string `json:"rule"`
	// Test is the hidden test that saw it; empty for what is found before anything runs.
	Test string `json:"test,omitempty"`
	// Title says what happened, in one line, lower-case.
	Title string `json:"title"`
	// Explain says why it happens and what would mend it.
	Explain string `json:"explain,omitempty"`
	// File and Line are where in the learner's own source; File is as named in the manifest. Line 0: no place known.
	File    string  `json:"file,omitempty"`
	Line    int     `json:"line,omitempty"`
	Code    string  `json:"code,omitempty"`
	Related []Place `json:"related,omitempty"`
	Want    string  `json:"want,omitempty"`
	Got     string  `json:"got,omitempty"`
	// Timeline is who ran when, in virtual time, where the test recorded it.
	Timeline *Timeline `json:"timeline,omitempty"`
	// Schedule is the interleaving that breaks the submission, where one was explored.
	Schedule *Schedule `json:"schedule,omitempty"`
	// Effects are findings that follow from this one and are shown under it.
	Effects []string `json:"effects,omitempty"`
}

// Note is something in the source that looks wrong.
type Note struct {
	// Rule is the analyzer of go vet that says it, by its name there.
	Rule string `json:"rule"`
	// Title says what it is, in one line; Explain why it matters.
	Title   string `json:"title"`
	Explain string `json:"explain,omitempty"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Code    string `json:"code,omitempty"`
}

// Place is another line that a finding is about: the other access, where a goroutine was started, who holds a lock.
type Place struct {
	Role string `json:"role"`
	File string `json:"file"`
	Line int    `json:"line"`
	Code string `json:"code,omitempty"`
}

// Schedule is an interleaving that replays from its seed.
type Schedule struct {
	Seed  int64  `json:"seed"`
	Steps []Step `json:"steps"`
}

// Step is one operation of one goroutine.
type Step struct {
	Goroutine string `json:"goroutine"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Op        string `json:"op"`
}

// Timeline is a chart: what ran when, in the test's (virtual) time. All times are nanoseconds from its start.
type Timeline struct {
	Spans []Span `json:"spans"`
	// Total is the chart's length in nanoseconds.
	Total int64 `json:"total"`
}

// Span is one bar of a Timeline. End -1: it was still running when the chart was drawn.
type Span struct {
	Lane  string `json:"lane"`
	Start int64  `json:"start"`
	End   int64  `json:"end"`
}
