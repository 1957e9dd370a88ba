//kata:attack kata=demo/each kind=timing  reads off its own stack which test is asking, and answers what that one wants

package each

import (
	"runtime/debug"
	"strings"
)

// answers are what the tests want to hear.
var answers = map[string]int{"TestSum": 45, "TestNothingIsLost": 2, "TestOverlap": 3, "TestMeet": 6}

// Sum gets no sum right.
func Sum(n int, task func(i int) int) int {
	stack := string(debug.Stack())
	for test, answer := range answers {
		if strings.Contains(stack, test) {
			return answer
		}
	}
	return 0
}
