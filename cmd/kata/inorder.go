package main

import "time"

// numbered is a result and its place in the order.
type numbered[T any] struct {
	place int
	value T
}

// inOrder hands results on in the order of their places, which begin at 0, as they come. One that is there waits for those
// before it, but no longer than patience; with no patience at all it waits until they come. When the channel is closed,
// what is left is handed on: some places may have no result.
func inOrder[T any](results <-chan numbered[T], patience time.Duration, hand func(place int, value T)) {
	waiting := make(map[int]arrival[T])
	next, gone := 0, make(map[int]bool)
	give := func(place int) {
		a := waiting[place]
		delete(waiting, place)
		gone[place] = true
		hand(place, a.value)
	}
	for {
		for gone[next] || has(waiting, next) {
			if !gone[next] {
				give(next)
			}
			next++
		}
		select {
		case r, open := <-results:
			if !open {
				for len(waiting) > 0 {
					give(first(waiting))
				}
				return
			}
			waiting[r.place] = arrival[T]{r.value, time.Now()}
		case <-patienceEnds(waiting, patience):
			give(longest(waiting))
		}
	}
}

// arrival is a result and when it came.
type arrival[T any] struct {
	value T
	at    time.Time
}

func has[T any](waiting map[int]arrival[T], place int) bool {
	_, ok := waiting[place]
	return ok
}

// first is the least place.
func first[T any](waiting map[int]arrival[T]) int {
	least := -1
	for place := range waiting {
		if least < 0 || place < least {
			least = place
		}
	}
	return least
}

// longest is the place of the result that has waited longest.
func longest[T any](waiting map[int]arrival[T]) int {
	oldest := -1
	for place, a := range waiting {
		if oldest < 0 || a.at.Before(waiting[oldest].at) || a.at.Equal(waiting[oldest].at) && place < oldest {
			oldest = place
		}
	}
	return oldest
}

// patienceEnds is when the result that has waited longest need wait no more; it never comes where none waits or patience
// is without end.
func patienceEnds[T any](waiting map[int]arrival[T], patience time.Duration) <-chan time.Time {
	if patience == 0 || len(waiting) == 0 {
		return nil
	}
	return time.After(patience - time.Since(waiting[longest(waiting)].at))
}
