package sandbox

import "testing"

// WithoutNamespaces runs the rest of t as on a system that refuses namespaces to an ordinary user.
func WithoutNamespaces(t *testing.T) {
	t.Helper()
	before := denyNamespaces(true)
	t.Cleanup(func() { denyNamespaces(before) })
}

func denyNamespaces(denied bool) (before bool) { return namespacesRefused.Swap(denied) }
