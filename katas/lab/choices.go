package lab

import (
	"github.com/python-concurrency/kata/katas/lab/explore"
	"github.com/python-concurrency/kata/katas/lab/hook"
	"github.com/python-concurrency/kata/katas/lab/wire"
)

// Pick chooses one of 0 … n-1 for a simulator, such as what becomes of a message. The explored lens goes through all
// ways, the usual one, 0, first; the others draw them by the runner's seed, so that a run repeats itself where its
// goroutines come in the same order.
func (t *T) Pick(n int) int {
	if explore.Active() {
		return explore.Pick(n)
	}
	return t.draw(n)
}

// drawSeed is read once, before any test runs: under plain go test the testing package notes each look into the environment,
// and two goroutines that draw would race there.
var drawSeed = uint64(setting(wire.EnvSeed, 1))

// draw draws one of n by the seed and the number of draws before.
//
//go:norace
func (b *books) draw(n int) (way int) {
	quietly(func() {
		x := b.picks.Add(1) + drawSeed<<32
		// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
		x *= 0x9e3779b97f4a7c15
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		way = int((x ^ x>>31) % uint64(n))
	})
	return way
}

// Point is where the explored lens may let another goroutine go on, in a simulator, which has no points of its own.
func (t *T) Point() { explore.At(explore.Send, nil) }

// Callback is f as a simulator hands it to a timer: the explored lens knows the goroutine that it will run in.
func (t *T) Callback(f func()) func() { return hook.Callback(f) }
