package mutation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

// gate has two lines that are the same, so that their mutants have operator and code in common.
const gate = `package gate

import "sync"

type Gate struct {
	changed *sync.Cond
	open    bool
}

func (g *Gate) Open() {
	g.open = true
	g.changed.Broadcast()
}

func (g *Gate) Close() {
	g.open = false
	g.changed.Broadcast()
}
`

func TestReasonsOfEquivalents(t *testing.T) {
	for name, test := range map[string]struct {
		toml    string
		reasons []string // of the two signal-for-broadcast mutants
		unused  []string
	}{
		"none": {"", []string{"", ""}, nil},
		"all": {entry("signal-for-broadcast", "g.changed.Broadcast()", ""),
			[]string{"because", "because"}, nil},
		"the first": {entry("signal-for-broadcast", "g.changed.Broadcast()", "count = 1"),
			[]string{"because", ""}, nil},
		"more than there are": {entry("signal-for-broadcast", "g.changed.Broadcast()", "count = 3"),
			[]string{"because", "because"}, []string{`signal-for-broadcast of "g.changed.Broadcast()": covers 2 mutants, not 3`}},
		"another code": {entry("signal-for-broadcast", "g.changed.Signal()", ""),
			[]string{"", ""}, []string{`signal-for-broadcast of "g.changed.Signal()": covers 0 mutants, not 1`}},
		"another operator": {entry("drop-close", "g.changed.Broadcast()", ""),
			[]string{"", ""}, []string{`drop-close of "g.changed.Broadcast()": covers 0 mutants, not 1`}},
		"two entries": {entry("drop-wakeup", "g.changed.Broadcast()", "") + entry("signal-for-broadcast", "g.changed.Broadcast()", "count = 2"),
			[]string{"because", "because"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			equivalents, err := mutation.ParseEquivalents([]byte(test.toml))
			require.NoError(t, err)
			mutants, err := mutation.Mutants(map[string][]byte{"gate.go": []byte(gate)}, nil)
			require.NoError(t, err)
			var reasons []string
			for _, m := range mutants {
				if m.Operator == "signal-for-broadcast" {
					reason, listed := equivalents.Reason(m)
					require.Equal(t, reason != "", listed)
					reasons = append(reasons, reason)
				}
			}
			require.Equal(t, test.reasons, reasons)
			require.Equal(t, test.unused, equivalents.Unused(mutants))
		})
	}
}

func entry(operator, code, count string) string {
	return "[[mutant]]\noperator = \"" + operator + "\"\ncode = \"" + code + "\"\n" + count + "\nreason = \"because\"\n\n"
}

func TestEquivalentsThatAreNotWhole(t *testing.T) {
	good := entry("drop-close", "close(c)", "") // six lines
	for name, test := range map[string]struct{ toml, says string }{
		"broken":           {good + "[[mutant]]\noperator = \n", "equivalent.toml: toml: line 8"},
		"unknown key":      {good + "[[mutant]]\noperator = \"drop-close\"\ncolour = 1\n", `line 9: unknown key "mutant.colour"`},
		"unknown table":    {good + "[mutants]\n", `line 7: unknown key "mutants"`},
		"unknown operator": {good + entry("drop-clos", "close(d)", ""), `line 7: unknown operator "drop-clos"`},
		"no operator":      {"[[mutant]]\ncode = \"close(d)\"\nreason = \"because\"\n", "line 1: operator is missing"},
		"no code":          {good + entry("drop-close", " ", ""), "line 7: code is missing"},
		"no reason":        {good + "# a comment\n\n[[mutant]]\noperator = \"drop-close\"\ncode = \"close(d)\"\n", "line 9: reason is missing"},
		"blank reason":     {"[[mutant]]\noperator = \"drop-close\"\ncode = \"x\"\nreason = \" \"\n", "line 1: reason is missing"},
		"count of nothing": {entry("drop-close", "close(d)", "count = 0"), "line 1: count is 0"},
		"count below":      {entry("drop-close", "close(d)", "count = -1"), "line 1: count is -1"},
		"count of letters": {entry("drop-close", "close(d)", `count = "x"`), "line 4"},
		"twice":            {good + good, `line 7: a second entry for drop-close of "close(c)"`},
		"a header in a text": {"[[mutant]]\noperator = \"drop-close\"\ncode = \"x\"\nreason = \"\"\"\n[[mutant]]\n[[mutant]]\n\"\"\"\n[[mutant]]\n",
			"line 8: operator is missing"},
		"in one line": {"mutant = [\n{operator = \"drop-close\", code = \"x\", reason = \"r\"},\n{operator = \"drop-close\", code = \"y\"}]\n", "line 3: reason is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mutation.ParseEquivalents([]byte(test.toml))
			require.ErrorContains(t, err, test.says)
		})
	}
}

func FuzzParseEquivalents(f *testing.F) {
	f.Add([]byte(entry("drop-close", "close(c)", "count = 1")))
	f.Add([]byte("[[mutant]]\ncolour = 1\n"))
	f.Add([]byte("mutant = [{operator = \"drop-close\"}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if equivalents, err := mutation.ParseEquivalents(data); err == nil {
			equivalents.Unused(nil)
		} else {
			require.NotContains(t, err.Error(), "equivalent.toml: line 0")
		}
	})
}
