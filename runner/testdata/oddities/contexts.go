package corpus

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Run cancels a tree of contexts while others wait for it.
func Run() string {
	root, cancel := context.WithCancelCause(context.Background())
	child, stop := context.WithTimeout(root, time.Hour)
	defer stop()
	why := errors.New("enough")
	var wg sync.WaitGroup
	var told [2]error
	for i := range told {
		wg.Go(func() {
			<-child.Done()
			told[i] = context.Cause(child)
		})
	}
	wg.Go(func() { cancel(why) })
	wg.Wait()
	if told[0] != why || told[1] != why {
		return "the cause got lost"
	}
	return ""
}
