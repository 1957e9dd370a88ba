package lockorder_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/python-concurrency/kata/katas/lab"
	"github.com/python-concurrency/kata/katas/threading/lockorder"
)

// quiet is an onMove that does nothing.
func quiet(from, to, amount int) {}

// slow is an onMove that takes ten seconds.
func slow(from, to, amount int) { time.Sleep(10 * time.Second) }

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
		t.ErrorIs("the error of Transfer(2, 0, 0) from an account that holds nothing", b.Transfer(2, 0, 0), nil)
		holds(t, "after Transfer(2, 1, 30), Transfer(1, 0, 0) and Transfer(2, 0, 0)", b, 70, 80, 0)
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
			{2, 2, 5, lockorder.ErrNoAccount},
			{0, 2, 11, lockorder.ErrNoAccount},
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

// TestBalancesAreACopy checks that neither the balances given to New nor those that Balances returns are the bank's own.
func TestBalancesAreACopy(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		given := []int{10, 10}
		b := lockorder.New(quiet, given...)
		given[0] = 99
		holds(t, "after the slice that was given to New has been written to", b, 10, 10)
		before := b.Balances()
		t.ErrorIs("the error of Transfer(0, 1, 4)", b.Transfer(0, 1, 4), nil)
		after := b.Balances()
		t.Equal("what Balances returned before the transfer", before, []int{10, 10})
		t.Equal("the slice that was given to New", given, []int{99, 10})
		after[0] = 99
		holds(t, "after what Balances returned has been written to", b, 6, 14)
	})
}

// TestBanksApart checks that two banks share neither accounts nor locks.
func TestBanksApart(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		both := t.Rendezvous("transfers of two banks", 2)
		meet := func(from, to, amount int) { both.Arrive() }
		b, other := lockorder.New(meet, 10, 10), lockorder.New(meet, 20, 20)
		together(func() { b.Transfer(0, 1, 1) }, func() { other.Transfer(0, 1, 2) })
		holds(t, "of one bank after Transfer(0, 1, 1)", b, 9, 11)
		holds(t, "of the other bank after Transfer(0, 1, 2)", other, 18, 22)
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
		b.Transfer(2, 0, 0)
		t.Equal("what onMove was told", told, []string{"0 1 7", "1 2 3", "2 0 0"})
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

// TestManyTransfersOverlap checks that forty transfers between eighty accounts overlap, though one's accounts lie between another's.
func TestManyTransfersOverlap(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		const accounts = 80
		all := t.Rendezvous("forty transfers between eighty accounts", accounts/2)
		b := lockorder.New(func(from, to, amount int) { all.Arrive() }, slices.Repeat([]int{10}, accounts)...)
		var transfers sync.WaitGroup
		for account := range accounts / 2 {
			transfers.Go(func() { b.Transfer(account, accounts-1-account, 1) })
		}
		transfers.Wait()
		holds(t, "after the forty", b, slices.Concat(slices.Repeat([]int{9}, accounts/2), slices.Repeat([]int{11}, accounts/2))...)
	})
}

// TestBalanceOfOthers checks that Balance does not wait for a transfer between other accounts.
func TestBalanceOfOthers(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		b := lockorder.New(slow, 10, 10, 7)
		var transfer sync.WaitGroup
		transfer.Go(func() { b.Transfer(0, 1, 1) })
		time.Sleep(time.Second)
		t.Takes("Balance(2), in the middle of a slow transfer from 0 to 1,", lab.Exactly(0), func() {
			got, err := b.Balance(2)
			t.ErrorIs("the error of Balance(2) while 0 pays 1", err, nil)
			t.Equal("Balance(2) while 0 pays 1", got, 7)
		})
		transfer.Wait()
	})
}

// TestOneWaitsOthersGoOn checks that a transfer that waits for an account keeps nobody from accounts that it does not need.
func TestOneWaitsOthersGoOn(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		if !lab.Graded() {
			return
		}
		for _, waiting := range [][2]int{{1, 2}, {2, 1}} {
			b := lockorder.New(func(from, to, amount int) {
				if from == 0 {
					slow(from, to, amount)
				}
			}, 10, 10, 10, 10, 10)
			var transfers sync.WaitGroup
			transfers.Go(func() { b.Transfer(0, 1, 1) })
			time.Sleep(time.Second)
			transfers.Go(func() { b.Transfer(waiting[0], waiting[1], 1) })
			time.Sleep(time.Second)
			while := fmt.Sprintf("while Transfer(%d, %d, 1) waits for a slow transfer from 0 to 1,", waiting[0], waiting[1])
			t.Takes("Transfer(3, 4, 1), "+while, lab.Exactly(0), func() { b.Transfer(3, 4, 1) })
			t.Takes("Transfer(4, 3, 1), "+while, lab.Exactly(0), func() { b.Transfer(4, 3, 1) })
			t.Takes("Balance(3), "+while, lab.Exactly(0), func() { b.Balance(3) })
			transfers.Wait()
		}
	})
}

