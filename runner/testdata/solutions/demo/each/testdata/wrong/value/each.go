//kata:wrong kind=wrong  counts one too many

package each

func Sum(n int, task func(i int) int) int { return n }
