package verify_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/runner/catalog"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/mutation"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// solution is what the mutants are made of. The judge below kills those that touch its line 4.
const solution = `package p

func Max(a, b int) int {
	if a > b {
		return a
	}
	return b
}
`

// judge grades by words in the source: "kind:race" fails with that kind, "flaky" fails for seed 3, "broken" cannot be
// graded, "no go" cannot be built.
type judge struct{}

type built struct{ source string }

func (judge) Prepare(_ context.Context, _ kata.Kata, files map[string][]byte) (verify.Built, error) {
	source := string(files["p.go"])
	if strings.Contains(source, "no go") {
		return nil, errors.New("no go command on PATH")
	}
	return built{source}, nil
}

func (b built) Close() {}

func (b built) Same(other verify.Built) bool {
	return strings.ReplaceAll(b.source, ">=", ">") == other.(built).source
}

func (b built) Grade(_ context.Context, c verify.Conditions) verdict.Verdict {
	if strings.Contains(b.source, "broken") {
		return verdict.Verdict{Status: verdict.Error, Problem: &verdict.Problem{What: "no space left"}}
	}
	kind := ""
	if _, rest, ok := strings.Cut(b.source, "kind:"); ok {
		kind, _, _ = strings.Cut(rest, "\n")
	}
	switch {
	case strings.Contains(b.source, "flaky") && c.Seed == 3:
		kind = "deadlock"
	case strings.Contains(b.source, "func Max") && !strings.Contains(b.source, "if a > b {"):
		kind = "wrong"
	case strings.Contains(b.source, "return -b"):
		kind = "compile"
	}
	if kind == "" {
		return verdict.Verdict{Status: verdict.Passed}
	}
	return verdict.Verdict{Status: verdict.Failed, Findings: []verdict.Finding{{Kind: verdict.Kind(kind), Test: "TestMax", Title: "not so"}}}
}

func file(source string) map[string][]byte { return map[string][]byte{"p.go": []byte(source)} }

// subject is a sound kata, but for the mutants that nobody kills.
func subject() verify.Subject {
	return verify.Subject{
		Kata:     kata.Kata{ID: "track/p", Stub: file("package p // kind:wrong\n")},
		Solution: file(solution),
		Variants: []catalog.Variant{
			{Name: "other", Right: true, Files: file("package p")},
			{Name: "racy", Kind: verdict.Race, Files: file("package p // kind:race\n")},
		},
	}
}

func certify(t *testing.T, s verify.Subject) verify.Certificate {
	t.Helper()
	calls := 0
	c, err := verify.Run(context.Background(), judge{}, s, verify.Options{Runs: 8, Parallel: 3, Progress: func(done, all int) {
		calls++
		require.Equal(t, calls, done)
		require.LessOrEqual(t, done, all)
	}})
	require.NoError(t, err)
	return c
}

// marks marks every mutant that survives.
func marks(t *testing.T, s verify.Subject) mutation.Equivalents {
	t.Helper()
	var toml strings.Builder
	seen := make(map[string]bool)
	for _, m := range certify(t, s).Mutants.Survivors {
		operator, _, _ := strings.Cut(m.ID, " ")
		if key := operator + m.Code; !seen[key] {
			seen[key] = true
			toml.WriteString("[[mutant]]\noperator = \"" + operator + "\"\ncode = '" + m.Code + "'\nreason = \"the judge is blind\"\n")
		}
	}
	marked, err := mutation.ParseEquivalents([]byte(toml.String()))
	require.NoError(t, err)
	return marked
}

func TestASoundKata(t *testing.T) {
	s := subject()
	s.Equivalents = marks(t, s)
	c := certify(t, s)
	require.True(t, c.Sound, "%+v", c)
	require.Equal(t, 8, c.Right[0].Held)
	require.Equal(t, 8, c.Right[1].Held)
	require.Equal(t, "race", c.Wrong[0].Want)
	require.Equal(t, 8, c.Wrong[0].Held)
	require.Positive(t, c.Mutants.Killed)
	require.Positive(t, c.Mutants.Same, "a > b and a >= b are the same to the judge")
	require.NotEmpty(t, c.Mutants.Marked)
	require.Equal(t, c.Mutants.Made, c.Mutants.Killed+c.Mutants.Stillborn+c.Mutants.Same+len(c.Mutants.Marked))
}

