package gil

// Checks says after which instructions a thread looks at the eval breaker. Only there can another thread get the GIL
// although the one that has it could go on.
type Checks int

const (
	// CallsAndJumps is CPython since 3.10: after calls and at backward jumps (bpo-29988, GH-18334).
	CallsAndJumps Checks = iota
	// EveryInstruction is CPython up to 3.9, nearly: there, some instructions went on to the next one without a look. A
	// free-threaded build (PEP 703) can do all of this and more: without a GIL, threads run at the same time.
	EveryInstruction
)

// After reports whether the eval breaker is looked at after an instruction with this operation.
func (c Checks) After(op Op) bool { return c == EveryInstruction || operations[op].checked }

// String names the rule.
func (c Checks) String() string {
	if c == EveryInstruction {
		return "checks after every instruction"
	}
	return "checks after calls and jumps"
}
