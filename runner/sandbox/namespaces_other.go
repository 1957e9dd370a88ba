//go:build !linux

package sandbox

import "syscall"

func useNamespaces() bool { return false }

func refusesNamespaces(error) bool { return false }

func addNamespaces(*syscall.SysProcAttr) {}
