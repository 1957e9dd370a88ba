package verdict

// Kind is the family of a finding. The set is fixed by the verdict's schema.
type Kind string

const (
	Compile  Kind = "compile"
	Policy   Kind = "policy"
	Wrong    Kind = "wrong"
	Panic    Kind = "panic"
	Race     Kind = "race"
	Deadlock Kind = "deadlock"
	Leak     Kind = "leak"
	Timing   Kind = "timing"
	Spin     Kind = "spin"
	Timeout  Kind = "timeout"
	Resource Kind = "resource"
	Exit     Kind = "exit"
)

// kinds says, for each Kind, what it means in one phrase.
var kinds = map[Kind]string{
	Compile:  "does not compile",
	Policy:   "uses what this kata does not allow",
	Wrong:    "a value, an order or an error is not as specified",
	Panic:    "a panic escaped",
	Race:     "two goroutines touch the same memory with nothing to order them",
	Deadlock: "every goroutine of the test waits for another",
	Leak:     "a goroutine is still there when the test has ended",
	Timing:   "too slow, one after another where it must overlap, or too early",
	Spin:     "burns CPU in a loop instead of waiting",
	Timeout:  "the wall-clock limit ran out",
	Resource: "over the limit of memory, output or processes",
	Exit:     "the process ended before the tests did",
}

// Valid reports whether k is one of the schema's kinds.
func (k Kind) Valid() bool { _, ok := kinds[k]; return ok }

// Meaning says in one phrase what the kind stands for.
func (k Kind) Meaning() string { return kinds[k] }
