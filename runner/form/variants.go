package form

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
)

// leastWrong and leastRight are how many variants a kata needs: with fewer, nothing shows that its tests tell a right
// solution from a wrong one.
const leastWrong, leastRight = 4, 1

func checkVariants(s *subject) []Fault {
	var faults []Fault
	for _, side := range []struct {
		name  string
		least int
	}{{"right", leastRight}, {"wrong", leastWrong}} {
		if n := len(s.variants(side.name)); n < side.least {
			folder := s.solution("testdata/" + side.name)
			faults = append(faults, Fault{
				File: folder, What: fmt.Sprintf("%d %s solutions are here, and %d are needed", n, side.name, side.least),
				Hint: "write " + folder + "/<name>/" + s.id.Slug() + ".go",
			})
		}
	}
	return faults
}

// wrongMark begins the line that says what is wrong.
const wrongMark = "//kata:wrong"

const declarationHint = wrongMark + " kind=race  adds without the lock"

// declaration is what a wrong solution says of itself.
type declaration struct {
	kind verdict.Kind
	why  string
}

var declarationRule = regexp.MustCompile(`^//kata:wrong\s+kind=([a-z]+)\s+(\S.*)$`)

func parseDeclaration(line string) (declaration, error) {
	m := declarationRule.FindStringSubmatch(line)
	if m == nil {
		return declaration{}, fmt.Errorf("the first line is not //kata:wrong kind=KIND  what it does wrong: %q", line)
	}
	if kind := verdict.Kind(m[1]); kind.Valid() {
		return declaration{kind, m[2]}, nil
	}
	return declaration{}, fmt.Errorf("%s is no kind of finding", m[1])
}

func checkDeclaration(s *subject) []Fault {
	var faults []Fault
	for _, v := range s.solutions() {
		faults = append(faults, v.declares()...)
	}
	for _, f := range append(s.stub(), s.hidden()...) {
		faults = append(faults, innocent(f)...)
	}
	return faults
}

// declares: one file of a wrong solution says what is wrong, and none of a right one.
func (v variant) declares() []Fault {
	var faults []Fault
	said := 0
	for _, f := range v.files {
		if !v.wrong {
			faults = append(faults, innocent(f)...)
		} else if line := f.firstLine(); strings.HasPrefix(line, wrongMark) {
			if _, err := parseDeclaration(line); err != nil {
				faults = append(faults, f.fault(1, err.Error(), declarationHint))
			}
			if said++; said > 1 {
				faults = append(faults, f.fault(1, "another file has said already what is wrong", "say it in one of them"))
			}
		}
	}
	if v.wrong && said == 0 && len(v.files) > 0 {
		faults = append(faults, v.files[0].fault(1, "the first line does not say what is wrong", declarationHint))
	}
	return faults
}

func innocent(f *source) []Fault {
	if strings.HasPrefix(f.firstLine(), wrongMark) {
		return []Fault{f.fault(1, "says it is wrong, but does not lie in testdata/wrong", "take the line away, or move the folder")}
	}
	return nil
}
