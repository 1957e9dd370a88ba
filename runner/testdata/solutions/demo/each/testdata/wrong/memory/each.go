//kata:wrong kind=resource  keeps everything

package each

var kept [][]byte

func Sum(n int, task func(i int) int) int {
	for {
		b := make([]byte, 1<<24)
		for i := 0; i < len(b); i += 64 {
			b[i] = 1
		}
		kept = append(kept, b)
	}
}
