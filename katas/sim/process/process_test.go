package process_test

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/python-concurrency/kata/katas/sim/process"
)

type message struct {
	N    int
	Any  any
	Text []string
}

var global = 1

func init() {
	process.RegisterMain("echo", func(c *process.Conn) {
		for {
			var m message
			if c.Recv(&m) != nil {
				return
			}
			m.N++
			_ = c.Send(m)
		}
	})
	process.RegisterMain("own memory", func(c *process.Conn) {
		global++
		_ = c.Send(message{N: global, Any: os.Getpid()})
	})
	process.RegisterMain("exits with 7", func(*process.Conn) { os.Exit(7) })
	process.RegisterMain("meets", func(c *process.Conn) {
		for range 3 {
			process.Arrive()
		}
		_ = c.Send(message{})
	})
	process.Register("double", func(arg any) (any, error) { return arg.(int) * 2, nil })
}

func TestMain(m *testing.M) {
	process.Main()
	goleak.VerifyTestMain(m)
}

func start(t *testing.T, name string) *process.Process {
	t.Helper()
	p, err := process.Start(name)
	require.NoError(t, err)
	t.Cleanup(process.KillAll)
	return p
}

func TestMessagesGoBothWays(t *testing.T) {
	p := start(t, "echo")
	for i := range 3 {
		require.NoError(t, p.Send(message{N: i, Any: []int{1, 2}, Text: []string{"a"}}))
		var m message
		require.NoError(t, p.Recv(&m))
		require.Equal(t, message{N: i + 1, Any: []int{1, 2}, Text: []string{"a"}}, m)
	}
	p.CloseSend()
	require.NoError(t, p.Wait())
	require.NoError(t, p.Wait())
	require.Zero(t, process.Left())
}

func TestWhatCannotBePickledIsAnError(t *testing.T) {
	p := start(t, "echo")
	require.Error(t, p.Send(message{Any: func() {}}))
}

func TestNoMemoryIsShared(t *testing.T) {
	p := start(t, "own memory")
	var m message
	require.NoError(t, p.Recv(&m))
	require.Equal(t, message{N: 2, Any: p.PID()}, m)
	require.Equal(t, 1, global)
	require.NoError(t, p.Wait())
}

func TestADeathIsSeen(t *testing.T) {
	p := start(t, "exits with 7")
	require.Equal(t, io.EOF, p.Recv(new(message)))
	require.ErrorContains(t, p.Wait(), "7")
	p = start(t, "echo")
	require.Equal(t, 1, process.Left())
	p.Kill()
	require.Equal(t, io.EOF, p.Recv(new(message)))
	require.Error(t, p.Wait())
	p.Kill()
	require.Zero(t, process.Left())
}

func TestAMeetingHoldsUntilAllHaveCome(t *testing.T) {
	came := 0
	m, err := process.Meet(3, func() { came++ })
	require.NoError(t, err)
	var all []*process.Process
	for range 3 {
		all = append(all, start(t, "meets"))
	}
	for _, p := range all {
		require.NoError(t, p.Recv(new(message)))
		require.NoError(t, p.Wait())
	}
	m.Close()
	require.Equal(t, 9, came)
}

func TestFunctionsAreFoundByName(t *testing.T) {
	f, err := process.Lookup("double")
	require.NoError(t, err)
	got, err := f(4)
	require.NoError(t, err)
	require.Equal(t, 8, got)
	_, err = process.Lookup("nothing")
	require.Error(t, err)
	require.Panics(t, func() { process.Register("double", nil) })
}
