package runner

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/python-concurrency/kata/runner/evidence"
)

// maxOutput bounds how much of a submission's own output a verdict carries, in bytes.
const maxOutput = 64 << 10

// testingLine is what package testing prints by itself.
var testingLine = regexp.MustCompile(`^(PASS|FAIL|--- FAIL: Test\w* \(\d+\.\d+s\)|    testing\.go:\d+: race detected during execution of test)$`)

// output is what the submission printed, over all runs: its standard output without the lines of package testing, and
// its standard error up to where the Go runtime's last word begins.
func output(runs []*evidence.Run) string {
	var b strings.Builder
	for _, run := range runs {
		for line := range strings.Lines(string(run.Outcome.Stdout)) {
			if !testingLine.MatchString(strings.TrimRight(line, "\r\n")) {
				b.WriteString(line)
			}
		}
		b.WriteString(evidence.BeforeCrash(string(run.Outcome.Stderr)))
	}
	out := b.String()
	if len(out) > maxOutput {
		return strings.ToValidUTF8(out[:maxOutput], "") + fmt.Sprintf("\n[%d bytes more]", len(out)-maxOutput)
	}
	return out
}
