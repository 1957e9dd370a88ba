//go:build linux && (amd64 || arm64)

package faultinject

import "golang.org/x/sys/unix"

// call is a system call that changes a file system. See syscalls(2).
type call struct {
	name string
	// files are where its arguments say which files it is about.
	files []operand
	// changes is asked where only the arguments tell whether the call changes anything; nil: it always does.
	changes func(t *tracer, tid int, args arguments) bool
	// count is the number of the argument that says how much is written; 0: this is no write.
	count int
	// takesRoom: a full disk makes it fail.
	takesRoom bool
	// settles: it changes no file, but says whether earlier changes have arrived.
	settles bool
	// does: with an error too, the call has been done (a file that could not be closed without an error is closed).
	does bool
}

// arguments are those of a system call.
type arguments [6]uint64

// operand says where the arguments name a file.
type operand struct {
	how  form
	from int // the number of the first argument that says it
}

type form int

const (
	descriptor form = iota // an open file
	relative               // the descriptor of a folder and a path from there
	plain                  // a path from the current folder
)

var (
	openFile   = []operand{{descriptor, 0}}
	pathAt     = []operand{{relative, 0}}
	fromAndTo  = []operand{{relative, 0}, {relative, 2}}
	linkTarget = []operand{{relative, 1}}
	namedPath  = []operand{{plain, 0}}
	twoPaths   = []operand{{plain, 0}, {plain, 1}}
	secondPath = []operand{{plain, 1}}
)

var calls = map[uint64]call{
	unix.SYS_OPENAT:          {name: "openat", files: pathAt, changes: opensToWrite, takesRoom: true},
	unix.SYS_OPENAT2:         {name: "openat2", files: pathAt, changes: opensToWrite2, takesRoom: true},
	unix.SYS_WRITE:           {name: "write", files: openFile, count: 2, takesRoom: true},
	unix.SYS_PWRITE64:        {name: "pwrite64", files: openFile, count: 2, takesRoom: true},
	unix.SYS_WRITEV:          {name: "writev", files: openFile, count: 2, takesRoom: true},
	unix.SYS_SENDFILE:        {name: "sendfile", files: openFile, count: 3, takesRoom: true},
	unix.SYS_COPY_FILE_RANGE: {name: "copy_file_range", files: []operand{{descriptor, 2}}, count: 4, takesRoom: true},
	unix.SYS_FTRUNCATE:       {name: "ftruncate", files: openFile},
	unix.SYS_TRUNCATE:        {name: "truncate", files: namedPath},
	unix.SYS_FALLOCATE:       {name: "fallocate", files: openFile, takesRoom: true},
	unix.SYS_FSYNC:           {name: "fsync", files: openFile, settles: true},
	unix.SYS_FDATASYNC:       {name: "fdatasync", files: openFile, settles: true},
	unix.SYS_CLOSE:           {name: "close", files: openFile, changes: isOpenToWrite, settles: true, does: true},
	unix.SYS_FCHMOD:          {name: "fchmod", files: openFile},
	unix.SYS_FCHMODAT:        {name: "fchmodat", files: pathAt},
	unix.SYS_FCHOWN:          {name: "fchown", files: openFile},
	unix.SYS_FCHOWNAT:        {name: "fchownat", files: pathAt},
	unix.SYS_UTIMENSAT:       {name: "utimensat", files: pathAt},
	unix.SYS_MKDIRAT:         {name: "mkdirat", files: pathAt, takesRoom: true},
	unix.SYS_SYMLINKAT:       {name: "symlinkat", files: linkTarget, takesRoom: true},
	unix.SYS_LINKAT:          {name: "linkat", files: fromAndTo, takesRoom: true},
	unix.SYS_UNLINKAT:        {name: "unlinkat", files: pathAt},
	unix.SYS_RENAMEAT:        {name: "renameat", files: fromAndTo, takesRoom: true},
	unix.SYS_RENAMEAT2:       {name: "renameat2", files: fromAndTo, takesRoom: true},
}

// writing are the flags of open(2) that let a file be changed or made.
const writing = unix.O_WRONLY | unix.O_RDWR | unix.O_CREAT | unix.O_TRUNC

func opensToWrite(_ *tracer, _ int, args arguments) bool { return args[2]&writing != 0 }

// opensToWrite2 reads the flags off the struct open_how that openat2(2) is handed.
func opensToWrite2(t *tracer, tid int, args arguments) bool {
	var how [8]byte
	if _, err := unix.PtracePeekData(tid, uintptr(args[2]), how[:]); err != nil {
		return false
	}
	return how[0]&unix.O_ACCMODE != 0 || opensToWrite(t, tid, arguments{2: littleEndian(how)})
}

func littleEndian(b [8]byte) (n uint64) {
	for i, x := range b {
		n |= uint64(x) << (8 * i)
	}
	return n
}

// isOpenToWrite reports whether the descriptor in the first argument may be written through.
func isOpenToWrite(t *tracer, _ int, args arguments) bool {
	return t.flags(int32(args[0]))&unix.O_ACCMODE != 0
}
