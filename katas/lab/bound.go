package lab

import (
	"fmt"
	"time"
)

// Bound is how long something may take, in the bubble's time, which passes only while everybody waits: it is exact
// on any machine under any load.
type Bound struct {
	least, most time.Duration
	// sequential is the time from which the calls must have run one after another, and saying the words for it.
	sequential time.Duration
	saying     string
}

// Exactly allows d and nothing else.
func Exactly(d time.Duration) Bound { return Bound{least: d, most: d} }

// AtMost allows anything up to d.
func AtMost(d time.Duration) Bound { return Bound{most: d} }

// AtLeast allows d and anything above.
func AtLeast(d time.Duration) Bound { return Bound{least: d, most: 1<<63 - 1} }

// Sequential says that who takes d or more ran its parts one after another; saying names the parts, as in
// "the five calls".
func (b Bound) Sequential(d time.Duration, saying string) Bound {
	b.sequential, b.saying = d, saying
	return b
}

func (b Bound) String() string {
	switch {
	case b.least == b.most:
		return b.least.String()
	case b.least == 0:
		return "at most " + b.most.String()
	default:
		return "at least " + b.least.String()
	}
}

// judge says what is wrong with a duration, or "" where nothing is.
func (b Bound) judge(took time.Duration) (title, explain string) {
	switch {
	case took < b.least:
		return fmt.Sprintf("took %v, must take %v: too early", took, b),
			"It came back before what it should have waited for was due."
	case took > b.most && b.sequential > 0 && took >= b.sequential:
		return fmt.Sprintf("took %v, must take %v: %s ran one after another", took, b, b.saying),
			"Each part waited for the one before it. Start all of them first, then wait for them."
	case took > b.most:
		return fmt.Sprintf("took %v, must take %v: too slow", took, b),
			"Something waited although it had no need to."
	}
	return "", ""
}
