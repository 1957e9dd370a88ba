package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatLeadsToAForeignVariableIsNotWritten: by whatever way the write takes, it begins at the variable's name.
func TestWhatLeadsToAForeignVariableIsNotWritten(t *testing.T) {
	for name, statement := range map[string]string{
		"a field":               "unicode.Letter.LatinOffset = 0",
		"an element":            "unicode.Letter.R16[0].Lo = 1",
		"a key":                 "unicode.Scripts[\"Latin\"] = nil",
		"behind a pointer":      "*time.UTC = *time.Local",
		"in parentheses":        "*((time.UTC)) = *time.Local",
		"counted up":            "unicode.Letter.R16[0].Lo++",
		"added to":              "unicode.Letter.LatinOffset += 1",
		"by a loop's value":     "for _, unicode.Letter.R16[0].Lo = range []uint16{1} {}",
		"by a select":           "select { case io.EOF = <-make(chan error): default: }",
		"by delete":             "delete(unicode.Scripts, \"Latin\")",
		"by clear":              "clear(unicode.Scripts)",
		"by copy":               "copy(unicode.Letter.R16, unicode.Digit.R16)",
		"by append":             "_ = append(unicode.Letter.R16[:0], unicode.Range16{})",
		"a pointer to a field":  "p := &unicode.Letter.R16; _ = p",
		"a pointer to an error": "p := &io.EOF; *p = nil",
		"inside of a literal":   "_ = func() { io.EOF = nil }",
	} {
		found := check("package demo\nimport (\"io\"; \"time\"; \"unicode\")\nvar _, _, _ = io.EOF, time.UTC, unicode.Letter\nfunc f() {\n" + statement + "\n}\n")
		require.NotEmpty(t, found, name)
		require.Equal(t, "assignment", found[0].Rule, name)
		require.Equal(t, 5, found[0].Line, name)
	}
}

// TestWhatIsOnlyReadIsLetThrough: values of others are read, copied and handed on.
func TestWhatIsOnlyReadIsLetThrough(t *testing.T) {
	require.Empty(t, check(`package demo

import (
	"context"
	"io"
	"time"
)

type box struct{ err error; at map[error]int }

func f(b *box, io2 []error) {
	b.err = io.EOF
	io2[0] = context.Canceled
	b.at[io.EOF] = 1
	io2 = append(io2, io.EOF)
	_ = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	_ = &time.Time{}
	delete(b.at, io.EOF)
	for b.err = range b.at {
	}
}
`))
}
