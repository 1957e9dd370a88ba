// Package count is a kata for the command's own tests.
package count

// Count returns n.
func Count(n int) int { return 0 }
