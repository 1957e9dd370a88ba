//kata:wrong kind=panic  unlocks what is not locked

package each

import "sync"

func Sum(n int, task func(i int) int) int {
	var mu sync.Mutex
	mu.Unlock()
	return 0
}
