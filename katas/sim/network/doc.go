// Package network simulates nodes that send each other messages, as the processes of a cluster do: over a network that may
// delay, reorder, lose and double what is sent, and between nodes that die and come back.
//
//	n := network.New(network.AnyOf(t, network.Lost, network.Arrives(0), network.Arrives(time.Second, 3*time.Second)))
//	worker := n.Start("worker")
//	go func() {
//		for {
//			select {
//			case m := <-worker.Inbox():
//				worker.Send(m.From, "done")
//			case <-worker.Dead():
//				return
//			}
//		}
//	}()
//	n.Kill("worker")
//
// Time is that of the caller, so in a bubble it is virtual. What becomes of a message is decided by [Faults]; those
// that leave a choice ask a [Chooser] that is handed in, and with the same answers everything happens again.
//
// As between processes, a message is all that orders a sender and a receiver: nothing that the simulator does for
// itself adds a happens-before edge.
package network
