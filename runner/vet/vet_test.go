package vet_test

import (
	"go/importer"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/vet"
)

func inspect(t *testing.T, source string) []verdict.Note {
	t.Helper()
	notes, err := vet.Inspect("example/count", map[string][]byte{"count.go": []byte("package count\n\n" + source)}, importer.Default())
	require.NoError(t, err)
	return notes
}

func TestEachCheckSpeaks(t *testing.T) {
	for rule, source := range map[string]string{
		"copylocks":  "import \"sync\"\n\ntype C struct{ mu sync.Mutex }\n\nfunc Get(c *C) C { return *c }\n",
		"lostcancel": "import \"context\"\n\nfunc F(ctx context.Context) {\n\tctx, _ = context.WithCancel(ctx)\n\t<-ctx.Done()\n}\n",
		"waitgroup":  "import \"sync\"\n\nfunc F() {\n\tvar wg sync.WaitGroup\n\tgo func() {\n\t\twg.Add(1)\n\t\tdefer wg.Done()\n\t}()\n\twg.Wait()\n}\n",
		"atomic":     "import \"sync/atomic\"\n\nvar n int64\n\nfunc F() {\n\tn = atomic.AddInt64(&n, 1)\n}\n",
	} {
		t.Run(rule, func(t *testing.T) {
			notes := inspect(t, source)
			require.Len(t, notes, 1)
			require.Equal(t, rule, notes[0].Rule)
			require.Equal(t, "count.go", notes[0].File)
			require.Greater(t, notes[0].Line, 3)
			require.NotEmpty(t, notes[0].Title)
			require.NotEmpty(t, notes[0].Explain)
		})
	}
}

func TestWhatIsInOrderGetsNoNote(t *testing.T) {
	require.Empty(t, inspect(t, `import (
	"context"
	"sync"
	"sync/atomic"
)

type C struct {
	mu sync.Mutex
	n  atomic.Int64
}

func F(ctx context.Context, c *C) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { c.n.Add(1) })
	wg.Wait()
	<-ctx.Done()
}
`))
}

func TestNotesComeByLine(t *testing.T) {
	notes := inspect(t, "import (\n\t\"context\"\n\t\"sync\"\n)\n\nfunc F(ctx context.Context) {\n\tctx, _ = context.WithCancel(ctx)\n\t<-ctx.Done()\n}\n\nfunc G(mu sync.Mutex) {}\n")
	require.Len(t, notes, 2)
	require.Equal(t, []string{"lostcancel", "copylocks"}, []string{notes[0].Rule, notes[1].Rule})
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	for name, source := range map[string]string{"no Go": "package", "no sound types": "package count\n\nvar n int = \"\"\n"} {
		_, err := vet.Inspect("example/count", map[string][]byte{"count.go": []byte(source)}, importer.Default())
		require.ErrorContains(t, err, "vet example/count", name)
	}
}
