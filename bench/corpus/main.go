// Command corpus measures the explored lens on the corpus of classic mistakes (runner/testdata/corpus): how often the wrong
// program is caught for its declared reason and its right twin passes, and how often plain `go test -race -count=1000`
// notices the same mistake. It prints the table of docs/exploring.md. Run it by `make corpus`.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/python-concurrency/kata/runner"
	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

var (
	wrongRuns = flag.Int("wrong", 100, "runs of each wrong program, each with another seed")
	rightRuns = flag.Int("right", 1000, "runs of each right program, each with another seed")
	fewer     = flag.Int("schedules", 100, "schedules in each run of a right program; a wrong one gets the default")
	plainRuns = flag.Int("plain", 1000, "runs of each wrong program under go test -race")
	only      = flag.String("only", "", "only programs whose name matches this `REGEXP`")
)

const folder = "runner/testdata/corpus"

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run() error {
	programs, err := filepath.Glob(filepath.Join(folder, "*", "wrong.go"))
	if err != nil || len(programs) == 0 {
		return fmt.Errorf("no programs in %s: run it from the repository's root", folder)
	}
	r, err := newRunner()
	if err != nil {
		return err
	}
	k, err := corpusKata()
	if err != nil {
		return err
	}
	wanted, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	fmt.Println("| program | mistake | kind | caught | right twin passes | schedules | `go test -race -count=" + fmt.Sprint(*plainRuns) + "` |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, program := range programs {
		if name := filepath.Base(filepath.Dir(program)); wanted.MatchString(name) {
			if err := measure(r, k, filepath.Dir(program)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func newRunner() (*runner.Runner, error) {
	c, err := catalog.Load(os.DirFS("runner/testdata/katas"), os.DirFS("runner/testdata/solutions"))
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return runner.New(runner.Config{
		Catalog: c, Support: os.DirFS("katas"), CacheDir: filepath.Join(cache, "kata-test"), Env: os.Environ(), Version: "corpus",
	}), nil
}

// corpusKata is the kata around each program, as in runner/corpus_test.go.
func corpusKata() (kata.Kata, error) {
	hidden, err := os.ReadFile(filepath.Join(folder, "corpus_test.go.txt"))
	return kata.Kata{
		ID:       "corpus/corpus",
		Manifest: kata.Manifest{Files: []string{"corpus.go"}},
		Hidden:   map[string][]byte{"corpus_test.go": hidden},
		Tests:    []kata.Test{{Name: "TestRun"}},
	}, err
}

var declaration = regexp.MustCompile(`^//kata:wrong kind=([a-z]+)  (.*)`)

// measure prints one row of the table.
func measure(r *runner.Runner, k kata.Kata, dir string) error {
	wrong, err := os.ReadFile(filepath.Join(dir, "wrong.go"))
	if err != nil {
		return err
	}
	right, err := os.ReadFile(filepath.Join(dir, "right.go"))
	if err != nil {
		return err
	}
	says := declaration.FindStringSubmatch(string(wrong))
	caught, _, err := grade(r, k, wrong, *wrongRuns, verdict.Kind(says[1]))
	if err != nil {
		return err
	}
	passed, seen, err := grade(r, k, right, *rightRuns, "")
	if err != nil {
		return err
	}
	noticed, err := plain(dir)
	if err != nil {
		return err
	}
	explored := fmt.Sprint(seen.Explored)
	if seen.Exhaustive {
		explored += ", all"
	}
	fmt.Printf("| %s | %s | %s | %d of %d | %d of %d | %s | %s |\n", filepath.Base(dir), says[2], says[1], caught, *wrongRuns, passed, *rightRuns, explored, noticed)
	return nil
}

// grade counts the runs that get the verdict they must: the kind first, or for "" a pass.
func grade(r *runner.Runner, k kata.Kata, source []byte, runs int, want verdict.Kind) (held int, seen verdict.Schedules, err error) {
	built, err := r.Prepare(context.Background(), k, map[string][]byte{"corpus.go": source})
	if err != nil {
		return 0, seen, err
	}
	defer built.Close()
	most := 0
	if want == "" {
		most = *fewer
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	seeds := make(chan int64)
	for range runtime.NumCPU() {
		all.Go(func() {
			for seed := range seeds {
				v := built.Grade(context.Background(), verify.Conditions{Seed: seed, Procs: 1 << (seed % 4), Schedules: most})
				mu.Lock()
				switch {
				case v.Problem != nil:
					err = fmt.Errorf("seed %d: %s", seed, v.Problem.What)
				case v.First() == want:
					held++
				default:
					fmt.Fprintf(os.Stderr, "seed %d: %q, wanted %q\n", seed, v.First(), want)
				}
				if seed == 1 {
					seen = v.Schedules // with the default it may be more
				}
				mu.Unlock()
			}
		})
	}
	for seed := range int64(runs) {
		seeds <- seed + 1
	}
	close(seeds)
	all.Wait()
	return held, seen, err
}

// plainTest is what somebody without the explored lens would write. The bubble takes the waiting out of it.
const plainTest = `package corpus

import (
	"testing"
	"testing/synctest"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if said := Run(); said != "" {
			t.Error(said)
		}
	})
}
`

// patience is how long a plain run may take before it counts as hung, and so as noticed.
const patience = 20 * time.Second

// plain says in which of so many runs under `go test -race` the mistake shows first.
func plain(dir string) (string, error) {
	if *plainRuns == 0 {
		return "", nil
	}
	tmp, err := os.MkdirTemp("", "kata-corpus-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(tmp)
	source, err := os.ReadFile(filepath.Join(dir, "wrong.go"))
	if err != nil {
		return "", err
	}
	for name, data := range map[string]string{"go.mod": "module corpus\n\ngo 1.26\n", "corpus.go": string(source), "corpus_test.go": plainTest} {
		if err := os.WriteFile(filepath.Join(tmp, name), []byte(data), 0o600); err != nil {
			return "", err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-race", "-v", "-failfast", fmt.Sprintf("-count=%d", *plainRuns), ".")
	cmd.Dir = tmp
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	before := strings.Count(string(out), "--- PASS: TestRun")
	if err == nil {
		return "never", nil
	}
	return fmt.Sprintf("in run %d", before+1), nil
}
