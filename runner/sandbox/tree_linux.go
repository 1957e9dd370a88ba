package sandbox

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// tree is a process and all its descendants, read from /proc. One is known by its parent, by the session and the
// group of the root, by having been seen before, and by its mark: a daemon that forked twice and left its session
// between two looks has the mark still. A child subreaper would keep such orphans near (prctl(2)), but it changes the
// program around us, whose own children's orphans would be ours to reap then, and cannot tell them from these.
//
// The root is not reaped while its tree is in use, so that its number cannot come to mean another process.
type tree struct {
	root int
	born uint64 // when the root started
	mark uint64 // 0: none could be set
	// threads: the looks tell whether threads sleep.
	threads bool
	// seen maps each process of the tree, when last looked at, to its start.
	seen map[int]uint64
	// scanned is when all processes were last gone through.
	scanned time.Time
	// sum and lost: see total.
	sum, lost time.Duration
}

const (
	// scanEvery is how often all processes of the machine are gone through while the command runs. A look in between
	// goes from parents to children, which is cheap and does not see a child whose parent has ended before a look.
	scanEvery = 500 * time.Millisecond
	// killGrace is how long a tree has to die of SIGKILL. It takes as long as the kernel needs to give each process
	// a turn.
	killGrace = 10 * time.Second
)

var pageSize = int64(os.Getpagesize())

func newTree(root int, threads bool) *tree {
	t := &tree{root: root, threads: threads, seen: make(map[int]uint64), scanned: time.Now()}
	s, ok := readStat(root, procFolder(root))
	if !ok {
		return t // no /proc: every look fails
	}
	t.seen[root], t.born, t.mark = s.start, s.start, setMark(s)
	return t
}

func (t *tree) isolation() string {
	switch {
	case len(t.seen) == 0:
		return "process group, session; limits of time and output"
	case t.mark == 0:
		return "process group, session, process tree; all limits"
	}
	return "process group, session, marked process tree; all limits"
}

// look samples the tree. It reports false when nothing of it is left.
func (t *tree) look() (sample, bool) {
	began, spent := time.Now(), threadTime()
	var s sample
	var sum time.Duration
	for _, p := range t.members(time.Since(t.scanned) >= scanEvery) {
		sum += p.cpu
		if p.dead() {
			continue
		}
		s.processes++
		s.memory += p.resident * pageSize
		if t.threads {
			s.addThreads(p.pid)
		}
	}
	s.cpu = t.total(sum)
	s.delayed = time.Since(began) - (threadTime() - spent)
	return s, s.processes > 0
}

// threadTime is the CPU time of the calling thread, which Run has locked the goroutine to.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// addThreads counts the wake-ups of a process's threads and tells whether one is runnable. A thread that waits for the
// disk (D) counts as such: the disk is slow, the program is not hung.
func (s *sample) addThreads(pid int) {
	for _, folder := range threadFolders(pid) {
		thread, ok := readStat(pid, folder)
		s.runnable = s.runnable || ok && (thread.state == 'R' || thread.state == 'D')
		s.wakeups += readWakeups(folder)
	}
}

// total turns the sum over what is there now into the time of all that ever was. A child's time goes to the parent that
// waits for it, so the sum only falls by what nobody of the tree has waited for; that much is kept.
func (t *tree) total(sum time.Duration) time.Duration {
	t.lost += max(0, t.sum-sum)
	t.sum = sum
	return t.lost + sum
}

// members lists what is there of the tree, zombies included, and remembers it.
func (t *tree) members(scan bool) []stat {
	f := find{in: make(map[int]uint64)}
	if !scan {
		t.addSeen(&f)
		scan = !f.descend()
	}
	if scan {
		f = find{in: make(map[int]uint64)}
		t.addAll(&f)
		t.scanned = time.Now()
	}
	t.seen = f.in
	return f.list
}

// addSeen adds what was there at the last look and still is.
func (t *tree) addSeen(f *find) {
	for pid, start := range t.seen {
		if s, ok := readStat(pid, procFolder(pid)); ok && s.start == start {
			f.add(s)
		}
	}
}

