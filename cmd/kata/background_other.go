//go:build !unix && !windows

package main

import "syscall"

func detached() *syscall.SysProcAttr { return nil }

func stepBack() {}

// keepDescriptors has nothing to do: no descriptors are handed on but those that are named.
func keepDescriptors() {}
