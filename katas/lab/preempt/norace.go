//go:build !race

package preempt

func deaf() {}
func hear() {}
