//go:build !linux

package sandbox

// cgroup is a thing of Linux.
type cgroup struct{}

func newCgroup(int64) *cgroup { return nil }

func (*cgroup) take(int) bool { return false }

func (*cgroup) exceeded() bool { return false }

func (*cgroup) remove() {}

func (*cgroup) String() string { return "" }
