package runner

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/python-concurrency/kata/katas/lab/wire"
	"github.com/python-concurrency/kata/runner/build"
	"github.com/python-concurrency/kata/runner/evidence"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/sandbox"
	"github.com/python-concurrency/kata/runner/verify"
)

const (
	// idleLimit is how long nothing in the process tree may be runnable before the run counts as hung. No hidden test
	// of the real lens sleeps that long.
	idleLimit = 1500 * time.Millisecond
	// cpuLimit is the CPU time of one process tree. The tests of right solutions use a few hundredths of it.
	cpuLimit = 20 * time.Second
	// startLimit is the CPU time until the first test reports. The Go runtime, the race detector and the lab need some
	// hundredths of a second, and a submission has nothing to do before it is called.
	startLimit = 3 * time.Second
	// maxHangs ends a grading after so many runs that a limit had to end: each costs the learner seconds, and the
	// first has told the cause.
	maxHangs = 2
)

// runAll runs the binary until every test has reported: a test that takes its process down (a panic, a dead bubble)
// does not keep the later ones from running in a fresh one. next makes the stage of the n-th process.
func runAll(ctx context.Context, req Request, c verify.Conditions, binary string, next func(n int) (*stage, error)) ([]*evidence.Run, error) {
	pending := make([]string, len(req.Kata.Tests))
	for i, t := range req.Kata.Tests {
		pending[i] = t.Name
	}
	var runs []*evidence.Run
	for hangs := 0; len(pending) > 0 && hangs < maxHangs; {
		stage, err := next(len(runs))
		if err != nil {
			return nil, err
		}
		run, err := stage.run(ctx, req, c, binary, pending)
		stage.close()
		if err != nil {
			return nil, err
		}
		runs = append(runs, run)
		left := without(pending, started(run))
		if len(left) == len(pending) {
			break // no test started: a fresh process would end the same way
		}
		pending = left
		if run.Outcome.Hit != "" || spun(run) {
			hangs++
		}
		if run.Outcome.Hit == sandbox.HitWall {
			break
		}
	}
	return runs, nil
}

// started are the tests that began in a run.
func started(run *evidence.Run) map[string]bool {
	names := make(map[string]bool)
	for _, r := range run.Records {
		if r.Event == wire.Start {
			names[r.Test] = true
		}
	}
	return names
}

func without(names []string, gone map[string]bool) []string {
	var left []string
	for _, n := range names {
		if !gone[n] {
			left = append(left, n)
		}
	}
	return left
}

func spun(run *evidence.Run) bool {
	for _, r := range run.Records {
		if r.Event == wire.Found && r.Kind == "spin" {
			return true
		}
	}
	return false
}

// stage is where one process will run: a folder of its own, the channels that it reports by, and a process that is
// confined to the folder and waits for the binary. It is made while the binary is still being built.
type stage struct {
	kata kata.ID
	dir  string
	// in and out are the ends of the pipe for records, each of which begins with key; crash is the file for the crash
	// report.
	in, out, crash, keyPipe *os.File
	key                     string
	cell                    *sandbox.Cell
	// started is closed when the first record begins to come.
	started chan struct{}
}

// newStage makes a stage in dir for a binary in the folder bin.
func newStage(k kata.Kata, bin, dir string) (*stage, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for the run: %w", err)
	}
	in, out, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make a channel for the tests' reports: %w", err)
	}
	crash, err := os.Create(filepath.Join(dir, "crash"))
	if err != nil {
		in.Close()
		out.Close()
		return nil, fmt.Errorf("make a file for the crash report: %w", err)
	}
	key, keyPipe, err := newKey()
	if err != nil {
		in.Close()
		out.Close()
		crash.Close()
		return nil, err
	}
	s := &stage{kata: k.ID, dir: dir, in: in, out: out, crash: crash, keyPipe: keyPipe, key: key, started: make(chan struct{})}
	bounds := limits(k.Manifest.Limits)
	bounds.StartCPU, bounds.Started = startLimit, s.started
	s.cell = sandbox.Prepare(sandbox.Command{
		Dir: dir, Extra: []*os.File{out, crash, keyPipe}, Limits: bounds, Confinement: confinement(k.Manifest, bin, dir),
	})
	return s, nil
}

func (s *stage) close() {
	s.cell.Close()
	for _, f := range []*os.File{s.in, s.out, s.crash, s.keyPipe} {
		f.Close()
	}
}

