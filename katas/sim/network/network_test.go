package network_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/network"
)

// received takes what has arrived at a node by now.
func received(n *network.Node) (bodies []any) {
	synctest.Wait()
	for {
		select {
		case m := <-n.Inbox():
			bodies = append(bodies, m.Body)
		default:
			return bodies
		}
	}
}

// script makes choices in a given order, and the usual one when it has come to its end.
type script struct {
	ways   []int
	points atomic.Int64
}

func (s *script) Pick(int) int {
	if len(s.ways) == 0 {
		return 0
	}
	way := s.ways[0]
	s.ways = s.ways[1:]
	return way
}

func (s *script) Point() { s.points.Add(1) }

func (s *script) Callback(f func()) func() { return f }

func TestAReliableNetworkKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Reliable(time.Second))
		a, b := n.Start("a"), n.Start("b")
		for i := range 3 {
			a.Send("b", i)
		}
		require.Empty(t, received(b))
		time.Sleep(time.Second)
		require.Equal(t, []any{0, 1, 2}, received(b))
		require.Empty(t, received(a))
		require.Equal(t, 3, n.Sent())
	})
}

func TestMessagesAreLostDoubledAndReordered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &script{ways: []int{1, 2, 0, 3}}
		n := network.New(c, network.AnyOf(c, network.Arrives(0), network.Lost, network.Arrives(2*time.Second), network.Arrives(0, time.Second)))
		a, b := n.Start("a"), n.Start("b")
		for _, body := range []any{"lost", "late", "prompt", "doubled"} {
			a.Send("b", body)
		}
		require.Equal(t, []any{"prompt", "doubled"}, received(b))
		time.Sleep(time.Second)
		require.Equal(t, []any{"doubled"}, received(b))
		time.Sleep(time.Second)
		require.Equal(t, []any{"late"}, received(b))
		require.NotZero(t, c.points.Load())
	})
}

func TestABadNetworkGetsBetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Times(2, func(network.Message) network.Fate { return network.Lost }))
		a, b := n.Start("a"), n.Start("b")
		for i := range 4 {
			a.Send("b", i)
		}
		require.Equal(t, []any{2, 3}, received(b))
	})
}

func TestTheDeadNeitherSendNorReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Reliable(time.Second))
		a, b := n.Start("a"), n.Start("b")
		a.Send("b", "on its way when b dies, and arrives at the next b")
		n.Kill("b")
		n.Kill("b") // once more is nothing
		<-b.Dead()
		b.Send("a", "from the dead")
		again := n.Start("b")
		require.Equal(t, "b", again.Name())
		time.Sleep(time.Second)
		require.Empty(t, received(a))
		require.Empty(t, received(b))
		require.Len(t, received(again), 1)

		n.Kill("b")
		a.Send("b", "to nobody")
		time.Sleep(2 * time.Second)
		again = n.Start("b")
		require.Empty(t, received(again))
		require.Panics(t, func() { n.Start("b") })
		a.Send("nobody", "never heard of")
	})
}

func TestACutKeepsTwoNodesApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Reliable(0))
		a, b, c := n.Start("a"), n.Start("b"), n.Start("c")
		n.Cut("b", "a")
		a.Send("b", 1)
		b.Send("a", 2)
		a.Send("c", 3)
		require.Empty(t, received(b))
		require.Empty(t, received(a))
		require.Equal(t, []any{3}, received(c))
		n.Heal("a", "b")
		a.Send("b", 4)
		require.Equal(t, []any{4}, received(b))
	})
}

func TestAnInboxThatNobodyEmptiesLosesMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Reliable(0))
		a, b := n.Start("a"), n.Start("b")
		for i := range 5000 {
			a.Send("b", i)
		}
		require.Less(t, len(received(b)), 5000)
	})
}

func TestManyMaySendAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := network.New(nil, network.Reliable(time.Millisecond))
		hub := n.Start("hub")
		for _, name := range []string{"a", "b", "c", "d"} {
			node := n.Start(name)
			go func() {
				for range 50 {
					node.Send("hub", name)
				}
			}()
		}
		time.Sleep(time.Second)
		require.Len(t, received(hub), 200)
	})
}
