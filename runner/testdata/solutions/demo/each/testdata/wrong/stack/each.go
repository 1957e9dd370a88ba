//kata:wrong kind=panic  a recursion without an end

package each

func Sum(n int, task func(i int) int) int { return n + Sum(n+1, task) }
