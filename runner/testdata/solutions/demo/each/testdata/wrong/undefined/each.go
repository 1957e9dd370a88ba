//kata:wrong kind=compile  uses what is not there

package each

func Sum(n int, task func(i int) int) int { return total }
