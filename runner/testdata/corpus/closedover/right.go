package corpus

import (
	"errors"
	"sync"
)

var errOdd = errors.New("odd")

func half(n int) (int, error) {
	if n%2 != 0 {
		return 0, errOdd
	}
	return n / 2, nil
}

// Run halves two numbers, one of them odd; the error must not be lost.
func Run() string {
	var halves [2]int
	var errs [2]error
	var wg sync.WaitGroup
	for i, n := range []int{3, 4} {
		wg.Go(func() { halves[i], errs[i] = half(n) })
	}
	wg.Wait()
	if errors.Join(errs[:]...) == nil {
		return "one of the two numbers is odd, and there is no error"
	}
	return ""
}
