//go:build !race

package sync

func deaf()              {}
func hear()              {}
func acquire(*byte)      {}
func release(*byte)      {}
func releaseMerge(*byte) {}

func raceRead(*byte)  {}
func raceWrite(*byte) {}
