package faultinject

import "golang.org/x/sys/unix"

func (r *registers) number() uint64 { return r.Orig_rax }

func (r *registers) arguments() arguments {
	return arguments{r.Rdi, r.Rsi, r.Rdx, r.R10, r.R8, r.R9}
}

func (r *registers) setArgument(n int, value uint64) {
	*[...]*uint64{&r.Rdi, &r.Rsi, &r.Rdx, &r.R10, &r.R8, &r.R9}[n] = value
}

func (r *registers) setResult(value int64) { r.Rax = uint64(value) }

// skip has the system do nothing for the call that a thread has been stopped before.
func (r *registers) skip(tid int) error {
	r.Orig_rax = ^uint64(0)
	return r.write(tid)
}

// The calls that newer architectures have in the form with a descriptor only.
func init() {
	for number, c := range map[uint64]call{
		unix.SYS_OPEN:      {name: "open", files: namedPath, changes: func(_ *tracer, _ int, a arguments) bool { return a[1]&writing != 0 }, takesRoom: true},
		unix.SYS_CREAT:     {name: "creat", files: namedPath, takesRoom: true},
		unix.SYS_MKDIR:     {name: "mkdir", files: namedPath, takesRoom: true},
		unix.SYS_RMDIR:     {name: "rmdir", files: namedPath},
		unix.SYS_UNLINK:    {name: "unlink", files: namedPath},
		unix.SYS_RENAME:    {name: "rename", files: twoPaths, takesRoom: true},
		unix.SYS_LINK:      {name: "link", files: twoPaths, takesRoom: true},
		unix.SYS_SYMLINK:   {name: "symlink", files: secondPath, takesRoom: true},
		unix.SYS_CHMOD:     {name: "chmod", files: namedPath},
		unix.SYS_CHOWN:     {name: "chown", files: namedPath},
		unix.SYS_UTIME:     {name: "utime", files: namedPath},
		unix.SYS_UTIMES:    {name: "utimes", files: namedPath},
		unix.SYS_FUTIMESAT: {name: "futimesat", files: pathAt},
	} {
		calls[number] = c
	}
}
