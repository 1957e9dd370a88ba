//kata:wrong kind=panic  divides by zero in the caller's goroutine

package each

func Sum(n int, task func(i int) int) int { return n / (n - n) }
