package wire_test

import (
	"bufio"
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab/wire"
)

var full = wire.Record{
	Event: wire.Found, Test: "TestMap", Kind: "timing", Title: "took 5s, must take 1s", Explain: "one after another",
	Want: "1s", Got: "5s", At: "pool_test.go:12", Stack: "goroutine 1 [running]:\nmain.main()\n", Failed: true,
	Races: 3, N: 1, Of: 4, Exhaustive: true, Nanos: 17, Spans: []wire.Span{{Lane: "task 1", Start: 0, End: -1}, {Lane: "a\x00b", Start: 5, End: 9}},
}

func TestRecordsComeBackAsTheyWent(t *testing.T) {
	buf := wire.Append(wire.Append(nil, full), wire.Record{Event: wire.End, Test: "TestMap"})
	r := bufio.NewReader(bytes.NewReader(buf))
	first, err := wire.Read(r)
	require.NoError(t, err)
	require.Equal(t, full, first)
	second, err := wire.Read(r)
	require.NoError(t, err)
	require.Equal(t, wire.Record{Event: wire.End, Test: "TestMap"}, second)
	_, err = wire.Read(r)
	require.Equal(t, io.EOF, err)
}

func TestEveryTornEndIsNamed(t *testing.T) {
	buf := wire.Append(nil, full)
	for cut := 1; cut < len(buf); cut++ {
		_, err := wire.Read(bytes.NewReader(buf[:cut]))
		require.ErrorIs(t, err, wire.ErrTorn, "cut at %d of %d", cut, len(buf))
	}
}

func TestBytesThatAreNoRecordAreRefused(t *testing.T) {
	for name, in := range map[string][]byte{
		"too few fields":  {1, 1, 'x'},
		"an endless size": append([]byte{15}, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
		"no numbers":      bytes.Replace(wire.Append(nil, wire.Record{Races: 77}), []byte("77"), []byte("7x"), 1),
	} {
		_, err := wire.Read(bytes.NewReader(in))
		require.Error(t, err, name)
		require.NotErrorIs(t, err, wire.ErrTorn, name)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(wire.Append(nil, full))
	f.Add([]byte("--- PASS: TestMap (0.00s)\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		r, err := wire.Read(bytes.NewReader(in))
		if err != nil {
			return
		}
		again, err := wire.Read(bytes.NewReader(wire.Append(nil, r)))
		require.NoError(t, err)
		require.Equal(t, r, again)
	})
}
