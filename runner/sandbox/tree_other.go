//go:build !linux

package sandbox

// tree is the command's process group: these systems offer no view of a process tree that is worth relying on.
type tree struct{ root int }

func newTree(root int, _ bool) *tree { return &tree{root: root} }

// look sees nothing here: only the limits of time on the wall and of output hold.
func (t *tree) look() (sample, bool) { return sample{}, false }

func (t *tree) isolation() string { return group + "; limits of time and output" }

func (t *tree) kill() (left []int) {
	killGroup(t.root)
	return nil
}
