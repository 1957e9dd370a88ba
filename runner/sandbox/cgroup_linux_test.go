package sandbox

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGroupsAreMadeWhereTheSystemHandsThemOut reads what /proc says on systems of each kind.
func TestGroupsAreMadeWhereTheSystemHandsThemOut(t *testing.T) {
	const (
		unified = "35 25 0:30 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n"
		hybrid  = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n" +
			"32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu\n" +
			"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n" +
			"41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
		bound = "35 25 0:30 /docker/ab12 /sys/fs/cgroup/memory ro,nosuid - cgroup cgroup rw,memory\n"
	)
	for name, c := range map[string]struct {
		mounts, own string
		two, one    []string
	}{
		"a terminal of a desktop session": {
			unified, "0::/user.slice/user-1000.slice/user@1000.service/app.slice/term-1.scope\n",
			[]string{
				"/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/term-1.scope",
				"/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice",
			}, nil,
		},
		"a container that sees itself as the root": {unified, "0::/\n", []string{"/sys/fs/cgroup"}, nil},
		"both versions": {
			hybrid, "9:name=systemd:/\n4:memory:/box/1\n1:cpu:/\n0::/\n",
			[]string{"/sys/fs/cgroup/unified"}, []string{"/sys/fs/cgroup/memory/box/1"},
		},
		"a container under version 1": {bound, "4:memory:/docker/ab12\n", nil, []string{"/sys/fs/cgroup/memory"}},
		"a mount of another's groups": {bound, "4:memory:/elsewhere\n", nil, nil},
		"nothing":                     {"", "", nil, nil},
		"torn":                        {"35 25 0:30 / -\n - cgroup2\n", "0::\n:\nmemory\n", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.two, cgroupVersions[0].parents(c.mounts, c.own))
			require.Equal(t, c.one, cgroupVersions[1].parents(c.mounts, c.own))
		})
	}
}
