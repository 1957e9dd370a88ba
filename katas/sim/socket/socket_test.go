package socket_test

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/socket"
)

func TestAConnectionNeverBlocks(t *testing.T) {
	here, there := socket.Pair(4)
	buffer := make([]byte, 3)
	_, err := here.Read(buffer)
	require.ErrorIs(t, err, socket.ErrWouldBlock)
	n, err := there.Write([]byte("hello"))
	require.NoError(t, err)
	require.Equal(t, 4, n, "what fits")
	_, err = there.Write([]byte("o"))
	require.ErrorIs(t, err, socket.ErrWouldBlock)
	require.Equal(t, 4, here.Unread())
	n, err = here.Read(buffer)
	require.NoError(t, err)
	require.Equal(t, "hel", string(buffer[:n]))
	n, err = there.Write([]byte("o, world"))
	require.NoError(t, err)
	require.Equal(t, 3, n, "the room that the reader has made")
	n, err = here.Write(nil)
	require.NoError(t, err)
	require.Zero(t, n)
	n, err = here.Read(nil)
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestClose(t *testing.T) {
	here, there := socket.Pair(4)
	_, err := there.Write([]byte("bye"))
	require.NoError(t, err)
	require.NoError(t, there.Close())
	require.ErrorIs(t, there.Close(), socket.ErrClosed)
	require.True(t, there.Closed())
	require.False(t, here.Closed())
	_, err = there.Write([]byte("x"))
	require.ErrorIs(t, err, socket.ErrClosed)
	_, err = there.Read(make([]byte, 1))
	require.ErrorIs(t, err, socket.ErrClosed)
	_, err = here.Write([]byte("x"))
	require.ErrorIs(t, err, socket.ErrBrokenPipe)
	buffer := make([]byte, 8)
	n, err := here.Read(buffer)
	require.NoError(t, err)
	require.Equal(t, "bye", string(buffer[:n]))
	_, err = here.Read(buffer)
	require.ErrorIs(t, err, io.EOF)
	require.Panics(t, func() { socket.Pair(0) })
}

func TestSelectTellsWhatIsReadyInOrder(t *testing.T) {
	a, farA := socket.Pair(1)
	b, farB := socket.Pair(1)
	s := socket.NewSelector()
	s.Register(b, socket.Readable)
	s.Register(a, socket.Readable|socket.Writable)
	require.Equal(t, []socket.Ready{{Conn: a, Events: socket.Writable}}, s.Select(0))
	for _, far := range []*socket.Conn{farA, farB} {
		_, err := far.Write([]byte("x"))
		require.NoError(t, err)
	}
	want := []socket.Ready{{Conn: b, Events: socket.Readable}, {Conn: a, Events: socket.Readable | socket.Writable}}
	require.Equal(t, want, s.Select(-1))
	require.Equal(t, want, s.Select(-1), "a state and not a change")
	require.Equal(t, 3, s.Selects())
	_, err := a.Write([]byte("x"))
	require.NoError(t, err)
	s.Register(a, socket.Writable)
	require.Equal(t, socket.Writable, s.Registered(a))
	s.Unregister(b)
	s.Unregister(b)
	require.Zero(t, s.Registered(b))
	require.Empty(t, s.Select(0))
	require.NoError(t, farA.Close())
	require.Equal(t, []socket.Ready{{Conn: a, Events: socket.Writable}}, s.Select(-1), "who writes is to learn that nobody reads")
	require.NoError(t, a.Close())
	require.Zero(t, s.Registered(a))
	require.Empty(t, s.Select(0))
}

func TestSelectWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := socket.Pair(1)
		s := socket.NewSelector()
		s.Register(here, socket.Readable)
		start := time.Now()
		require.Empty(t, s.Select(time.Second))
		require.Equal(t, time.Second, time.Since(start))
		time.AfterFunc(time.Second, func() { there.Write([]byte("x")) })
		require.Len(t, s.Select(-1), 1)
		require.Equal(t, 2*time.Second, time.Since(start))
		here.Write([]byte("x"))
		s.Register(here, socket.Writable)
		time.AfterFunc(time.Second, func() { there.Read(make([]byte, 1)) })
		require.Len(t, s.Select(time.Hour), 1)
		require.Equal(t, 3*time.Second, time.Since(start), "room wakes who wants to write")
		here.Read(make([]byte, 1))
		s.Register(here, socket.Readable)
		time.AfterFunc(time.Second, func() { there.Close() })
		require.Len(t, s.Select(time.Hour), 1)
		require.Equal(t, 4*time.Second, time.Since(start), "the end is readable")
	})
}
