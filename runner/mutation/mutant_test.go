package mutation_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/mutation"
)

// ids are the names of all mutants of a solution, in their order.
func ids(t *testing.T, files map[string]string) []string {
	t.Helper()
	texts := map[string][]byte{}
	for name, text := range files {
		texts[name] = []byte(text)
	}
	mutants, err := mutation.Mutants(texts, nil)
	require.NoError(t, err)
	sound(t, texts, mutants)
	var list []string
	for _, m := range mutants {
		list = append(list, m.ID())
	}
	return list
}

func TestMutantsComeInOrder(t *testing.T) {
	require.Equal(t, []string{
		"drop-close a.go:4",
		"close-twice b.go:3",
		"drop-close b.go:3",
		"negate-condition b.go:4",
		"negate-condition b.go:4#2",
		"negate-condition b.go:4#3",
		"swap-logic b.go:4",
		"zero-result b.go:4",
	}, ids(t, map[string]string{
		"b.go": "package p\n\nfunc end(c chan int) { close(c) }\nfunc both(a, b bool) bool { return a && b }\n",
		"a.go": "package p\n\nfunc ends() {\n\tclose(open())\n}\n\nfunc open() (c chan int) { return }\n",
	}))
}

func TestAMutantThatTwoOperatorsMakeIsOfConcurrency(t *testing.T) {
	list := ids(t, map[string]string{"a.go": "package p\n\nfunc end(c chan int) { close(c) }\n"})
	require.Equal(t, []string{"close-twice a.go:3", "drop-close a.go:3"}, list)
}

// TestFilesAreReadTogether has types and variables of one file used in another.
func TestFilesAreReadTogether(t *testing.T) {
	require.Contains(t, ids(t, map[string]string{
		"a.go": "package p\n\nimport \"sync\"\n\ntype Box struct{ changed sync.Cond }\n",
		"b.go": "package p\n\nfunc (b *Box) Wake() { b.changed.Broadcast() }\n",
	}), "signal-for-broadcast b.go:3")
}

// TestWhatIsLeftUnusedIsMended drops the only use of each variable and import.
func TestWhatIsLeftUnusedIsMended(t *testing.T) {
	for name, test := range map[string]struct{ before, operator, after string }{
		"variable": {
			"package p\n\nfunc f(c chan int) {\n\tn := 1\n\tc <- n\n}\n", "drop-send",
			"package p\n\nfunc f(c chan int) {\n\tn := 1; _ = n\n\n}\n"},
		"declared by var": {
			"package p\n\nfunc f(c chan int) {\n\tvar n int\n\tc <- n\n}\n", "drop-send",
			"package p\n\nfunc f(c chan int) {\n\tvar n int; _ = n\n\n}\n"},
		"of a loop": {
			"package p\n\nfunc f(c chan int) {\n\tfor _, n := range []int{1} {\n\t\tc <- n\n\t}\n}\n", "drop-send",
			"package p\n\nfunc f(c chan int) {\n\tfor _, n := range []int{1} { _ = n;\n\n\t}\n}\n"},
		"of an if": {
			"package p\n\nfunc f(c, d chan int) {\n\tif n, ok := <-d; ok {\n\t\tc <- n\n\t}\n}\n", "drop-send",
			"package p\n\nfunc f(c, d chan int) {\n\tif n, ok := <-d; ok { _ = n;\n\n\t}\n}\n"},
		"of a case": {
			"package p\n\nfunc f(c, d chan int) {\n\tselect {\n\tcase n := <-d:\n\t\tc <- n\n\t}\n}\n", "drop-send",
			"package p\n\nfunc f(c, d chan int) {\n\tselect {\n\tcase n := <-d: _ = n;\n\n\t}\n}\n"},
		"of a type that is not known": {
			"package p\n\nimport \"net/url\"\n\nfunc f(c chan *url.URL) {\n\tu := &url.URL{}\n\tc <- u\n}\n", "drop-send",
			"package p\n\nimport \"net/url\"\n\nfunc f(c chan *url.URL) {\n\tu := &url.URL{}; _ = u\n\n}\n"},
		"import": {
			"package p\n\nimport (\n\t\"slices\"\n\tr \"math/rand/v2\"\n)\n\nfunc f(list []int) []int { return slices.Sorted(r.Perm(2)) }\n", "zero-result",
			"package p\n\nimport (\n\t_ \"slices\"\n\t_ \"math/rand/v2\"\n)\n\nfunc f(list []int) []int { return nil }\n"},
	} {
		t.Run(name, func(t *testing.T) {
			mutants, err := mutation.Mutants(map[string][]byte{"a.go": []byte(test.before)}, nil)
			require.NoError(t, err)
			var texts []string
			for _, m := range mutants {
				if m.Operator == test.operator {
					texts = append(texts, string(m.Files["a.go"]))
				}
			}
			require.Equal(t, []string{test.after}, texts)
		})
	}
}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	mutants, err := mutation.Mutants(map[string][]byte{"a.go": []byte("package p\n//line b.go:100\nfunc end(c chan int) {\n\tdefer close(c) // end\n}\n")}, nil)
	require.NoError(t, err)
	require.NotEmpty(t, mutants)
	require.Equal(t, "a.go", mutants[0].File)
	require.Equal(t, 4, mutants[0].Line)
	require.Equal(t, "defer close(c) // end", mutants[0].Code)
}

func TestFilesThatDoNotParse(t *testing.T) {
	_, err := mutation.Mutants(map[string][]byte{"a.go": []byte("package p\n"), "b.go": []byte("package p\nfunc\n")}, nil)
	require.ErrorContains(t, err, "mutate b.go:2:6: expected")
}

func TestASolutionWithNothingToChange(t *testing.T) {
	require.Empty(t, ids(t, nil))
	require.Empty(t, ids(t, map[string]string{"a.go": "package p\n\ntype T struct{}\n"}))
}

// TestWhatTheStubGivesIsLeftAlone: a learner who leaves it as it is has not written it.
func TestWhatTheStubGivesIsLeftAlone(t *testing.T) {
	const head = "package p\n\ntype Q struct{ n int }\n\n"
	given := "// Len is given.\nfunc (q *Q) Len() int { return q.n + 1 }\n"
	solution := map[string][]byte{"a.go": []byte(head + "// Len was given.\nfunc (q *Q) Len() int { return q.n + 1 }\n\nfunc (q *Q) Put() { q.n += 2 }\n")}
	lines := func(stub string) (all []int) {
		mutants, err := mutation.Mutants(solution, map[string][]byte{"a.go": []byte(stub)})
		require.NoError(t, err)
		for _, m := range mutants {
			if !slices.Contains(all, m.Line) {
				all = append(all, m.Line)
			}
		}
		return all
	}
	require.Equal(t, []int{8}, lines(head+given+"\nfunc (q *Q) Put() {}\n"))
	require.Equal(t, []int{6, 8}, lines(head+"func (q *Q) Len() int { return 0 }\n\nfunc (q *Q) Put() {}\n"), "it was the learner's to write")
	require.Equal(t, []int{6, 8}, lines("no Go"))
}