// addAll goes through all processes of the machine.
func (t *tree) addAll(f *find) {
	all := allStats()
	children := make(map[int][]stat)
	for _, s := range all {
		children[s.parent] = append(children[s.parent], s)
		if t.owns(s) {
			f.add(s)
		}
	}
	for i := 0; i < len(f.list); i++ {
		for _, child := range children[f.list[i].pid] {
			f.add(child)
		}
	}
}

// owns reports whether a process belongs to the tree by what it is itself, whoever its parent.
func (t *tree) owns(s stat) bool {
	start, seen := t.seen[s.pid]
	switch {
	case len(t.seen) == 0: // no /proc at the beginning: nothing is known for sure
		return s.pid == t.root
	case seen && s.start == start, s.pid == t.root, s.group == t.root, s.session == t.root:
		return true
	}
	return t.mark != 0 && s.start >= t.born && readMark(s.pid) == t.mark
}

// find collects processes, each once.
type find struct {
	list []stat
	in   map[int]uint64 // pid → start
}

func (f *find) add(s stat) {
	if _, known := f.in[s.pid]; !known {
		f.in[s.pid] = s.start
		f.list = append(f.list, s)
	}
}

// descend adds the children of what was found, and theirs. It reports false where the kernel does not list children.
func (f *find) descend() bool {
	for i := 0; i < len(f.list); i++ {
		parent := f.list[i]
		for _, thread := range threadFolders(parent.pid) {
			pids, err := readChildren(thread)
			if err != nil && threadLives(thread) {
				return false
			}
			for _, pid := range pids {
				if s, ok := readStat(pid, procFolder(pid)); ok && s.parent == parent.pid {
					f.add(s)
				}
			}
		}
	}
	return true
}

func threadLives(folder string) bool {
	_, err := os.Stat(folder + "/stat")
	return err == nil
}

// kill ends everything that lives of the tree and returns what could not be killed. Going through /proc takes
// milliseconds, and a process that forks and ends in that time is never met; so whoever has come into being meanwhile is
// looked at too, until nobody has.
func (t *tree) kill() (left []int) {
	end := time.Now().Add(killGrace)
	for pause := time.Millisecond; ; pause = min(2*pause, sampleEvery) {
		newest := lastPID()
		killGroup(t.root)
		left = killAll(t.members(true))
		if len(left) == 0 {
			left = t.killNew(newest)
		}
		if len(left) == 0 || time.Now().After(end) {
			break
		}
		time.Sleep(pause) // SIGKILL takes effect when the kernel gives the process a turn
	}
	if len(t.seen) > 1 {
		t.reapOrphans()
	}
	return left
}

// killNew looks at the processes with numbers given after newest, at those that came while it did so, and so on. That is
// quick enough to meet a process early in its life. It returns when it has met one of the tree.
func (t *tree) killNew(newest int) (met []int) {
	for len(met) == 0 {
		now := lastPID()
		if now == newest {
			return nil
		}
		var ours []stat
		for pid := newest + 1; pid <= now; pid++ { // none where the numbers began anew
			if s, ok := readStat(pid, procFolder(pid)); ok && t.owns(s) {
				ours = append(ours, s)
			}
		}
		if now < newest {
			ours = t.members(true)
		}
		met, newest = killAll(ours), now
	}
	return met
}

// killAll kills those that live and returns their numbers.
func killAll(members []stat) (living []int) {
	for _, p := range members {
		if !p.dead() {
			_ = syscall.Kill(p.pid, syscall.SIGKILL)
			living = append(living, p.pid)
		}
	}
	return living
}

// reapOrphans waits for dead descendants that have come to be children of ours: so they do where the program around us is
// the first of a container or a child subreaper. It asks for each by its number; the program's own children
// are left to those who started them.
func (t *tree) reapOrphans() {
	for _, p := range t.members(true) {
		if p.dead() && p.pid != t.root && p.parent == os.Getpid() {
			_, _ = syscall.Wait4(p.pid, nil, syscall.WNOHANG, nil)
		}
	}
}
