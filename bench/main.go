// Command bench times kata check beside plain `go test -race` on the same kata with the same hidden tests, in one run,
// and prints ratios: absolute times say more about the machine than about the program. Run it by `make bench`.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// rounds is how often each thing is timed; medians are printed.
const rounds = 7

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	b, err := newBench()
	if err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	for _, m := range []struct {
		name string
		edit func(round int) string
	}{
		{"after an edit that changes what runs", func(n int) string {
			return fmt.Sprintf("\nvar bench%[1]d []int\n\nfunc init() { bench%[1]d = append(bench%[1]d, %[1]d) }\n", n)
		}},
		{"after an edit that go test finds to change nothing", func(n int) string {
			return fmt.Sprintf("\nfunc bench%d() int { return %d }\n", n, n)
		}},
	} {
		if err := b.measure(m.name, m.edit); err != nil {
			return err
		}
	}
	return nil
}

// bench is one kata twice: in a copy of the project for go test, and in a folder for kata check.
type bench struct {
	dir, kata, plain, own, id string
	source                    []byte
	edits                     int
}

func newBench() (*bench, error) {
	dir, err := os.MkdirTemp("", "kata-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, kata: filepath.Join(dir, "kata"), own: filepath.Join(dir, "own")}
	if out, err := exec.Command("go", "build", "-o", b.kata, "./cmd/kata").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build ./cmd/kata: %w: %s", err, out)
	}
	out, err := exec.Command(b.kata, "list", "--format", "json").Output()
	if err != nil {
		return nil, fmt.Errorf("kata list: %w", err)
	}
	var list struct{ Katas []struct{ ID string } }
	if err := json.Unmarshal(out, &list); err != nil || len(list.Katas) == 0 {
		return nil, fmt.Errorf("kata list: %q: %w", out, err)
	}
	b.id = list.Katas[0].ID
	name := b.id[strings.Index(b.id, "/")+1:] + ".go"
	b.plain = filepath.Join(dir, "plain")
	if err := os.CopyFS(b.plain, os.DirFS(".")); err != nil {
		return nil, err
	}
	if b.source, err = os.ReadFile(filepath.Join("solutions", b.id, name)); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(b.own, 0o755); err != nil {
		return nil, err
	}
	b.plain, b.own = filepath.Join(b.plain, "katas", b.id, name), filepath.Join(b.own, name)
	return b, b.write("") // and once for each, so that the caches are warm
}

// write puts the solution with an addition in both places.
func (b *bench) write(addition string) error {
	for _, file := range []string{b.plain, b.own} {
		if err := os.WriteFile(file, append(bytes.Clone(b.source), addition...), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) goTest() (time.Duration, error) {
	cmd := exec.Command("go", "test", "-race", "./katas/"+b.id)
	cmd.Dir = filepath.Join(b.dir, "plain")
	return timed(cmd)
}

// check times kata check and returns how it says that it spent the time.
func (b *bench) check() (time.Duration, map[string]float64, error) {
	cmd := exec.Command(b.kata, "check", b.id, "--dir", filepath.Dir(b.own), "--format", "json")
	var out bytes.Buffer
	cmd.Stdout = &out
	took, err := timed(cmd)
	if err != nil {
		return 0, nil, err
	}
	var v struct {
		Timing map[string]float64 `json:"timing_ms"`
	}
	return took, v.Timing, json.Unmarshal(out.Bytes(), &v)
}

func timed(cmd *exec.Cmd) (time.Duration, error) {
	start := time.Now()
	var said bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &said
	}
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(cmd.Args, " "), err, said.String())
	}
	return time.Since(start), nil
}

// measure times both after each of a series of edits, in turn, and kata check once more with nothing changed.
func (b *bench) measure(name string, edit func(int) string) error {
	var plain, check, again, built, ran []float64
	for range rounds + 1 {
		b.edits++
		if err := b.write(edit(b.edits)); err != nil {
			return err
		}
		p, err := b.goTest()
		if err != nil {
			return err
		}
		c, spent, err := b.check()
		if err != nil {
			return err
		}
		u, _, err := b.check()
		if err != nil {
			return err
		}
		plain, check, again = append(plain, p.Seconds()), append(check, c.Seconds()), append(again, u.Seconds())
		built, ran = append(built, spent["build"]/1000), append(ran, spent["run"]/1000)
	}
	// The first round warms the caches.
	p, c, u := median(plain[1:]), median(check[1:]), median(again[1:])
	build, test := median(built[1:]), median(ran[1:])
	fmt.Printf("%s, %s (medians of %d)\n", b.id, name, rounds)
	fmt.Printf("  go test -race         %.3f s\n", p)
	fmt.Printf("  kata check            %.3f s   ratio %.2f   (build %.3f, run %.3f, the rest %.3f)\n", c, c/p, build, test, c-build-test)
	fmt.Printf("  kata check, unchanged %.3f s   ratio %.2f\n", u, u/p)
	return nil
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
