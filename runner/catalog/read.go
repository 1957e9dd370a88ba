package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
)

// read reads one kata's folder.
func read(katas fs.FS, track, slug string) (kata.Kata, error) {
	id, err := kata.ParseID(track + "/" + slug)
	if err != nil {
		return kata.Kata{}, err
	}
	folder := path.Join(track, slug)
	manifest, err := fs.ReadFile(katas, path.Join(folder, "kata.toml"))
	if err != nil {
		return kata.Kata{}, err
	}
	k := kata.Kata{ID: id, Stub: make(map[string][]byte), Hidden: make(map[string][]byte)}
	if k.Manifest, err = kata.ParseManifest(manifest); err != nil {
		return kata.Kata{}, err
	}
	if k.Manifest.Track != track {
		return kata.Kata{}, fmt.Errorf("kata.toml: track is %q, but it lies in %q", k.Manifest.Track, track)
	}
	if k.Readme, err = fs.ReadFile(katas, path.Join(folder, "README.md")); err != nil {
		return kata.Kata{}, err
	}
	for _, name := range k.Manifest.Files {
		if k.Stub[name], err = fs.ReadFile(katas, path.Join(folder, name)); err != nil {
			return kata.Kata{}, fmt.Errorf("stub: %w", err)
		}
	}
	if err := readHidden(katas, folder, &k); err != nil {
		return kata.Kata{}, err
	}
	k.Hash = hash(manifest, k)
	return k, nil
}

// readHidden reads the hidden tests and the list of what a pass needs a report from.
func readHidden(katas fs.FS, folder string, k *kata.Kata) error {
	names, err := fs.Glob(katas, path.Join(folder, "*_test.go"))
	if err != nil {
		return err
	}
	slices.Sort(names)
	for _, full := range names {
		name := path.Base(full)
		if k.Hidden[name], err = fs.ReadFile(katas, full); err != nil {
			return err
		}
		tests, err := testsOf(name, k.Hidden[name])
		if err != nil {
			return fmt.Errorf("hidden test: %w", err)
		}
		k.Tests = append(k.Tests, tests...)
	}
	if len(k.Tests) == 0 {
		return fmt.Errorf("there is no hidden test (*_test.go with func TestXxx)")
	}
	return nil
}

// testsOf reads the tests off a file, in the order of the source.
func testsOf(name string, source []byte) ([]kata.Test, error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var tests []kata.Test
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && isTest(f) {
			tests = append(tests, kata.Test{Name: f.Name.Name, About: firstSentence(f.Doc.Text())})
		}
	}
	return tests, nil
}

// isTest reports whether the go command would take f for a test.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	return ok && f.Recv == nil && f.Name.Name != "TestMain" && len(f.Type.Params.List) == 1 && (rest == "" || !('a' <= rest[0] && rest[0] <= 'z'))
}

func firstSentence(doc string) string {
	line := strings.Join(strings.Fields(doc), " ")
	if at := strings.Index(line, ". "); at >= 0 {
		return line[:at+1]
	}
	return line
}

// hash names a kata's content. Every part is framed by its length, so that no two contents read the same.
func hash(manifest []byte, k kata.Kata) string {
	h := sha256.New()
	part := func(name string, data []byte) {
		fmt.Fprintf(h, "%d %s %d\n", len(name), name, len(data))
		h.Write(data)
	}
	part("kata.toml", manifest)
	part("README.md", k.Readme)
	for _, files := range []map[string][]byte{k.Stub, k.Hidden} {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			part(name, files[name])
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
