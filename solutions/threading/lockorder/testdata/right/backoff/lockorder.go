// Package lockorder moves money between accounts that have a lock each. A transfer takes them in the order of the call; where
// it does not get the second it gives the first back and sleeps before it tries again.
package lockorder

import (
	"errors"
	"sync"
	"time"
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
	onMove   func(from, to, amount int)
	accounts []account
}

type account struct {
	mu      sync.Mutex
	balance int // guarded by mu
}

// New returns a bank with an account for each balance.
func New(onMove func(from, to, amount int), balances ...int) *Bank {
	b := &Bank{onMove: onMove, accounts: make([]account, len(balances))}
	for i, balance := range balances {
		b.accounts[i].balance = balance
	}
	return b
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
	b.lock(from, to)
	defer b.accounts[from].mu.Unlock()
	defer b.accounts[to].mu.Unlock()
	if b.accounts[from].balance < amount {
		return ErrInsufficient
	}
	b.onMove(from, to, amount)
	b.accounts[from].balance -= amount
	b.accounts[to].balance += amount
	return nil
}

func (b *Bank) lock(first, second int) {
	for wait := time.Millisecond; ; wait *= 2 {
		b.accounts[first].mu.Lock()
		if b.accounts[second].mu.TryLock() {
			return
		}
		b.accounts[first].mu.Unlock()
		first, second = second, first // wait where it is worth waiting
		time.Sleep(wait)
	}
}

// Balance returns what one account holds.
func (b *Bank) Balance(account int) (int, error) {
	if !b.has(account) {
		return 0, ErrNoAccount
	}
	a := &b.accounts[account]
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.balance, nil
}

// Balances returns what every account holds, all at the same moment.
func (b *Bank) Balances() []int {
	for {
		if balances, ok := b.tryBalances(); ok {
			return balances
		}
		time.Sleep(time.Millisecond)
	}
}

func (b *Bank) tryBalances() ([]int, bool) {
	balances := make([]int, len(b.accounts))
	for i := range b.accounts {
		a := &b.accounts[i]
		if !a.mu.TryLock() {
			return nil, false
		}
		defer a.mu.Unlock()
		balances[i] = a.balance
	}
	return balances, true
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.accounts) }