func TestWhatIsNotSound(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*verify.Subject)
		shows func(t *testing.T, c verify.Certificate)
	}{
		"a fault of form": {
			func(s *verify.Subject) { s.Form = []verify.Fault{{Rule: "readme", What: "no README"}} },
			func(t *testing.T, c verify.Certificate) { require.Len(t, c.Form, 1) },
		},
		"a stub that passes": {
			func(s *verify.Subject) { s.Kata.Stub = file("package p") },
			func(t *testing.T, c verify.Certificate) { require.Zero(t, c.Stub.Held) },
		},
		"a stub that does not compile": {
			func(s *verify.Subject) { s.Kata.Stub = file("package p // kind:compile\n") },
			func(t *testing.T, c verify.Certificate) { require.Equal(t, "compile", c.Stub.Missed[0].Got) },
		},
		"a stub that only panics": {
			func(s *verify.Subject) { s.Kata.Stub = file("package p // kind:panic\n") },
			func(t *testing.T, c verify.Certificate) { require.Equal(t, "panic", c.Stub.Missed[0].Got) },
		},
		"a right one that fails now and then": {
			func(s *verify.Subject) { s.Variants[0].Files = file("package p // flaky\n") },
			func(t *testing.T, c verify.Certificate) {
				require.Equal(t, 7, c.Right[1].Held)
				require.EqualValues(t, 3, c.Right[1].Missed[0].Conditions.Seed)
				require.Equal(t, "failed", c.Right[1].Missed[0].Got)
			},
		},
		"a wrong one that fails for another reason": {
			func(s *verify.Subject) { s.Variants[1].Files = file("package p // kind:wrong\n") },
			func(t *testing.T, c verify.Certificate) {
				require.Equal(t, 3, c.Wrong[0].Runs, "it is not run on and on")
				require.Equal(t, "wrong: not so", c.Wrong[0].Missed[0].Title)
			},
		},
		"a wrong one that passes": {
			func(s *verify.Subject) { s.Variants[1].Files = file("package p") },
			func(t *testing.T, c verify.Certificate) { require.Equal(t, "passed", c.Wrong[0].Missed[0].Got) },
		},
		"a mutant that survives": {
			func(s *verify.Subject) { s.Equivalents = mutation.Equivalents{} },
			func(t *testing.T, c verify.Certificate) { require.NotEmpty(t, c.Mutants.Survivors) },
		},
		"a mark that fits nothing": {
			func(s *verify.Subject) {
				s.Equivalents, _ = mutation.ParseEquivalents([]byte("[[mutant]]\noperator = \"drop-stop\"\ncode = \"gone\"\nreason = \"x\"\n"))
			},
			func(t *testing.T, c verify.Certificate) { require.Len(t, c.Mutants.Stale, 1) },
		},
		"a machine without go": {
			func(s *verify.Subject) { s.Variants[0].Files = file("no go") },
			func(t *testing.T, c verify.Certificate) { require.Contains(t, c.Problem, "no go command") },
		},
		"a machine that breaks down": {
			func(s *verify.Subject) { s.Variants[0].Files = file("broken") },
			func(t *testing.T, c verify.Certificate) { require.Contains(t, c.Problem, "no space left") },
		},
		"a solution that does not parse": {
			func(s *verify.Subject) { s.Solution = file("package p\nfunc {") },
			func(t *testing.T, c verify.Certificate) { require.Contains(t, c.Problem, "mutants") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := subject()
			s.Equivalents = marks(t, s)
			c.spoil(&s)
			certificate := certify(t, s)
			require.False(t, certificate.Sound)
			c.shows(t, certificate)
		})
	}
}

func TestAnInterruptIsNoCertificate(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := verify.Run(ctx, judge{}, subject(), verify.Options{Runs: 1000, Parallel: 2, Progress: func(int, int) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}
