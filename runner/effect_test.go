package runner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const counts = "package a\n\nimport \"sync\"\n\nvar mu sync.Mutex\n\nfunc Count() int { return help() }\n\nfunc help() int { return 1 }\n"

func named(t *testing.T, source string) string {
	t.Helper()
	key, ok := effect(map[string][]byte{"a.go": []byte(source)})
	require.True(t, ok)
	return key
}

func TestWhatChangesNothingHasTheSameEffect(t *testing.T) {
	want := named(t, counts)
	for name, source := range map[string]string{
		"a comment":           "// Package a counts.\n" + counts,
		"white space":         "package a\nimport \"sync\"\nvar mu     sync.Mutex\nfunc  Count()  int { return  help() }\nfunc help() int { return 1 }",
		"a dead function":     counts + "\nfunc unused() int { return 1 }\n",
		"two dead functions":  counts + "\nfunc unused() int { return 1 }\n\nfunc another() {}\n",
		"one in the middle":   "package a\n\nimport \"sync\"\n\nfunc between() {}\n\nvar mu sync.Mutex\n\nfunc Count() int { return help() }\n\nfunc help() int { return 1 }\n",
		"a semicolon instead": "package a; import \"sync\"; var mu sync.Mutex; func Count() int { return help() }; func help() int { return 1 }",
	} {
		require.Equal(t, want, named(t, source), name)
	}
}

func TestWhatMayChangeSomethingHasAnother(t *testing.T) {
	want := named(t, counts)
	for name, source := range map[string]string{
		"a constant":             "package a\n\nimport \"sync\"\n\nvar mu sync.Mutex\n\nfunc Count() int { return help() }\n\nfunc help() int { return 2 }\n",
		"an init function":       counts + "\nfunc init() { mu.Lock() }\n",
		"a variable":             counts + "\nvar x = help()\n",
		"an exported function":   counts + "\nfunc Another() {}\n",
		"a method":               counts + "\ntype t int\n\nfunc (t) String() string { return \"\" }\n",
		"a function with a user": counts + "\nfunc used() int { return 1 }\n\nvar x = used()\n",
		"a string's white space": counts + "\nvar s = \"a  b\"\n",
		"another string":         counts + "\nvar s = \"a b\"\n",
	} {
		require.NotEqual(t, want, named(t, source), name)
	}
}

func TestAProgramThatSeesItsLinesIsTakenAsItStands(t *testing.T) {
	for _, source := range []string{
		"package a\n\nimport \"runtime\"\n\nvar x = runtime.NumCPU()\n", "package a\n\nimport \"log/slog\"\n\nvar x = slog.Default()\n", "package a\n\nimport \"runtime/debug\"\n\nvar x = debug.Stack()\n", "package a\nfunc {",
	} {
		_, ok := effect(map[string][]byte{"a.go": []byte(source)})
		require.False(t, ok)
	}
}
