//kata:wrong kind=deadlock  locks twice

package each

import "sync"

func Sum(n int, task func(i int) int) int {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
	return n
}
