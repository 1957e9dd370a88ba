//kata:wrong kind=wrong  it takes first and gives back what was too much, and another one sees too little

package corpus

import (
	"sync"
	"sync/atomic"
)

type stock struct{ left atomic.Int64 }

func (s *stock) take(n int64) bool {
	if s.left.Add(-n) < 0 {
		s.left.Add(n)
		return false
	}
	return true
}

// Run asks a stock of three for five and for two; the two are there and must be given.
func Run() string {
	var s stock
	s.left.Store(3)
	given := false
	var wg sync.WaitGroup
	wg.Go(func() { s.take(5) })
	wg.Go(func() { given = s.take(2) })
	wg.Wait()
	if !given {
		return "three were there, nobody could take five, and two were refused"
	}
	return ""
}
