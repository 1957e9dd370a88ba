// Command bench times kata check beside plain `go test -race` on the same katas with the same hidden tests, beside the
// floor (compile, link and run of the test binary with nothing around it), and beside itself; in one run. It prints ratios:
// absolute times say more about the machine than about the program. Run it by `make bench`.
package main

import (
	"fmt"
	"os"
	"slices"
)

// rounds is how often each thing is timed; medians are printed.
const rounds = 5

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	l, err := newLaboratory()
	if err != nil {
		return err
	}
	defer os.RemoveAll(l.dir)
	for _, measure := range []func(*laboratory) error{
		measureEdits, measureLink, measureAll, measureCold,
	} {
		if err := measure(l); err != nil {
			return err
		}
	}
	return nil
}

// series are the times of several things, each measured once in every round, in seconds.
type series map[string][]float64

func (s series) add(name string, seconds float64) { s[name] = append(s[name], seconds) }

// median is that of one thing. The first round warmed the caches, where there is more than one.
func (s series) median(name string) float64 {
	values := s[name]
	if len(values) > 1 {
		values = values[1:]
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// line prints the median of one thing and what it is of others.
func (s series) line(name string, others ...string) {
	fmt.Printf("  %-42s %7.3f s", name, s.median(name))
	for _, other := range others {
		fmt.Printf("   %.2f of %s", s.median(name)/s.median(other), other)
	}
	fmt.Println()
}
