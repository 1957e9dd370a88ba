package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// Archives are the compiled packages that a test binary is linked from, all but the submission and its tests: the
// standard library, the lab, the simulators, goleak, built with the race detector. The zero Archives hold none.
type Archives struct {
	// Files maps import paths to archive files.
	Files map[string]string `json:"files"`
	// Support is the C compiler's own library (libgcc.a), of which the race runtime uses a function or two. The linker
	// would call the C compiler at every link to ask where it lies. Empty where the compiler has none.
	Support string `json:"support,omitempty"`
}

// Support is what archives are built from.
type Support struct {
	// Katas is the katas folder, of which lab and sim are taken.
	Katas fs.FS
	// Imports are the packages that submissions, hidden tests and the lab import, by path.
	Imports []string
}

// goSum pins goleak for the module that the archives are built in; a test holds it to the project's own go.sum.
//
//go:embed module/go.sum
var goSum []byte

// goMod is that module. Its path is the project's own, so that the lab and the simulators keep their import paths.
//
//go:embed module/go.mod.txt
var goMod []byte

// Prepare returns the archives for a toolchain and a support, building them where cacheDir does not have them: the
// first time on a machine that is the race build of the standard library. note is told once before long work. Two
// processes that prepare at once do the work once. The error is a *Fault.
func Prepare(ctx context.Context, tc Toolchain, s Support, cacheDir string, env []string, note func(string)) (Archives, error) {
	key, err := s.key(tc)
	if err != nil {
		return Archives{}, &Fault{What: fmt.Sprintf("read the lab: %v", err), Err: err}
	}
	store := filepath.Join(cacheDir, "archives", key)
	if a, ok := loadArchives(store); ok {
		return a, nil
	}
	if err := os.MkdirAll(filepath.Dir(store), 0o700); err != nil {
		return Archives{}, cacheFault(cacheDir, err)
	}
	unlock, err := lockedfile.MutexAt(store + ".lock").Lock()
	if err != nil {
		return Archives{}, cacheFault(cacheDir, err)
	}
	defer unlock()
	if a, ok := loadArchives(store); ok {
		return a, nil // another process built them while this one waited
	}
	note("building the standard library with the race detector (once on this machine, about half a minute)")
	return s.build(ctx, tc, store, env)
}

func cacheFault(dir string, err error) error {
	return &Fault{What: fmt.Sprintf("cache folder %s: %v", dir, err), Hint: "set KATA_CACHE to a folder that can be written, or free some space there", Err: err}
}

// key names the archives: it changes with the toolchain, the lab, the simulators and the set of imports.
func (s Support) key(tc Toolchain) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n%s\n%s%s", tc, tc.Root, strings.Join(s.packages(), "\n"), goMod, goSum)
	err := s.walk(func(name string, data []byte) error {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(data))
		h.Write(data)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil))[:24], err
}

