//kata:wrong kind=compile  changes the signature

package each

func Sum(n int) int { return n }
