package lockorder_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threading/lockorder"
)

// quiet is an onMove that does nothing.
func quiet(from, to, amount int) {}

// holds compares all balances.
func holds(t *lab.T, when string, b *lockorder.Bank, want ...int) {
	t.Helper()
	t.Equal("the balances "+when, b.Balances(), want)
	for i, w := range want {
		got, err := b.Balance(i)
		t.ErrorIs(fmt.Sprintf("the error of Balance(%d)", i), err, nil)
		t.Equal(fmt.Sprintf("Balance(%d) %s", i, when), got, w)
	}
}

// together runs all at the same time and waits for them.
func together(calls ...func()) {
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(call)
	}
	all.Wait()
}

// TestTransfer checks that money moves from the one account to the other, to the last coin.
func TestTransfer(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := lockorder.New(quiet, 100, 50, 0)
		holds(t, "of a new bank", b, 100, 50, 0)
		t.ErrorIs("the error of Transfer(0, 2, 30)", b.Transfer(0, 2, 30), nil)
		holds(t, "after Transfer(0, 2, 30)", b, 70, 50, 30)
		t.ErrorIs("the error of Transfer(2, 1, 30), which is all there is", b.Transfer(2, 1, 30), nil)
		t.ErrorIs("the error of Transfer(1, 0, 0)", b.Transfer(1, 0, 0), nil)
		holds(t, "after Transfer(2, 1, 30) and Transfer(1, 0, 0)", b, 70, 80, 0)
		t.Equal("the balances of a bank without accounts", len(lockorder.New(quiet).Balances()), 0)
	})
}

// TestRefusals checks each error, that nothing moves with it, and that the accounts can be used afterwards.
func TestRefusals(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		moved := 0
		b := lockorder.New(func(from, to, amount int) { moved++ }, 10, 10)
		for _, c := range []struct {
			from, to, amount int
			want             error
		}{
			{0, 1, 11, lockorder.ErrInsufficient},
			{1, 0, 11, lockorder.ErrInsufficient},
			{0, 1, -1, lockorder.ErrAmount},
			{1, 1, -1, lockorder.ErrAmount},
			{0, 2, 5, lockorder.ErrNoAccount},
			{2, 0, 5, lockorder.ErrNoAccount},
			{-1, 0, 5, lockorder.ErrNoAccount},
			{0, -1, 5, lockorder.ErrNoAccount},
			{2, 2, -1, lockorder.ErrNoAccount},
		} {
			t.ErrorIs(fmt.Sprintf("the error of Transfer(%d, %d, %d) where 0 and 1 hold 10 each", c.from, c.to, c.amount), b.Transfer(c.from, c.to, c.amount), c.want)
		}
		for _, account := range []int{-1, 2} {
			_, err := b.Balance(account)
			t.ErrorIs(fmt.Sprintf("the error of Balance(%d)", account), err, lockorder.ErrNoAccount)
		}
		t.Equal("how often onMove was called for transfers that were refused", moved, 0)
		t.ErrorIs("the error of Transfer(0, 1, 10) after all of these", b.Transfer(0, 1, 10), nil)
		holds(t, "after it", b, 0, 20)
	})
}

// TestSelfTransfer checks that a transfer from an account to itself comes back and does nothing, whatever the account holds.
func TestSelfTransfer(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		moved := 0
		b := lockorder.New(func(from, to, amount int) { moved++ }, 10)
		t.ErrorIs("the error of Transfer(0, 0, 5)", b.Transfer(0, 0, 5), nil)
		t.ErrorIs("the error of Transfer(0, 0, 50) where the account holds 10", b.Transfer(0, 0, 50), nil)
		t.Equal("how often onMove was called", moved, 0)
		holds(t, "after transfers of an account to itself", b, 10)
	})
}

// TestOnMove checks that onMove is told of each transfer, once, in the moment before the money moves.
func TestOnMove(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		var told []string
		b := lockorder.New(func(from, to, amount int) { told = append(told, fmt.Sprint(from, to, amount)) }, 10, 0, 0)
		b.Transfer(0, 1, 7)
		b.Transfer(0, 1, 7) // refused
		b.Transfer(1, 2, 3)
		t.Equal("what onMove was told", told, []string{"0 1 7", "1 2 3"})
	})
}

