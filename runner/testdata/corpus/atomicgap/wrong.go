//kata:wrong kind=wrong  two atomics that must change together do not

package corpus

import (
	"fmt"
	"sync"
	"sync/atomic"
)

type account struct {
	mu           sync.Mutex
	cash, credit atomic.Int64
}

func (a *account) move(n int64) {
	a.cash.Add(-n)
	a.credit.Add(n)
}

func (a *account) total() int64 { return a.cash.Load() + a.credit.Load() }

// Run moves money and adds up meanwhile; none of it is ever gone.
func Run() string {
	var a account
	a.cash.Store(10)
	var seen int64
	var wg sync.WaitGroup
	wg.Go(func() { a.move(3) })
	wg.Go(func() { seen = a.total() })
	wg.Wait()
	if seen != 10 {
		return fmt.Sprintf("the account holds 10, and the total is %d", seen)
	}
	return ""
}
