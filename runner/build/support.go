package build

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

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

// Key names the archives that are built from s: it changes with the toolchain, how it is called, the lab,
// the simulators and the set of imports.
func (s Support) Key(tc Toolchain) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s\n%s\n%s%s", withoutDebug, tc, tc.Root, strings.Join(s.packages(), "\n"), goMod, goSum)
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
