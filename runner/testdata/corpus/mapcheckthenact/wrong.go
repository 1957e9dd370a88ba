//kata:wrong kind=wrong  between Load and Store of a sync.Map another one stores

package corpus

import (
	"sync"
	"sync/atomic"
)

type sessions struct {
	byName sync.Map
	opened atomic.Int64
}

func (s *sessions) get(name string) any {
	if v, ok := s.byName.Load(name); ok {
		return v
	}
	v := s.opened.Add(1)
	s.byName.Store(name, v)
	return v
}

// Run gets the session of one name twice at the same time; both must have the same.
func Run() string {
	var s sessions
	var got [2]any
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = s.get("a") })
	}
	wg.Wait()
	if got[0] != got[1] {
		return "one name has two sessions"
	}
	return ""
}
