package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// stat is one line of /proc/PID/stat, see proc_pid_stat(5).
type stat struct {
	pid, parent, group, session int
	// state is R, S, D, Z, …
	state byte
	// cpu is the user and system time of the process and of the children that it has waited for.
	cpu     time.Duration
	threads int
	// start is when it started, in clock ticks since boot: a number that comes again with another start is another
	// process.
	start uint64
	// resident is in pages.
	resident int64
}

// dead reports whether the process has ended and waits to be reaped. One whose first thread has ended while others run
// is shown as a zombie too.
func (s stat) dead() bool { return s.state == 'X' || s.state == 'Z' && s.threads <= 1 }

// readStat reads the stat of a process, or of the one thread whose folder in /proc is given.
func readStat(pid int, folder string) (stat, bool) {
	data, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return stat{}, false
	}
	s, ok := parseStat(data)
	s.pid = pid
	return s, ok
}

// parseStat reads the fields that matter. The command's name, in parentheses, may hold anything.
func parseStat(line []byte) (stat, bool) {
	f := bytes.Fields(line[bytes.LastIndexByte(line, ')')+1:])
	if len(f) < 22 {
		return stat{}, false
	}
	number := func(i int) int64 { // i counts as in the manual, where the state is field 3
		n, _ := strconv.ParseInt(string(f[i-3]), 10, 64)
		return n
	}
	return stat{
		state: f[0][0], parent: int(number(4)), group: int(number(5)), session: int(number(6)),
		cpu:     time.Duration(number(14)+number(15)+number(16)+number(17)) * tickLength,
		threads: int(number(20)), start: uint64(number(22)), resident: number(24),
	}, true
}

// allStats reads every process that can be seen.
func allStats() []stat {
	var all []stat
	for _, name := range names("/proc") {
		if pid, err := strconv.Atoi(name); err == nil {
			if s, ok := readStat(pid, procFolder(pid)); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

func procFolder(pid int) string { return "/proc/" + strconv.Itoa(pid) }

// threadFolders are the folders of a process's threads.
func threadFolders(pid int) []string {
	base := procFolder(pid) + "/task"
	folders := names(base)
	for i, thread := range folders {
		folders[i] = base + "/" + thread
	}
	return folders
}

// readChildren lists the processes that a thread has started and that live. The kernel may leave it out
// (CONFIG_PROC_CHILDREN); then there is no such file.
func readChildren(thread string) (pids []int, err error) {
	data, err := os.ReadFile(thread + "/children")
	for _, field := range bytes.Fields(data) {
		if pid, err := strconv.Atoi(string(field)); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, err
}

// readWakeups reads how often a thread has got onto a processor: the third number of schedstat. It is 0 where the
// kernel does not count (CONFIG_SCHED_INFO).
func readWakeups(thread string) uint64 {
	data, err := os.ReadFile(thread + "/schedstat")
	if err != nil {
		return 0
	}
	f := bytes.Fields(data)
	if len(f) < 3 {
		return 0
	}
	n, _ := strconv.ParseUint(string(f[2]), 10, 64)
	return n
}

// lastPID is the number that the newest process or thread on the machine has got: the last field of /proc/loadavg.
// Numbers are given in ascending order, and begin anew at the maximum. It is 0 where the field is not there.
func lastPID() int {
	data, _ := os.ReadFile("/proc/loadavg")
	pid, _ := strconv.Atoi(string(bytes.TrimSpace(data[bytes.LastIndexByte(data, ' ')+1:])))
	return pid
}

// names lists a folder; nothing where it is gone.
func names(folder string) []string {
	dir, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer dir.Close()
	list, _ := dir.Readdirnames(-1)
	return list
}