// TestOwnAccountsOnly checks that a transfer goes on once its own accounts are free, though others wait and move still.
func TestOwnAccountsOnly(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		if !lab.Graded() {
			return
		}
		lasts := map[[2]int]time.Duration{{0, 1}: 1000 * time.Second, {2, 3}: 10 * time.Second}
		b := lockorder.New(func(from, to, amount int) { time.Sleep(lasts[[2]int{from, to}]) }, 10, 10, 10, 10, 10, 10)
		var transfers sync.WaitGroup
		transfers.Go(func() { b.Transfer(0, 1, 1) })
		transfers.Go(func() { b.Transfer(2, 3, 1) })
		time.Sleep(time.Second)
		transfers.Go(func() { b.Transfer(4, 0, 1) })
		time.Sleep(time.Second)
		// Up to 100 seconds, for who asks again after a while instead of being woken.
		t.Takes("Transfer(5, 2, 1), which waits 8 seconds for account 2, while others wait far longer for account 0,", lab.AtMost(100*time.Second), func() { b.Transfer(5, 2, 1) })
		transfers.Wait()
	})
}

// TestWaitingIsSleeping checks that who needs an account that is taken waits for it, neither giving up nor asking again and again.
func TestWaitingIsSleeping(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		if !lab.Graded() {
			return
		}
		b := lockorder.New(slow, 10, 10, 10)
		var first, second error
		one := 0
		together(
			func() { first = b.Transfer(0, 1, 1) },
			func() { second = b.Transfer(2, 1, 1) },
			func() { time.Sleep(time.Second); one, _ = b.Balance(1) },
		)
		t.ErrorIs("the error of Transfer(0, 1, 1) that had to wait for a slow one, or the other for it", first, nil)
		t.ErrorIs("the error of Transfer(2, 1, 1) that had to wait for a slow one, or the other for it", second, nil)
		t.True(fmt.Sprintf("Balance(1) is one of 10, 11 and 12 while it is paid 1 twice (it says %d)", one), one >= 10 && one <= 12)
		holds(t, "after both", b, 9, 12, 9)
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
	for _, c := range []struct {
		a, b int
		left []int
	}{
		{0, 1, []int{12, 8, 10}},
		{0, 2, []int{12, 10, 8}},
		{1, 2, []int{10, 12, 8}},
	} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10, 10)
			var there, back error
			together(func() { there = b.Transfer(c.a, c.b, 3) }, func() { back = b.Transfer(c.b, c.a, 5) })
			t.ErrorIs(fmt.Sprintf("the error of Transfer(%d, %d, 3)", c.a, c.b), there, nil)
			t.ErrorIs(fmt.Sprintf("the error of Transfer(%d, %d, 5)", c.b, c.a), back, nil)
			t.Equal(fmt.Sprintf("the balances after Transfer(%d, %d, 3) and Transfer(%d, %d, 5) at the same time", c.a, c.b, c.b, c.a), b.Balances(), c.left)
		})
	}
}

// TestARingOfTransfers checks that three transfers in a ring, each to the next account, come through, whichever way the ring goes.
func TestARingOfTransfers(t *testing.T) {
	for _, c := range []struct {
		ring [3]int
		left []int
	}{
		{[3]int{0, 1, 2}, []int{12, 9, 9}},
		{[3]int{2, 1, 0}, []int{9, 9, 12}},
	} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10, 10)
			var errs [3]error
			var transfers sync.WaitGroup
			for i, from := range c.ring {
				transfers.Go(func() { errs[i] = b.Transfer(from, c.ring[(i+1)%3], i+1) })
			}
			transfers.Wait()
			for i, from := range c.ring {
				t.ErrorIs(fmt.Sprintf("the error of Transfer(%d, %d, %d) in a ring of three", from, c.ring[(i+1)%3], i+1), errs[i], nil)
			}
			t.Equal(fmt.Sprintf("the balances after transfers of 1, 2 and 3 in the ring %v", c.ring), b.Balances(), c.left)
		})
	}
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
	for _, c := range []struct{ from, to int }{{0, 1}, {1, 0}, {0, 2}, {2, 0}} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10, 10)
			var seen []int
			together(func() { b.Transfer(c.from, c.to, 4) }, func() { seen = b.Balances() })
			t.Equal(fmt.Sprintf("the sum of Balances %v during Transfer(%d, %d, 4), of accounts that hold 30 together", seen, c.from, c.to), sum(seen), 30)
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

