//kata:wrong kind=timing  Signal wakes one who waits, who may need another account: the right one sleeps on

// Package lockorder takes both accounts at once, under a monitor, and wakes one who waits when they are free again.
package lockorder

import (
	"errors"
	"slices"
	"sync"
)

var (
	// ErrNoAccount: there is no account of that number.
	ErrNoAccount = errors.New("no such account")
	// ErrAmount: the amount is negative.
	ErrAmount = errors.New("amount is negative")
	// ErrInsufficient: the account does not hold that much.
	ErrInsufficient = errors.New("insufficient funds")
)

// Bank holds accounts, numbered from 0. It is safe for use by many goroutines.
type Bank struct {
	onMove func(from, to, amount int)

	mu       sync.Mutex
	freed    *sync.Cond
	taken    []bool
	balances []int
}

// New returns a bank with an account for each balance.
func New(onMove func(from, to, amount int), balances ...int) *Bank {
	b := &Bank{onMove: onMove, balances: slices.Clone(balances), taken: make([]bool, len(balances))}
	b.freed = sync.NewCond(&b.mu)
	return b
}

// take waits until all of the accounts are free and takes them.
func (b *Bank) take(accounts ...int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.anyTaken(accounts) {
		b.freed.Wait()
	}
	for _, a := range accounts {
		b.taken[a] = true
	}
}

func (b *Bank) anyTaken(accounts []int) bool {
	for _, a := range accounts {
		if b.taken[a] {
			return true
		}
	}
	return false
}

func (b *Bank) free(accounts ...int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, a := range accounts {
		b.taken[a] = false
	}
	b.freed.Signal()
}

// Transfer moves amount from one account to another.
func (b *Bank) Transfer(from, to, amount int) error {
	switch {
	case !b.has(from) || !b.has(to):
		return ErrNoAccount
	case amount < 0:
		return ErrAmount
	case from == to:
		return nil
	}
	b.take(from, to)
	defer b.free(from, to)
	if b.balances[from] < amount {
		return ErrInsufficient
	}
	b.onMove(from, to, amount)
	b.balances[from] -= amount
	b.balances[to] += amount
	return nil
}

// Balance returns what one account holds.
func (b *Bank) Balance(account int) (int, error) {
	if !b.has(account) {
		return 0, ErrNoAccount
	}
	b.take(account)
	defer b.free(account)
	return b.balances[account], nil
}

// Balances returns what every account holds, all at the same moment.
func (b *Bank) Balances() []int {
	all := make([]int, len(b.balances))
	for i := range all {
		all[i] = i
	}
	b.take(all...)
	defer b.free(all...)
	return slices.Clone(b.balances)
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.balances) }
