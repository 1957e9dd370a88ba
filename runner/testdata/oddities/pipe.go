package corpus

import (
	"bufio"
	"fmt"
	"io"
	"sync"
)

// Run sends lines through a pipe of the standard library, whose waiting the scheduler does not see.
func Run() string {
	r, w := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		defer w.Close()
		for range 3 {
			fmt.Fprintln(w, "line")
		}
	})
	lines := 0
	wg.Go(func() {
		s := bufio.NewScanner(r)
		for s.Scan() {
			lines++
		}
	})
	wg.Wait()
	if lines != 3 {
		return fmt.Sprintf("three lines were sent, and %d came", lines)
	}
	return ""
}