// TestBalanceAfterBalance checks that who has seen the one half of a transfer sees the other half too.
func TestBalanceAfterBalance(t *testing.T) {
	for _, c := range []struct{ first, then int }{{0, 1}, {1, 0}} {
		lab.Explored(t, func(t *lab.T) {
			b := lockorder.New(quiet, 10, 10)
			var first, then int
			together(
				func() { b.Transfer(0, 1, 4) },
				func() { first, _ = b.Balance(c.first); then, _ = b.Balance(c.then) },
			)
			if first != 10 && then == 10 {
				t.Errorf("during Transfer(0, 1, 4) Balance(%d) said %d, so the money had moved, and Balance(%d) after it still said %d", c.first, first, c.then, then)
			}
		})
	}
}

// TestAMomentThatWas checks that Balances, kept waiting in the middle of it, returns balances that stood together at some moment.
func TestAMomentThatWas(t *testing.T) {
	type at struct{ second, from, to int }
	for _, c := range []struct {
		what         string
		holds, moves []at // a hold is a transfer of nothing that takes ten seconds
	}{
		{
			"while 0 paid 4 to 3 and then 4 paid 4 to 1",
			[]at{{0, 2, 5}},
			[]at{{2, 0, 3}, {3, 4, 1}},
		},
		{
			"while 4 went from 0 to 2, back, and to 2 again",
			[]at{{0, 1, 3}, {5, 3, 4}, {13, 1, 3}},
			[]at{{2, 0, 2}, {15, 2, 0}, {25, 0, 2}},
		},
	} {
		lab.Virtual(t, func(t *lab.T) {
			if !lab.Graded() {
				return
			}
			begin := time.Now()
			until := func(second int) { time.Sleep(time.Until(begin.Add(time.Duration(second) * time.Second))) }
			b := lockorder.New(func(from, to, amount int) {
				if amount == 0 {
					time.Sleep(10 * time.Second)
				}
			}, 10, 10, 10, 10, 10, 10)
			var all sync.WaitGroup
			for _, hold := range c.holds {
				all.Go(func() { until(hold.second); b.Transfer(hold.from, hold.to, 0) })
			}
			all.Go(func() {
				for _, move := range c.moves {
					until(move.second)
					b.Transfer(move.from, move.to, 4)
				}
			})
			until(1)
			seen := b.Balances()
			all.Wait()
			now := []int{10, 10, 10, 10, 10, 10}
			were := [][]int{slices.Clone(now)}
			for _, move := range c.moves {
				now[move.from] -= 4
				now[move.to] += 4
				were = append(were, slices.Clone(now))
			}
			if !slices.ContainsFunc(were, func(state []int) bool { return slices.Equal(state, seen) }) {
				t.Errorf("%s Balances returned %v, which the accounts never held at one moment; they held, one after another, %v", c.what, seen, were)
			}
		})
	}
}

// TestBalancesWaits checks that Balances waits for slow transfers, neither giving up nor asking again and again.
func TestBalancesWaits(t *testing.T) {
	lab.Virtual(t, func(t *lab.T) {
		if !lab.Graded() {
			return
		}
		b := lockorder.New(slow, 10, 10, 10, 10)
		var seen []int
		together(
			func() { b.Transfer(1, 0, 4) },
			func() { b.Transfer(2, 3, 4) },
			func() { time.Sleep(time.Second); seen = b.Balances() },
		)
		t.Equal(fmt.Sprintf("the sum of Balances %v during slow transfers, of accounts that hold 40 together", seen), sum(seen), 40)
	})
}

func sum(balances []int) (total int) {
	for _, b := range balances {
		total += b
	}
	return total
}
