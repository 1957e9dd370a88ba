// Package carry is a kata for the command's own tests.
package carry

// Carry returns n.
func Carry(n int) int { return 0 }
