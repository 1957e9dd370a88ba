package sandbox

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// A cgroup bounds the memory of one run by the kernel itself: at once, where watching is a look every 20 ms, and with
// pages that processes share counted once (cgroups(7)). An ordinary user is handed groups to divide by a session
// manager, a container by its maker; where nobody has, watching is all there is.
type cgroup struct {
	folder  string
	version *cgroupVersion
}

// cgroupVersion is how one version of the interface calls things.
type cgroupVersion struct {
	name string
	// filesystem is the type of its mount, option what stands among the mount's options; controller names the line of
	// /proc/self/cgroup that says where a process is.
	filesystem, option, controller string
	// levels is how far up from a process's own group a new one may be made. In version 2 a group that has processes
	// cannot hand controllers to groups below it, its parent can.
	levels int
	// limit is what the bound is written to, and further what is set besides where it exists.
	limit   string
	further func(bytes int64) map[string]string
	// events is the file with a line "oom_kill N".
	events string
}

var cgroupVersions = []*cgroupVersion{
	{
		name: "cgroup 2", filesystem: "cgroup2", controller: "", levels: 2, limit: "memory.max", events: "memory.events",
		further: func(int64) map[string]string {
			return map[string]string{"memory.swap.max": "0", "memory.oom.group": "1"}
		},
	},
	{
		name: "cgroup 1", filesystem: "cgroup", option: "memory", controller: "memory", levels: 1,
		limit: "memory.limit_in_bytes", events: "memory.oom_control",
		further: func(bytes int64) map[string]string {
			return map[string]string{"memory.memsw.limit_in_bytes": strconv.FormatInt(bytes, 10)}
		},
	},
}

// cgroupPrefix begins the names of our groups.
const cgroupPrefix = "kata-"

// cgroupParent is where groups can be made; its folder is empty where that is nowhere. It is looked for once: what a
// process may do with groups does not change while it runs.
var cgroupParent = sync.OnceValue(func() cgroup {
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return cgroup{}
	}
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return cgroup{}
	}
	for _, v := range cgroupVersions {
		for _, folder := range v.parents(string(mounts), string(own)) {
			parent := cgroup{folder: folder, version: v}
			if parent.works() {
				return parent
			}
		}
	}
	return cgroup{}
})

// works tries whether a group can be made here and bounded. Groups that a killed runner left are removed on the way.
func (parent cgroup) works() bool {
	left, _ := filepath.Glob(filepath.Join(parent.folder, cgroupPrefix+"*"))
	for _, folder := range left {
		_ = os.Remove(folder) // refused while it has processes
	}
	g, err := parent.divide(1 << 30)
	if err != nil {
		return false
	}
	g.remove()
	return true
}

// parents are the folders in which a group might be made, by the texts of /proc/self/mountinfo and /proc/self/cgroup.
func (v *cgroupVersion) parents(mounts, own string) []string {
	at, ok := v.own(own)
	if !ok {
		return nil
	}
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(line, " - ")
		where, what := strings.Fields(before), strings.Fields(after)
		if !ok || len(where) < 5 || len(what) < 3 || what[0] != v.filesystem {
			continue
		}
		if v.option != "" && !strings.Contains(","+what[2]+",", ","+v.option+",") {
			continue
		}
		inside, below := strings.CutPrefix(at, strings.TrimSuffix(where[3], "/"))
		if !below {
			continue
		}
		var folders []string
		for inside = path.Join("/", inside); len(folders) < v.levels; inside = path.Dir(inside) {
			folders = append(folders, filepath.Join(where[4], inside))
			if inside == "/" {
				break
			}
		}
		return folders
	}
	return nil
}

// own is where the process is: the line "number:controllers:path" that names the controller, or none.
func (v *cgroupVersion) own(text string) (string, bool) {
	for line := range strings.Lines(text) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) == 3 && strings.Contains(","+parts[1]+",", ","+v.controller+",") {
			return parts[2], true
		}
	}
	return "", false
}

var cgroupNumber atomic.Int64

// newCgroup makes a group whose processes may use so many bytes together; nil where there is none to be had.
func newCgroup(bytes int64) *cgroup {
	parent := cgroupParent()
	if bytes <= 0 || parent.folder == "" {
		return nil
	}
	g, err := parent.divide(bytes)
	if err != nil {
		return nil
	}
	return g
}

func (parent cgroup) divide(bytes int64) (*cgroup, error) {
	name := fmt.Sprintf("%s%d-%d", cgroupPrefix, os.Getpid(), cgroupNumber.Add(1))
	g := &cgroup{folder: filepath.Join(parent.folder, name), version: parent.version}
	if err := os.Mkdir(g.folder, 0o755); err != nil {
		return nil, err
	}
	if err := g.write(g.version.limit, strconv.FormatInt(bytes, 10)); err != nil {
		g.remove()
		return nil, err
	}
	for file, value := range g.version.further(bytes) {
		_ = g.write(file, value)
	}
	return g, nil
}

func (g *cgroup) write(file, value string) error {
	f, err := os.OpenFile(filepath.Join(g.folder, file), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteString(value)
	return err
}

// take puts a process that is held into the group, and reports whether it went; what it starts is in it then.
func (g *cgroup) take(pid int) bool {
	return g != nil && g.write("cgroup.procs", strconv.Itoa(pid)) == nil
}

// exceeded reports whether the kernel has killed for the bound.
func (g *cgroup) exceeded() bool {
	if g == nil {
		return false
	}
	text, err := os.ReadFile(filepath.Join(g.folder, g.version.events))
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(text)) {
		if count, ok := strings.CutPrefix(strings.TrimSpace(line), "oom_kill "); ok {
			return count != "0"
		}
	}
	return false
}

// remove takes the group away. One that still has processes stays, and a later run removes it.
func (g *cgroup) remove() {
	if g != nil {
		_ = os.Remove(g.folder)
	}
}

func (g *cgroup) String() string {
	if g == nil {
		return ""
	}
	return g.version.name + ", "
}
