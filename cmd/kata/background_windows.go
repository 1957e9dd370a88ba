package main

import "syscall"

// Process creation flags of Windows that package syscall does not name.
const (
	detachedProcess     = 0x00000008
	belowNormalPriority = 0x00004000
)

// detached gives a process no console, so that the end of one does not end it.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: detachedProcess | belowNormalPriority | syscall.CREATE_NEW_PROCESS_GROUP}
}

// stepBack is done by the flags.
func stepBack() {}

// keepDescriptors has nothing to do: no descriptors are handed on but those that are named.
func keepDescriptors() {}
