//go:build !race

package network

func deaf()         {}
func hear()         {}
func release(*byte) {}
func acquire(*byte) {}
