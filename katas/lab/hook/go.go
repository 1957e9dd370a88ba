package hook

import "github.com/python-concurrency/kata/katas/lab/explore"

// A go statement becomes go hook.Go2(f)(a, b): f and its arguments are evaluated where they always were, in the
// goroutine that starts the other, and the arguments are converted as for f itself. The number is that of the
// arguments; an R says that f has one result.
//
// A goroutine runs beside the others until its first point. That can be seen by nobody where its function has points of
// its own. One of another package has none: it is called foreign, and begins with a point.

// spawned runs call in the goroutine that was announced as g.
func spawned(g *explore.Goroutine, foreign []bool, call func()) {
	switch {
	case g == nil:
		call()
	case len(foreign) > 0:
		g.Run(func() {
			explore.At(explore.Call, nil)
			call()
		})
	default:
		g.Run(call)
	}
}

// Go0 is for a function of no argument.
func Go0(f func(), foreign ...bool) func() {
	g := explore.Spawn()
	return func() { spawned(g, foreign, func() { f() }) }
}

// Go0R is for a function of no argument and a result.
func Go0R[R any](f func() R, foreign ...bool) func() {
	g := explore.Spawn()
	return func() { spawned(g, foreign, func() { f() }) }
}

// Go1 is for a function of one argument.
func Go1[A any](f func(A), foreign ...bool) func(A) {
	g := explore.Spawn()
	return func(a A) { spawned(g, foreign, func() { f(a) }) }
}

// Go1R is for a function of one argument and a result.
func Go1R[A, R any](f func(A) R, foreign ...bool) func(A) {
	g := explore.Spawn()
	return func(a A) { spawned(g, foreign, func() { f(a) }) }
}

// Go2 is for a function of two arguments.
func Go2[A, B any](f func(A, B), foreign ...bool) func(A, B) {
	g := explore.Spawn()
	return func(a A, b B) { spawned(g, foreign, func() { f(a, b) }) }
}

// Go2R is for a function of two arguments and a result.
func Go2R[A, B, R any](f func(A, B) R, foreign ...bool) func(A, B) {
	g := explore.Spawn()
	return func(a A, b B) { spawned(g, foreign, func() { f(a, b) }) }
}

// Go3 is for a function of three arguments.
func Go3[A, B, C any](f func(A, B, C), foreign ...bool) func(A, B, C) {
	g := explore.Spawn()
	return func(a A, b B, c C) { spawned(g, foreign, func() { f(a, b, c) }) }
}

// Go3R is for a function of three arguments and a result.
func Go3R[A, B, C, R any](f func(A, B, C) R, foreign ...bool) func(A, B, C) {
	g := explore.Spawn()
	return func(a A, b B, c C) { spawned(g, foreign, func() { f(a, b, c) }) }
}

// Go4 is for a function of four arguments.
func Go4[A, B, C, D any](f func(A, B, C, D), foreign ...bool) func(A, B, C, D) {
	g := explore.Spawn()
	return func(a A, b B, c C, d D) { spawned(g, foreign, func() { f(a, b, c, d) }) }
}

// Go4R is for a function of four arguments and a result.
func Go4R[A, B, C, D, R any](f func(A, B, C, D) R, foreign ...bool) func(A, B, C, D) {
	g := explore.Spawn()
	return func(a A, b B, c C, d D) { spawned(g, foreign, func() { f(a, b, c, d) }) }
}

// Go5 is for a function of five arguments.
func Go5[A, B, C, D, E any](f func(A, B, C, D, E), foreign ...bool) func(A, B, C, D, E) {
	g := explore.Spawn()
	return func(a A, b B, c C, d D, e E) { spawned(g, foreign, func() { f(a, b, c, d, e) }) }
}

// Go5R is for a function of five arguments and a result.
func Go5R[A, B, C, D, E, R any](f func(A, B, C, D, E) R, foreign ...bool) func(A, B, C, D, E) {
	g := explore.Spawn()
	return func(a A, b B, c C, d D, e E) { spawned(g, foreign, func() { f(a, b, c, d, e) }) }
}
