//go:build race

package main

// raced: these tests run under the race detector.
const raced = true
