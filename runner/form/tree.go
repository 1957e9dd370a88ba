package form

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// checkIrregular finds what is neither file nor folder: embed refuses it, and git brings it to other machines as
// something else. What cannot be read is told of here too.
func checkIrregular(s *subject) []Fault {
	var faults []Fault
	for _, e := range s.entries {
		switch {
		case e.err != nil:
			faults = append(faults, Fault{File: e.path, What: fmt.Sprintf("cannot be read: %v", e.err), Hint: "chmod -R u+rwX " + e.path})
		case e.mode&fs.ModeSymlink != 0:
			faults = append(faults, Fault{File: e.path, What: "is a symbolic link", Hint: "put a copy of the file in its place"})
		case !e.mode.IsRegular() && !e.mode.IsDir():
			faults = append(faults, Fault{File: e.path, What: "is neither a file nor a folder", Hint: "rm " + e.path})
		}
	}
	return faults
}

func checkMissing(s *subject) []Fault {
	var faults []Fault
	want := func(file, hint string) {
		if !slices.ContainsFunc(s.entries, func(e entry) bool { return e.path == file }) {
			faults = append(faults, Fault{File: file, What: "is not there", Hint: hint})
		}
	}
	want(s.in("kata.toml"), "write it by the model of katas/gil/lostupdate/kata.toml")
	want(s.in("README.md"), "write it, with the sections "+strings.Join(sectionTitles, " · "))
	for _, name := range s.names() {
		want(s.in(name), "write the stub, or take the name out of files in kata.toml")
		for _, v := range s.solutions() {
			want(path.Join(v.folder, name), "write it: a solution replaces every file of the stub")
		}
	}
	if len(s.names()) == 0 {
		want(s.in(s.id.Slug()+".go"), "write the stub")
	}
	if len(s.hidden()) == 0 {
		want(s.in(s.id.Slug()+"_test.go"), "write the hidden tests, package "+s.id.Slug()+"_test")
	}
	return faults
}

// allowed says what may lie in a kata's two folders beside the learner's files, as patterns of package path. What
// begins with a dot or an underscore the go command and embed leave out.
var allowed = struct{ files, folders, replacements []string }{
	files: []string{
		"katas/*/*/kata.toml", "katas/*/*/README.md", "katas/*/*/[a-zA-Z]*_test.go",
		"solutions/*/*/testdata/equivalent.toml",
	},
	folders: []string{
		"katas/*/*", "solutions/*/*", "solutions/*/*/testdata",
		"solutions/*/*/testdata/right", "solutions/*/*/testdata/right/[a-zA-Z]*",
		"solutions/*/*/testdata/wrong", "solutions/*/*/testdata/wrong/[a-zA-Z]*",
	},
	// replacements are the folders that hold the learner's files, each in one form.
	replacements: []string{
		"katas/*/*", "solutions/*/*", "solutions/*/*/testdata/right/[a-zA-Z]*", "solutions/*/*/testdata/wrong/[a-zA-Z]*",
	},
}

func checkStray(s *subject) []Fault {
	var faults []Fault
	within := "" // a stray folder is told of once, not file by file
	for _, e := range s.entries {
		if within != "" && strings.HasPrefix(e.path, within) {
			continue
		}
		within = ""
		if s.belongs(e) {
			continue
		}
		what, hint := "is no file of a kata", "rm "+e.path
		if e.mode.IsDir() {
			within = e.path + "/"
			what, hint = "is no folder of a kata", "rm -r "+e.path
		}
		faults = append(faults, Fault{File: e.path, What: what, Hint: hint})
	}
	return faults
}

// belongs reports whether an entry has its place in a kata. A link is judged by its name.
func (s *subject) belongs(e entry) bool {
	if e.mode.IsDir() {
		return matches(allowed.folders, e.path)
	}
	if e.mode&fs.ModeSymlink != 0 && matches(allowed.folders, e.path) {
		return true // the rule on links says enough
	}
	return matches(allowed.files, e.path) || slices.Contains(s.names(), path.Base(e.path)) && matches(allowed.replacements, path.Dir(e.path))
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name) // the patterns are good
		return ok
	})
}
