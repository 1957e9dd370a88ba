package corpus

import "sync"

// lock lets readers share and writers in when nobody reads.
type lock struct {
	mu      sync.Mutex
	free    *sync.Cond
	readers int
}

func (l *lock) read() {
	l.mu.Lock()
	l.readers++
	l.mu.Unlock()
	l.mu.Lock()
	l.readers--
	if l.readers == 0 {
		l.free.Signal()
	}
	l.mu.Unlock()
}

func (l *lock) write() {
	l.mu.Lock()
	for l.readers > 0 {
		l.free.Wait()
	}
	l.mu.Unlock()
}

// Run reads twice and writes once; the writer must get its turn.
func Run() string {
	l := &lock{}
	l.free = sync.NewCond(&l.mu)
	var wg sync.WaitGroup
	wg.Go(l.read)
	wg.Go(l.read)
	wg.Go(l.write)
	wg.Wait()
	return ""
}
