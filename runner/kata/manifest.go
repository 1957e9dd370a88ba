package kata

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Manifest is kata.toml: what a kata says of itself.
type Manifest struct {
	Title   string `toml:"title"`
	Summary string `toml:"summary"`
	Track   string `toml:"track"`
	// Order places the kata in the whole curriculum; lower comes first, unique.
	Order int `toml:"order"`
	// Difficulty is 1 (easy) to 5 (hard).
	Difficulty int `toml:"difficulty"`
	// Python names the modules and libraries it stands for.
	Python []string `toml:"python"`
	// Files are the learner's files; a submission is taken from these and nothing else.
	Files []string `toml:"files"`
	// Imports it may use beyond the base set.
	Imports []string `toml:"imports"`
	// Hints from the gentlest to the plainest; at least three.
	Hints  []string `toml:"hints"`
	Limits Limits   `toml:"limits"`
	// Aliases are other names a learner may type: a slug, or a whole id that the kata could not have.
	Aliases []string `toml:"aliases"`
}

// Limits are the outer bounds of a grading run. They protect the machine and decide nothing about a right
// solution; zero means the default.
type Limits struct {
	// WallSeconds is the outer wall-clock limit of the whole run; default 60.
	WallSeconds int `toml:"wall_seconds"`
	// MemoryMB is the limit of resident memory of the process tree; default 1024.
	MemoryMB int `toml:"memory_mb"`
	// OutputKB is how much the submission may print; default 1024.
	OutputKB int `toml:"output_kb"`
	// Processes is how many processes may live at once, the test's own included; default 1.
	Processes int `toml:"processes"`
}

// Wall is the outer wall-clock limit.
func (l Limits) Wall() time.Duration { return time.Duration(or(l.WallSeconds, 60)) * time.Second }

// Memory is the limit of resident memory, in bytes.
func (l Limits) Memory() int64 { return int64(or(l.MemoryMB, 1024)) << 20 }

// Output is the limit of printed bytes.
func (l Limits) Output() int64 { return int64(or(l.OutputKB, 1024)) << 10 }

// MaxProcesses is how many processes may live at once.
func (l Limits) MaxProcesses() int { return or(l.Processes, 1) }

func or(n, fallback int) int {
	if n == 0 {
		return fallback
	}
	return n
}

// ParseManifest reads kata.toml and holds it to its rules. An error says which key, and the line where TOML
// itself is broken.
func ParseManifest(data []byte) (Manifest, error) {
	var m Manifest
	meta, err := toml.Decode(string(data), &m)
	if err != nil {
		return Manifest{}, fmt.Errorf("kata.toml: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Manifest{}, fmt.Errorf("kata.toml: unknown key %q (known: %s)", unknown[0].String(), knownKeys)
	}
	for _, rule := range manifestRules {
		if !rule.holds(m) {
			return Manifest{}, fmt.Errorf("kata.toml: %s", rule.says)
		}
	}
	return m, nil
}

const knownKeys = "title, summary, track, order, difficulty, python, files, imports, hints, limits, aliases"

// manifestRules are what every manifest must keep, each with the sentence its author reads.
var manifestRules = []struct {
	says  string
	holds func(Manifest) bool
}{
	{"title is missing", func(m Manifest) bool { return m.Title != "" }},
	{"summary is missing", func(m Manifest) bool { return m.Summary != "" }},
	{"track must match [a-z][a-z0-9]*", func(m Manifest) bool { return nameRule.MatchString(m.Track) }},
	{"order must be 1 or more", func(m Manifest) bool { return m.Order >= 1 }},
	{"difficulty must be 1 to 5", func(m Manifest) bool { return m.Difficulty >= 1 && m.Difficulty <= 5 }},
	{"python must name what the kata stands for", func(m Manifest) bool { return len(m.Python) > 0 }},
	{"files must name the learner's files, plain .go names that are no tests", func(m Manifest) bool { return len(m.Files) > 0 && all(m.Files, plainGoFile) }},
	{"hints must be three or more, none of them empty", func(m Manifest) bool { return len(m.Hints) >= 3 && all(m.Hints, notBlank) }},
	{"limits must not be negative", func(m Manifest) bool {
		l := m.Limits
		return min(l.WallSeconds, l.MemoryMB, l.OutputKB, l.Processes) >= 0
	}},
	{"aliases must match [a-z][a-z0-9]*, or be two such names with a slash", func(m Manifest) bool { return all(m.Aliases, aliasRule.MatchString) }},
}

func plainGoFile(name string) bool {
	return path.Base(name) == name && strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") &&
		!strings.HasPrefix(name, "_") && !strings.HasPrefix(name, ".") && !strings.ContainsAny(name, `\:`)
}

func notBlank(s string) bool { return strings.TrimSpace(s) != "" }

func all(list []string, holds func(string) bool) bool {
	for _, s := range list {
		if !holds(s) {
			return false
		}
	}
	return true
}
