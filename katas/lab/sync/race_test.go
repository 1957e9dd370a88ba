//go:build race

package sync_test

import "runtime"

const raceDetector = true

func unseen(f func()) {
	runtime.RaceDisable()
	f()
	runtime.RaceEnable()
}
