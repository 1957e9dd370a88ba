package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"path"
	"strings"
	"text/template"

	"github.com/python-concurrency/kata/runner/kata"
)

//go:embed template
var embedded embed.FS

var templates = template.Must(template.New("").Option("missingkey=error").ParseFS(embedded, "template/*.tmpl"))

// parts are the files of a new kata: from which template, where, and what goes there in one phrase.
var parts = []struct{ template, path, about string }{
	{"kata.toml.tmpl", "katas/ID/kata.toml", "title, order, difficulty, Python, hints"},
	{"README.md.tmpl", "katas/ID/README.md", "what the learner reads, in six sections"},
	{"stub.go.tmpl", "katas/ID/SLUG.go", "the stub: specifies, compiles, fails its tests"},
	{"hidden_test.go.tmpl", "katas/ID/SLUG_test.go", "the hidden tests, each through one lens"},
	{"solution.go.tmpl", "solutions/ID/SLUG.go", "the reference solution"},
	{"right_channel.go.tmpl", "solutions/ID/testdata/right/channel/SLUG.go", "a right one of another shape"},
	{"wrong_sequential.go.tmpl", "solutions/ID/testdata/wrong/sequential/SLUG.go", "wrong, for its timing"},
	{"wrong_unlocked.go.tmpl", "solutions/ID/testdata/wrong/unlocked/SLUG.go", "wrong, for a data race"},
	{"wrong_unordered.go.tmpl", "solutions/ID/testdata/wrong/unordered/SLUG.go", "wrong, for what it returns"},
	{"wrong_leftbehind.go.tmpl", "solutions/ID/testdata/wrong/leftbehind/SLUG.go", "wrong, for a leak: four at least"},
}

// aboutModule is what Lay changes in go.mod.
const aboutModule = "leaves the new track out of ./..."

// About is what goes into a file that Lay returned, in one phrase.
func About(id kata.ID, file string) string {
	for _, part := range parts {
		if place(part.path, id) == file {
			return part.about
		}
	}
	return aboutModule
}

func place(pattern string, id kata.ID) string {
	return strings.NewReplacer("ID", string(id), "SLUG", id.Slug()).Replace(pattern)
}

// rendered is a file as it is laid; its path is named from the repository's root.
type rendered struct {
	path string
	text []byte
}

func render(id kata.ID, order int) ([]rendered, error) {
	values := map[string]any{"Track": id.Track(), "Slug": id.Slug(), "Order": order}
	var files []rendered
	for _, part := range parts {
		var out bytes.Buffer
		if err := templates.ExecuteTemplate(&out, part.template, values); err != nil {
			return nil, err
		}
		text := out.Bytes()
		if strings.HasSuffix(part.path, ".go") {
			var err error // where the import of the kata stands depends on its name
			if text, err = format.Source(text); err != nil {
				return nil, fmt.Errorf("%s: %w", path.Base(part.template), err)
			}
		}
		files = append(files, rendered{place(part.path, id), text})
	}
	return files, nil
}
