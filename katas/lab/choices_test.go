package lab_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/lab/hook"
	"github.com/python-concurrency/kata/katas/sim/network"
)

// TestDrawsRepeatThemselves: a simulation in the virtual lens goes the same way each time.
func TestDrawsRepeatThemselves(t *testing.T) {
	draws := func() (ways []int) {
		lab.Virtual(t, func(t *lab.T) {
			for range 200 {
				ways = append(ways, t.Pick(3))
			}
		})
		return ways
	}
	first := draws()
	require.Equal(t, first, draws())
	for way := range 3 {
		require.Contains(t, first, way)
	}
	require.NotContains(t, first, 3)
}

// server answers each message once until it dies.
func server(n *network.Network) {
	node := n.Start("server")
	go hook.Go0(func() {
		for {
			s := hook.NewSelect()
			inbox, dead := hook.On(s, node.Inbox()), hook.On(s, node.Dead())
			s.Choose(false)
			select {
			case m := <-inbox.C:
				node.Send(m.From, "done")
			case <-dead.C:
				return
			}
		}
	})()
}

// TestExploredLostMessage waits for an answer that one fate in two keeps from coming.
func TestExploredLostMessage(t *testing.T) {
	explored(t, func(t *lab.T) {
		n := network.New(t, network.AnyOf(t, network.Arrives(0), network.Lost))
		server(n)
		client := n.Start("client")
		client.Send("server", "do")
		<-hook.Receive(client.Inbox())
		n.Kill("server")
	})
}

// TestExploredAsksAgain bears every fate of the first three messages: it asks until there is an answer.
func TestExploredAsksAgain(t *testing.T) {
	explored(t, func(t *lab.T) {
		n := network.New(t, network.Times(3, network.AnyOf(t,
			network.Arrives(0), network.Lost, network.Arrives(0, time.Second), network.Arrives(3*time.Second))))
		server(n)
		client := n.Start("client")
		for answered := false; !answered; {
			client.Send("server", "do")
			s := hook.NewSelect()
			inbox, late := hook.On(s, client.Inbox()), hook.On(s, time.After(2*time.Second))
			s.Choose(false)
			select {
			case <-inbox.C:
				answered = true
			case <-late.C:
			}
		}
		n.Kill("server")
	})
}

// TestExploredRaceBesideMessages: both send, and nobody receives, so nothing orders the two.
func TestExploredRaceBesideMessages(t *testing.T) {
	explored(t, func(t *lab.T) {
		n := network.New(t, network.Reliable(0))
		a, b := n.Start("a"), n.Start("b")
		count := 0
		both(func() {
			count++
			a.Send("c", 1)
		}, func() {
			b.Send("c", 2)
			count++
		})
	})
}

// TestExploredOrderedByMessages: what is sent orders who sends before who receives.
func TestExploredOrderedByMessages(t *testing.T) {
	explored(t, func(t *lab.T) {
		n := network.New(t, network.AnyOf(t, network.Arrives(0), network.Arrives(time.Second)))
		a, b := n.Start("a"), n.Start("b")
		count := 0
		both(func() {
			count++
			a.Send("b", 1)
		}, func() {
			<-hook.Receive(b.Inbox())
			count++
		})
	})
}
