package form

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/verdict"
)

// subject is a kata as it lies, read once. Paths in it are named as in Fault.File.
type subject struct {
	id kata.ID
	// manifest is zero where manifestErr says why.
	manifest    kata.Manifest
	manifestErr error
	// entries is everything below the two folders, and sources what could be read of it.
	entries []entry
	sources map[string]*source
	// others are the manifests of all other katas, by id; zero ones where they are broken.
	others map[kata.ID]kata.Manifest
}

// entry is a file or a folder.
type entry struct {
	path string
	mode fs.FileMode
	err  error
}

func read(katas, solutions fs.FS, id kata.ID) *subject {
	s := &subject{id: id, sources: make(map[string]*source), others: others(katas, id)}
	s.walk(katas, "katas")
	s.walk(solutions, "solutions")
	s.manifestErr = errors.New("there is none")
	if data, ok := s.sources[s.in("kata.toml")]; ok {
		s.manifest, s.manifestErr = kata.ParseManifest(data.text)
	}
	return s
}

// in is the path of a file of the kata's own folder, and solution one of its solution's.
func (s *subject) in(name string) string       { return path.Join("katas", string(s.id), name) }
func (s *subject) solution(name string) string { return path.Join("solutions", string(s.id), name) }

// walk reads the kata's folder below side. A symbolic link is noted and not followed, wherever it stands.
func (s *subject) walk(fsys fs.FS, side string) {
	for _, folder := range []string{s.id.Track(), string(s.id)} {
		info, err := fs.Lstat(fsys, folder)
		if errors.Is(err, fs.ErrNotExist) {
			return // the rule on missing files says so
		}
		if err != nil || !info.IsDir() {
			s.entries = append(s.entries, entry{path.Join(side, folder), modeOf(info), err})
			return
		}
	}
	_ = fs.WalkDir(fsys, string(s.id), func(name string, d fs.DirEntry, err error) error {
		e := entry{path: path.Join(side, name), err: err}
		if d != nil { // the folder itself may be gone by now
			e.mode = d.Type()
		}
		if d != nil && e.mode.IsRegular() {
			var text []byte
			if text, e.err = fs.ReadFile(fsys, name); e.err == nil {
				s.sources[e.path] = parse(e.path, text)
			}
		}
		s.entries = append(s.entries, e)
		return nil // whatever cannot be read is a fault of its own, and the rest is looked at
	})
}

func modeOf(info fs.FileInfo) fs.FileMode {
	if info == nil {
		return 0
	}
	return info.Mode().Type()
}

// names are the learner's files. Where the manifest does not say, they are the Go files that are no tests.
func (s *subject) names() []string {
	var names []string
	if s.manifestErr == nil {
		for _, name := range s.manifest.Files {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return names
	}
	for _, file := range slices.Sorted(maps.Keys(s.sources)) {
		if name := path.Base(file); path.Dir(file) == s.in("") && path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") {
			names = append(names, name)
		}
	}
	return names
}

// replacement is the learner's files as they lie in a folder; those that are not there are left out.
func (s *subject) replacement(folder string) []*source {
	var files []*source
	for _, name := range s.names() {
		if f, ok := s.sources[path.Join(folder, name)]; ok {
			files = append(files, f)
		}
	}
	return files
}

func (s *subject) stub() []*source { return s.replacement(s.in("")) }

// hidden are the files of the hidden tests, by name.
func (s *subject) hidden() []*source {
	var files []*source
	for _, file := range slices.Sorted(maps.Keys(s.sources)) {
		if path.Dir(file) == s.in("") && strings.HasSuffix(file, "_test.go") {
			files = append(files, s.sources[file])
		}
	}
	return files
}

// variant is a solution: the reference, or a right or wrong one of testdata.
type variant struct {
	folder string
	wrong  bool
	files  []*source
}

// broken reports whether it is one that must not compile: then little can be asked of its text.
func (v variant) broken() bool {
	for _, f := range v.files {
		if d, err := parseDeclaration(f.firstLine()); err == nil && d.kind == verdict.Compile {
			return v.wrong
		}
	}
	return false
}

// variants are those of one side, "right" or "wrong", by name. A stray folder is none.
func (s *subject) variants(side string) []variant {
	var all []variant
	for _, e := range s.entries {
		if e.mode.IsDir() && path.Dir(e.path) == s.solution("testdata/"+side) && s.belongs(e) {
			all = append(all, variant{e.path, side == "wrong", s.replacement(e.path)})
		}
	}
	return all
}

// solutions are the reference and all variants.
func (s *subject) solutions() []variant {
	reference := variant{folder: s.solution(""), files: s.replacement(s.solution(""))}
	return slices.Concat([]variant{reference}, s.variants("right"), s.variants("wrong"))
}

// compiled are all Go files that must compile, hidden tests last.
func (s *subject) compiled() []*source {
	files := s.stub()
	for _, v := range s.solutions() {
		if !v.broken() {
			files = append(files, v.files...)
		}
	}
	return append(files, s.hidden()...)
}
