// Package each is a kata for the runner's own tests.
package each

// Sum adds up what task returns for 0 to n-1. All tasks run at the same time.
func Sum(n int, task func(i int) int) int { return 0 }
