package evidence

import "strings"

// Crash is the Go runtime's last word of a process: a panic that nobody recovered, a fatal error, or a signal.
type Crash struct {
	// Message is the text behind "panic: " or "fatal error: ", or the signal's name.
	Message string
	// Fatal: it was a fatal error, which no recover can stop.
	Fatal bool
	// Signal: the runner or the system ended the process with a signal, and this is the dump it left.
	Signal     bool
	Goroutines []Goroutine
}

// ParseCrash reads a crash report. It reports false where text holds none.
func ParseCrash(text string) (Crash, bool) {
	for _, form := range crashForms {
		if at := lineStart(text, form.prefix); at >= 0 {
			rest := text[at+len(form.prefix):]
			return Crash{
				Message: message(rest), Fatal: form.fatal, Signal: form.signal,
				Goroutines: ParseStacks(rest),
			}, true
		}
	}
	return Crash{}, false
}

// BeforeCrash is what stands in text before the crash report, all of it where there is none.
func BeforeCrash(text string) string {
	for _, form := range crashForms {
		if at := lineStart(text, form.prefix); at >= 0 {
			return text[:at]
		}
	}
	return text
}

var crashForms = []struct {
	prefix        string
	fatal, signal bool
}{
	{"SIGQUIT: ", false, true},
	{"fatal error: ", true, false},
	{"panic: ", false, false},
	{"runtime: goroutine stack exceeds ", true, false},
}

// lineStart is where a line starts with prefix, or -1.
func lineStart(text, prefix string) int {
	if strings.HasPrefix(text, prefix) {
		return 0
	}
	if at := strings.Index(text, "\n"+prefix); at >= 0 {
		return at + 1
	}
	return -1
}

// message is what stands before the first empty line or the dump, without the notes that the runtime puts behind it.
func message(rest string) string {
	if at := strings.Index(rest, "\ngoroutine "); at >= 0 {
		rest = rest[:at]
	}
	head, _, _ := strings.Cut(rest, "\n\n")
	head, _, _ = strings.Cut(head, "\n[signal ")
	return strings.TrimSuffix(strings.TrimSpace(head), " [recovered]")
}
