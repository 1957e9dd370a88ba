//kata:wrong kind=wrong  the lock is dropped between the read and the write

package corpus

import (
	"fmt"
	"sync"
)

type account struct {
	mu      sync.Mutex
	balance int
}

func (a *account) deposit(n int) {
	a.mu.Lock()
	b := a.balance
	a.mu.Unlock()
	a.mu.Lock()
	a.balance = b + n
	a.mu.Unlock()
}

// Run makes two deposits at the same time; both must count.
func Run() string {
	var a account
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { a.deposit(1) })
	}
	wg.Wait()
	if a.balance != 2 {
		return fmt.Sprintf("two deposits of 1 were made, and the balance is %d", a.balance)
	}
	return ""
}