// TestOnMovePanics checks that where onMove panics the caller learns of it, nothing has moved, and nobody waits for the accounts for ever.
func TestOnMovePanics(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		boom := errors.New("boom")
		panics := true
		b := lockorder.New(func(from, to, amount int) {
			if panics {
				panic(boom)
			}
		}, 10, 0)
		func() {
			defer func() { t.Equal("what the caller of Transfer recovers", recover(), any(boom)) }()
			b.Transfer(0, 1, 10)
		}()
		panics = false
		holds(t, "after onMove has panicked", b, 10, 0)
		t.ErrorIs("the error of the same transfer tried again", b.Transfer(0, 1, 10), nil)
		holds(t, "after it was tried again", b, 0, 10)
	})
}

// TestApartTransfersOverlap checks that transfers that have no account in common do not wait for each other.
func TestApartTransfersOverlap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		all := t.Rendezvous("three transfers between six accounts", 3)
		b := lockorder.New(func(from, to, amount int) { all.Arrive() }, 10, 10, 10, 10, 10, 10)
		together(
			func() { b.Transfer(0, 1, 1) },
			func() { b.Transfer(3, 2, 1) },
			func() { b.Transfer(4, 5, 1) },
		)
		holds(t, "after the three", b, 9, 11, 11, 9, 9, 11)
	})
}

// TestBalanceOfOthers checks that Balance does not wait for a transfer between other accounts.
func TestBalanceOfOthers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		moving, asked := make(chan bool), make(chan bool)
		b := lockorder.New(func(from, to, amount int) { close(moving); <-asked }, 10, 10, 7)
		var transfer sync.WaitGroup
		transfer.Go(func() { b.Transfer(0, 1, 1) })
		<-moving
		got, err := b.Balance(2)
		t.ErrorIs("the error of Balance(2) while 0 pays 1", err, nil)
		t.Equal("Balance(2) while 0 pays 1", got, 7)
		close(asked)
		transfer.Wait()
	})
}

// TestWaitingIsSleeping checks that a transfer whose account is taken waits for it, and does not ask again and again.
func TestWaitingIsSleeping(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		if !lab.Graded() {
			return
		}
		b := lockorder.New(func(from, to, amount int) { time.Sleep(time.Second) }, 10, 10, 10)
		together(func() { b.Transfer(0, 1, 1) }, func() { b.Transfer(2, 1, 1) })
	})
}

// TestSharedAccountsTakeTurns checks that no two transfers that touch the same account are at it at the same time.
func TestSharedAccountsTakeTurns(t *testing.T) {
	for _, c := range []struct {
		what string
		a, b [2]int
	}{
		{"where the same account pays", [2]int{0, 1}, [2]int{0, 2}},
		{"where the same account is paid", [2]int{0, 2}, [2]int{1, 2}},
		{"where one pays what it is paid", [2]int{0, 1}, [2]int{1, 2}},
	} {
		lab.Explored(t, func(t *lab.T) {
			var busy [3]atomic.Int32
			b := lockorder.New(func(from, to, amount int) {
				for _, account := range []int{from, to} {
					if busy[account].Add(1) > 1 {
						t.Errorf("of two transfers %s, both were in onMove at the same time", c.what)
					}
				}
				busy[from].Add(-1)
				busy[to].Add(-1)
			}, 10, 10, 10)
			together(func() { b.Transfer(c.a[0], c.a[1], 1) }, func() { b.Transfer(c.b[0], c.b[1], 1) })
		})
	}
}

