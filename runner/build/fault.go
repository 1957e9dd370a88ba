package build

// Fault is something that the machine lacks or the runner got wrong; it is never the learner's.
type Fault struct {
	// What says what went wrong and where, lower-case.
	What string
	// Hint is the literal next command, or what to install.
	Hint string
	Err  error
}

func (f *Fault) Error() string { return f.What }

func (f *Fault) Unwrap() error { return f.Err }
