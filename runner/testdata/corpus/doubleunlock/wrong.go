//kata:wrong kind=panic  the way out unlocks, and so does the deferred call

package corpus

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
	refused chan int
}

func (a *account) withdraw(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.balance < n {
		a.mu.Unlock()
		a.refused <- n
		return
	}
	a.balance -= n
}

func (a *account) deposit(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.balance += n
}

// Run withdraws and deposits at the same time; what is not covered must be refused.
func Run() string {
	a := account{refused: make(chan int, 1)}
	var wg sync.WaitGroup
	wg.Go(func() { a.withdraw(1) })
	wg.Go(func() { a.deposit(1) })
	wg.Wait()
	if a.balance != len(a.refused) {
		return "the balance is not what was deposited less what was withdrawn"
	}
	return ""
}
