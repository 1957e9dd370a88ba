// Package faultinject runs a program and makes its file system fail at a step of one's choice, in the manner of
// strace -e inject. A step is a system call that changes a file in the folders that are watched; the program is stopped
// there by ptrace(2), before it and after it, and is killed, told of an error, or left waiting while something else
// happens. Tests use it to go through all steps of a command one by one. It is there on Linux on amd64 and arm64.
package faultinject