// newKey draws a key and puts it into a pipe, where the lab finds it before the submission's code runs: see
// katas/lab/seal.
func newKey() (key string, pipe *os.File, err error) {
	drawn := make([]byte, wire.KeySize)
	_, _ = rand.Read(drawn) // never fails
	read, write, err := os.Pipe()
	if err != nil {
		return "", nil, fmt.Errorf("make a channel for the key: %w", err)
	}
	defer write.Close()
	if _, err := write.Write(drawn); err != nil {
		read.Close()
		return "", nil, fmt.Errorf("hand over the key: %w", err)
	}
	return string(drawn), read, nil
}

// run runs the named tests in the stage's process.
func (s *stage) run(ctx context.Context, req Request, c verify.Conditions, binary string, tests []string) (*evidence.Run, error) {
	run := &evidence.Run{}
	read := make(chan struct{})
	go func() {
		defer close(read)
		run.Records, run.Malformed = evidence.ReadRecords(&firstRead{from: s.in, done: s.started}, s.key)
	}()
	outcome, err := s.cell.Run(ctx, binary, arguments(c, tests), environment(req, c, s.dir))
	s.out.Close() // ours was the last writing end: the reader now comes to its end
	<-read
	if err != nil {
		return nil, &build.Fault{What: fmt.Sprintf("run the tests of %s: %v", s.kata, err), Hint: "kata doctor", Err: err}
	}
	if outcome.Hit == sandbox.HitCancelled {
		return nil, context.Canceled
	}
	if outcome.Signal == "killed" && outcome.Hit == "" {
		// Nothing that a submission may import sends SIGKILL: it came from outside, as the kernel's does when memory is
		// short.
		return nil, &build.Fault{What: fmt.Sprintf("the system killed the tests of %s: is memory short?", s.kata), Hint: "close some programs, then kata check " + string(s.kata)}
	}
	run.Outcome = outcome
	return run, evidence.Collect(run, s.crash.Name(), filepath.Join(s.dir, raceLog), outcome.PID)
}

// firstRead closes done when something has been read. It is for one goroutine.
type firstRead struct {
	from io.Reader
	done chan struct{}
	told bool
}

func (r *firstRead) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if n > 0 && !r.told {
		r.told = true
		close(r.done)
	}
	return n, err
}

// raceLog is where the race detector writes: the process's number is put behind it.
const raceLog = "race"

func arguments(c verify.Conditions, tests []string) []string {
	args := []string{"-test.run=^(" + strings.Join(quoted(tests), "|") + ")$", "-test.timeout=0", "-test.count=1"}
	if c.Shuffle != 0 {
		args = append(args, fmt.Sprintf("-test.shuffle=%d", c.Shuffle))
	}
	return args
}

func environment(req Request, c verify.Conditions, dir string) []string {
	return append(processors(c), []string{
		// A race binary sleeps a second at its exit so that late reports come out; ours are written by then.
		"GORACE=atexit_sleep_ms=0 log_path=" + filepath.Join(dir, raceLog),
		"GOTRACEBACK=all",
		"TMPDIR=" + dir, "HOME=" + dir,
		wire.EnvRecords + "=3", wire.EnvCrash + "=4", wire.EnvKey + "=5",
		fmt.Sprintf("%s=%d", wire.EnvSeed, req.Seed), fmt.Sprintf("%s=%d", wire.EnvSchedules, schedules(req)),
	}...)
}

func limits(l kata.Limits) sandbox.Limits {
	return sandbox.Limits{
		Wall: l.Wall(), CPU: cpuLimit, Idle: idleLimit,
		Memory: l.Memory(), Output: l.Output(), Processes: l.MaxProcesses(),
	}
}

// confinement leaves a test binary its own temporary folder. The limits of resources are backstops, far above what any
// right solution uses: what memory and processes may be is watched, and told, by the sandbox's limits.
func confinement(m kata.Manifest, bin, dir string) *sandbox.Confinement {
	return &sandbox.Confinement{
		Run: []string{bin}, Write: []string{dir},
		// The race detector keeps several bytes of shadow for one of memory, and needs 2 GiB before there is any.
		AddressSpace: 4<<30 + 8*m.Limits.Memory(),
		FileSize:     64 << 20,
		Descriptors:  4096,
		Threads:      1024 + 128*m.Limits.MaxProcesses(),
	}
}

// processors is the environment variable that says how many processors the Go runtime may use.
func processors(c verify.Conditions) []string {
	if c.Procs == 0 {
		return nil
	}
	return []string{fmt.Sprintf("GOMAXPROCS=%d", c.Procs)}
}

func quoted(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = regexp.QuoteMeta(n)
	}
	return out
}
