package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// tree is a process and all its descendants, also those that left its process group: a child that calls setsid keeps
// its parent, and one whose parent has ended was seen while that one lived. It is read from /proc.
type tree struct {
	root int
	// seen maps each descendant ever seen to when it started, in clock ticks since boot: a number that comes again
	// with another start is another process.
	seen map[int]uint64
	// ended is the CPU time of descendants that are gone, as last seen.
	ended time.Duration
	last  map[int]time.Duration
}

// sample is one look at the tree.
type sample struct {
	processes int
	// memory is resident, in bytes.
	memory int64
	// cpu is the user and system time of all that live and lived.
	cpu time.Duration
	// runnable: some thread runs, or could.
	runnable bool
}

func newTree(root int) *tree {
	return &tree{root: root, seen: make(map[int]uint64), last: make(map[int]time.Duration)}
}

// process is one line of /proc/PID/stat, see proc_pid_stat(5).
type process struct {
	pid, parent, group int
	state              byte
	cpu                time.Duration
	start              uint64
	resident           int64
}

// tickLength is the unit of CPU time in /proc: USER_HZ is 100 on every Linux that Go runs on.
const tickLength = 10 * time.Millisecond

var pageSize = int64(os.Getpagesize())

// look samples the tree. It reports false when nothing of it is left.
func (t *tree) look() (sample, bool) {
	living := t.living()
	var s sample
	now := make(map[int]time.Duration, len(living))
	for _, p := range living {
		if p.state == 'Z' || p.state == 'X' {
			continue
		}
		s.processes++
		s.memory += p.resident * pageSize
		s.cpu += p.cpu
		now[p.pid] = p.cpu
		s.runnable = s.runnable || anyRunnable(p.pid)
	}
	for pid, cpu := range t.last {
		if _, lives := now[pid]; !lives {
			t.ended += cpu
		}
	}
	t.last = now
	s.cpu += t.ended
	return s, s.processes > 0
}

// living lists what lives of the tree, zombies included.
func (t *tree) living() []process {
	all := readProcesses()
	children := make(map[int][]process)
	var found []process
	in := make(map[int]bool)
	add := func(p process) {
		if !in[p.pid] {
			in[p.pid] = true
			t.seen[p.pid] = p.start
			found = append(found, p)
		}
	}
	for _, p := range all {
		children[p.parent] = append(children[p.parent], p)
		if start, known := t.seen[p.pid]; p.pid == t.root || p.group == t.root || known && start == p.start {
			add(p)
		}
	}
	for i := 0; i < len(found); i++ {
		for _, child := range children[found[i].pid] {
			add(child)
		}
	}
	return found
}

// kill ends everything that lives of the tree, and looks again until nothing is left: a process that forks while it
// is being killed has children by then.
func (t *tree) kill() {
	killGroup(t.root)
	for range 1000 {
		left := 0
		for _, p := range t.living() {
			if p.pid != t.root && p.state != 'Z' && p.state != 'X' {
				_ = syscall.Kill(p.pid, syscall.SIGKILL)
				left++
			}
		}
		if left == 0 {
			return
		}
		time.Sleep(time.Millisecond) // SIGKILL takes effect when the kernel schedules it
	}
}

func readProcesses() []process {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil
	}
	var all []process
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		if p, ok := readStat("/proc/" + name + "/stat"); ok {
			p.pid = pid
			all = append(all, p)
		}
	}
	return all
}

// readStat reads the fields that matter. The command's name, in parentheses, may hold anything.
func readStat(path string) (process, bool) {
	data, err := os.ReadFile(path)
	if err != nil {
		return process{}, false
	}
	at := bytes.LastIndexByte(data, ')')
	if at < 0 || at+2 >= len(data) {
		return process{}, false
	}
	f := bytes.Fields(data[at+1:])
	if len(f) < 22 {
		return process{}, false
	}
	number := func(i int) int64 { // i counts as in proc_pid_stat(5), where the state is field 3
		n, _ := strconv.ParseInt(string(f[i-3]), 10, 64)
		return n
	}
	return process{
		state: f[0][0], parent: int(number(4)), group: int(number(5)),
		cpu:   time.Duration(number(14)+number(15)) * tickLength,
		start: uint64(number(22)), resident: number(24),
	}, true
}

// anyRunnable reports whether a thread of the process runs, could run, or waits for the disk.
func anyRunnable(pid int) bool {
	base := "/proc/" + strconv.Itoa(pid) + "/task"
	dir, err := os.Open(base)
	if err != nil {
		return false
	}
	defer dir.Close()
	threads, err := dir.Readdirnames(-1)
	if err != nil {
		return false
	}
	for _, thread := range threads {
		if p, ok := readStat(base + "/" + thread + "/stat"); ok && (p.state == 'R' || p.state == 'D') {
			return true
		}
	}
	return false
}
