package network

import "time"

// Fate is what becomes of one message: when each copy of it arrives, counted from when it was sent. No copy arrives of
// a message that is lost, two of one that is doubled. Copies that are due at the same time arrive in the order in which
// they were sent.
type Fate []time.Duration

// Lost is the fate of a message that never arrives.
var Lost = Fate{}

// Arrives is the fate of a message of which a copy arrives after each of the delays; 0 is at once.
func Arrives(delays ...time.Duration) Fate { return delays }

// Faults decide what becomes of each message. They are asked once, when it is sent, by the goroutine that sends.
type Faults func(Message) Fate

// Reliable lets each message arrive once, after delay, and so in order.
func Reliable(delay time.Duration) Faults {
	fate := Arrives(delay)
	return func(Message) Fate { return fate }
}

// Chooser makes the choices of a simulation. The lenses of the lab do: one that explores goes through all of
// them, another draws them from a seed.
type Chooser interface {
	// Pick returns one of 0 … n-1. Whatever it means should come first if it is the usual.
	Pick(n int) int
	// Point is where another goroutine may go on first.
	Point()
	// Callback is f as a timer is to call it.
	Callback(f func()) func()
}

// AnyOf lets c choose among the fates for each message; the first should be the usual one.
func AnyOf(c Chooser, fates ...Fate) Faults {
	return func(Message) Fate { return fates[c.Pick(len(fates))] }
}

// Times lets so many messages meet the fates that f has for them, and all later ones arrive at once: a network that
// is bad for a while. Messages count over all nodes, in the order of their numbers.
func Times(n int, f Faults) Faults {
	return func(m Message) Fate {
		if m.Number > n {
			return Arrives(0)
		}
		return f(m)
	}
}
