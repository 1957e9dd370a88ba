package policy

import (
	"maps"
	"slices"
)

// baseImports are the packages that every kata allows. A list of names allows only those of the package; an empty one
// allows all of it. What is here cannot reach the test's process, its files or its channel to the runner.
var baseImports = map[string][]string{
	"bufio":          nil,
	"bytes":          nil,
	"cmp":            nil,
	"container/heap": nil,
	"container/list": nil,
	"container/ring": nil,
	"context":        nil,
	"errors":         nil,
	"fmt":            nil,
	"io":             nil,
	"iter":           nil,
	"log":            nil,
	"maps":           nil,
	"math":           nil,
	"math/bits":      nil,
	"math/rand":      nil,
	"math/rand/v2":   nil,
	"runtime":        {"Gosched", "Goexit", "NumGoroutine", "NumCPU", "GOMAXPROCS", "KeepAlive", "Error"},
	"runtime/debug":  {"Stack", "PrintStack"},
	"slices":         nil,
	"sort":           nil,
	"strconv":        nil,
	"strings":        nil,
	"sync":           nil,
	"sync/atomic":    nil,
	"time":           nil,
	"unicode":        nil,
	"unicode/utf8":   nil,
}

// BaseImports are the packages that every kata allows, sorted.
func BaseImports() []string { return slices.Sorted(maps.Keys(baseImports)) }

// refusedImports says why, for packages that people do try.
var refusedImports = map[string]string{
	"C":                           "C code runs outside of everything that the grader can see.",
	"unsafe":                      "Memory reached through unsafe escapes the race detector.",
	"os":                          "A submission has no business with the process it runs in. To print, use fmt.Println.",
	"os/exec":                     "A submission has no business with other programs; where a kata needs processes it brings them.",
	"reflect":                     "A kata is about the mechanism; reflection reaches around it.",
	"syscall":                     "A submission has no business with the process it runs in.",
	"testing":                     "The tests are the kata's; yours go into a file of your own beside it.",
	"embed":                       "A submission carries no files along.",
	"golang.org/x/sync/errgroup":  "Only the standard library is at hand; the kata is to build the mechanism itself.",
	"golang.org/x/sync/semaphore": "Only the standard library is at hand; a buffered channel is a semaphore.",
}

// directives are comments that the toolchain obeys, by prefix.
var directives = []struct{ prefix, why string }{
	{"//go:build", "A build constraint decides what is compiled; a submission is graded whole."},
	{"// +build", "A build constraint decides what is compiled; a submission is graded whole."},
	{"//go:", "A compiler directive changes how the code is compiled or checked; a submission is compiled as it reads."},
	{"//line ", "A line directive moves the positions that findings speak of."},
	{"/*line ", "A line directive moves the positions that findings speak of."},
	{"//export", "There is no C code to export to."},
}

// harmlessDirectives change nothing that a verdict rests on.
var harmlessDirectives = []string{"//go:generate", "//go:noinline"}