// walk visits the sources of the lab and the simulators, tests left out.
func (s Support) walk(visit func(name string, data []byte) error) error {
	for _, top := range []string{"lab", "sim"} {
		err := fs.WalkDir(s.Katas, top, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == top {
				return fs.SkipDir
			}
			if err != nil {
				return err
			}
			if d.IsDir() && d.Name() == "testdata" {
				return fs.SkipDir
			}
			if d.IsDir() || !isSource(name) {
				return nil
			}
			data, err := fs.ReadFile(s.Katas, name)
			if err != nil {
				return err
			}
			return visit(name, data)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isSource: Go and assembly, no tests.
func isSource(name string) bool {
	return path.Ext(name) == ".s" || path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go")
}

const (
	indexFile   = "index.json"
	libraryFile = "compiler.a"
)

// loadArchives reads an index and makes sure that every archive is still there.
func loadArchives(store string) (Archives, bool) {
	data, err := os.ReadFile(filepath.Join(store, indexFile))
	if err != nil {
		return Archives{}, false
	}
	var a Archives
	if json.Unmarshal(data, &a) != nil || len(a.Files) == 0 {
		return Archives{}, false
	}
	for path, file := range a.Files {
		full := filepath.Join(store, file)
		if _, err := os.Stat(full); err != nil {
			return Archives{}, false
		}
		a.Files[path] = full
	}
	if a.Support != "" {
		a.Support = filepath.Join(store, a.Support)
		if _, err := os.Stat(a.Support); err != nil {
			return Archives{}, false
		}
	}
	return a, true
}

// build lets the go command build everything and takes the archives over. The index is written last: without it the
// store counts as not there.
func (s Support) build(ctx context.Context, tc Toolchain, store string, env []string) (Archives, error) {
	if err := os.RemoveAll(store); err != nil {
		return Archives{}, cacheFault(store, err)
	}
	module := filepath.Join(store, "module")
	if err := s.lay(module); err != nil {
		return Archives{}, cacheFault(store, err)
	}
	defer os.RemoveAll(module)
	exports, err := s.list(ctx, tc, module, env)
	if err != nil {
		return Archives{}, err
	}
	a := Archives{Files: make(map[string]string)}
	for i, e := range exports {
		name := fmt.Sprintf("%03d.a", i)
		if err := take(e.file, filepath.Join(store, name)); err != nil {
			return Archives{}, cacheFault(store, err)
		}
		a.Files[e.importPath] = name
	}
	if library := compilerLibrary(ctx, tc, env); library != "" {
		if err := take(library, filepath.Join(store, libraryFile)); err != nil {
			return Archives{}, cacheFault(store, err)
		}
		a.Support = libraryFile
	}
	index, err := json.Marshal(a)
	if err == nil {
		err = writeAtomically(filepath.Join(store, indexFile), index)
	}
	if err != nil {
		return Archives{}, cacheFault(store, err)
	}
	loaded, ok := loadArchives(store)
	if !ok {
		return Archives{}, cacheFault(store, errors.New("what was just written cannot be read back"))
	}
	return loaded, nil
}

// lay writes the module that the go command builds.
func (s Support) lay(module string) error {
	if err := os.MkdirAll(module, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(module, "go.mod"), goMod, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(module, "go.sum"), goSum, 0o600); err != nil {
		return err
	}
	return s.walk(func(name string, data []byte) error {
		file := filepath.Join(module, "katas", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return err
		}
		return os.WriteFile(file, data, 0o600)
	})
}

type export struct{ importPath, file string }

// list runs `go list -export`, which compiles what it lists.
func (s Support) list(ctx context.Context, tc Toolchain, module string, env []string) ([]export, error) {
	args := []string{"list", "-race", "-deps", "-export", "-f", "{{.ImportPath}}\t{{.Export}}"}
	args = append(args, s.packages()...)
	cmd := exec.CommandContext(ctx, tc.Go, args...)
	cmd.Dir = module
	cmd.Env = goEnvironment(env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, explainList(tc, env, stderr.String(), err)
	}
	var exports []export
	for line := range strings.Lines(stdout.String()) {
		importPath, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if file != "" { // package unsafe has no archive
			exports = append(exports, export{importPath, file})
		}
	}
	return exports, nil
}

// packages are all that may be imported, with what a test binary needs besides.
func (s Support) packages() []string {
	wanted := append([]string{"testing", "testing/internal/testdeps", "testing/synctest", "reflect", "os", "runtime/race"}, s.Imports...)
	_ = s.walk(func(name string, _ []byte) error {
		wanted = append(wanted, Module+"/katas/"+path.Dir(name))
		return nil
	})
	slices.Sort(wanted)
	return slices.Compact(wanted)
}

// explainList turns a failed `go list` into what the machine lacks.
func explainList(tc Toolchain, env []string, said string, err error) error {
	said = strings.TrimSpace(said)
	for _, c := range listFaults {
		if c.fits(tc, env, said) {
			return &Fault{What: c.what, Hint: c.hint, Err: errors.New(said)}
		}
	}
	return &Fault{What: fmt.Sprintf("go list: %v: %s", err, firstLines(said, 6)), Hint: "kata doctor", Err: err}
}

// listFaults are the faults that a first build is known to meet.
var listFaults = []struct {
	what, hint string
	fits       func(tc Toolchain, env []string, said string) bool
}{
	{
		what: "no C compiler: the race detector needs one for its first build",
		hint: installCompiler,
		fits: func(tc Toolchain, env []string, said string) bool {
			_, err := FindCompiler(tc, env)
			return err != nil || strings.Contains(said, "C compiler")
		},
	},
	{
		what: "no space is left on the disk for the first build",
		hint: "free about 300 MB, then run kata doctor",
		fits: func(_ Toolchain, _ []string, said string) bool {
			return strings.Contains(said, "no space left on device")
		},
	},
	{
		what: "the module go.uber.org/goleak is neither in the module cache nor to be had from the network",
		hint: "run kata doctor once while online; after that all works offline",
		fits: func(_ Toolchain, _ []string, said string) bool {
			return strings.Contains(said, "goleak") && (strings.Contains(said, "dial tcp") || strings.Contains(said, "lookup") ||
				strings.Contains(said, "GOPROXY=off") || strings.Contains(said, "module lookup disabled"))
		},
	},
}

// compilerLibrary asks the C compiler for its support library, as the linker does (cmd/link, -libgcc).
func compilerLibrary(ctx context.Context, tc Toolchain, env []string) string {
	compiler, err := FindCompiler(tc, env)
	if err != nil {
		return ""
	}
	cmd := exec.CommandContext(ctx, compiler, "-print-libgcc-file-name")
	cmd.Env = env
	out, err := cmd.Output()
	library := strings.TrimSpace(string(out))
	if err != nil || !filepath.IsAbs(library) {
		return ""
	}
	if _, err := os.Stat(library); err != nil {
		return ""
	}
	return library
}

func firstLines(s string, n int) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[:min(n, len(lines))], "\n")
}

// take links or copies an archive out of the go command's cache, which trims what has not been used for some days.
func take(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// importLines are the archives as the compiler's and the linker's importcfg wants them, sorted.
func (a Archives) importLines() []string {
	lines := make([]string, 0, len(a.Files)+2)
	for path, file := range a.Files {
		lines = append(lines, "packagefile "+path+"="+file)
	}
	slices.Sort(lines)
	return lines
}
