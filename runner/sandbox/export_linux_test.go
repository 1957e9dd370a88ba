package sandbox

import "testing"

// DenyNamespaces has the system refuse namespaces to an ordinary user, or not, and returns what was before.
func DenyNamespaces(denied bool) (before bool) { return namespacesRefused.Swap(denied) }

// WithoutNamespaces runs the rest of t as on a system that refuses them.
func WithoutNamespaces(t *testing.T) {
	t.Helper()
	before := DenyNamespaces(true)
	t.Cleanup(func() { DenyNamespaces(before) })
}
