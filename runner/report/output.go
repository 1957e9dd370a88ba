package report

import (
	"fmt"

	"github.com/python-concurrency/kata/runner/verdict"
)

// mostOutputLines bounds how much of the submission's own output is shown.
const mostOutputLines = 20

// writeOutput shows what the submission itself printed, apart from the verdict and indented, so that neither is taken
// for the other.
func writeOutput(p *page, v verdict.Verdict, _ Options) {
	if v.Output == "" {
		return
	}
	printed := lines(v.Output)
	p.line(text(fmt.Sprintf("your program printed %s:", count(len(printed), "line"))))
	for _, l := range printed[:min(len(printed), mostOutputLines)] {
		p.line(span{faint, "  | "}, text(expandTabs(l)))
	}
	writeMore(p, len(printed)-mostOutputLines, "line")
}