// TestOppositeTransfers checks that two transfers between the same accounts in opposite directions both come through, whoever comes in between.
func TestOppositeTransfers(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := lockorder.New(quiet, 10, 10)
		var there, back error
		together(func() { there = b.Transfer(0, 1, 3) }, func() { back = b.Transfer(1, 0, 5) })
		t.ErrorIs("the error of Transfer(0, 1, 3)", there, nil)
		t.ErrorIs("the error of Transfer(1, 0, 5)", back, nil)
		t.Equal("the balances after Transfer(0, 1, 3) and Transfer(1, 0, 5) at the same time", b.Balances(), []int{12, 8})
	})
}

// TestARingOfTransfers checks that three transfers in a ring, each to the next account, come through.
func TestARingOfTransfers(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := lockorder.New(quiet, 10, 10, 10)
		together(
			func() { b.Transfer(0, 1, 1) },
			func() { b.Transfer(1, 2, 2) },
			func() { b.Transfer(2, 0, 3) },
		)
		t.Equal("the balances after 0 has paid 1 to 1, 1 has paid 2 to 2 and 2 has paid 3 to 0", b.Balances(), []int{12, 9, 9})
	})
}

// TestNoOverdraft checks that of two transfers which together are more than an account holds one is refused.
func TestNoOverdraft(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := lockorder.New(quiet, 10, 0, 0)
		var first, second error
		together(func() { first = b.Transfer(0, 1, 10) }, func() { second = b.Transfer(0, 2, 10) })
		refused := 0
		for _, err := range []error{first, second} {
			if err != nil {
				t.ErrorIs("the error of the transfer that comes second", err, lockorder.ErrInsufficient)
				refused++
			}
		}
		t.Equal("how many of two transfers of 10 from an account that holds 10 were refused", refused, 1)
		if left, _ := b.Balance(0); left != 0 {
			t.Errorf("an account that held 10 was asked for 10 twice, and holds %d", left)
		}
	})
}

// TestNoMoneyInFlight checks that Balances never sees money that has left one account and not reached the other.
func TestNoMoneyInFlight(t *testing.T) {
	for _, c := range []struct{ from, to int }{{0, 1}, {1, 0}} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10)
			var seen []int
			together(func() { b.Transfer(c.from, c.to, 4) }, func() { seen = b.Balances() })
			t.Equal(fmt.Sprintf("the sum of Balances %v during Transfer(%d, %d, 4), of accounts that hold 20 together", seen, c.from, c.to), sum(seen), 20)
		})
	}
}

// TestBalanceBesideTransfer checks that Balance during a transfer is what the account holds before it or after it.
func TestBalanceBesideTransfer(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := lockorder.New(quiet, 10, 10)
		seen := 0
		together(func() { b.Transfer(0, 1, 4) }, func() { seen, _ = b.Balance(0) })
		if seen != 10 && seen != 6 {
			t.Errorf("Balance(0) during Transfer(0, 1, 4) from an account that held 10 says %d", seen)
		}
	})
}

// TestOneMomentForAll checks that Balances shows one moment: not one account before a transfer and another one after it.
func TestOneMomentForAll(t *testing.T) {
	for _, way := range [][2][2]int{{{0, 1}, {1, 2}}, {{2, 1}, {1, 0}}} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10, 10)
			var seen []int
			together(
				func() {
					for _, hop := range way {
						b.Transfer(hop[0], hop[1], 4)
					}
				},
				func() { seen = b.Balances() },
			)
			t.Equal(fmt.Sprintf("the sum of Balances %v while 4 go from account to account, of accounts that hold 30 together", seen), sum(seen), 30)
		})
	}
}

// TestBalancesBesideOppositeTransfers checks that Balances and two transfers in opposite directions wait for each other in no circle.
func TestBalancesBesideOppositeTransfers(t *testing.T) {
	lab.Explored(t, func(t *lab.T) {
		b := lockorder.New(quiet, 10, 10)
		var seen []int
		together(
			func() { b.Transfer(0, 1, 3) },
			func() { b.Transfer(1, 0, 5) },
			func() { seen = b.Balances() },
		)
		t.Equal(fmt.Sprintf("the sum of Balances %v, of accounts that hold 20 together", seen), sum(seen), 20)
	})
}

func sum(balances []int) (total int) {
	for _, b := range balances {
		total += b
	}
	return total
}
