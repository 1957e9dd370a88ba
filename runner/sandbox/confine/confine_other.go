//go:build !linux

package confine

// Available reports whether a process can confine itself here.
const Available = false

// Self is the file to start; there is none.
const Self = ""

// become is never asked for: Command's list is for Self.
func become(string) { panic("a process cannot confine itself on this system") }
