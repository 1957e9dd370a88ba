//kata:wrong kind=timing  accounts share sixteen locks: transfers of strangers wait for each other

// Package lockorder has fewer locks than accounts.
package lockorder

import (
	"errors"
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
	onMove   func(from, to, amount int)
	stripes  [16]sync.Mutex
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
	lo, hi := min(from%16, to%16), max(from%16, to%16)
	b.stripes[lo].Lock()
	defer b.stripes[lo].Unlock()
	if hi != lo {
		b.stripes[hi].Lock()
		defer b.stripes[hi].Unlock()
	}
	if b.accounts[from].balance < amount {
		return ErrInsufficient
	}
	b.onMove(from, to, amount)
	b.accounts[from].balance -= amount
	b.accounts[to].balance += amount
	return nil
}

// Balance returns what one account holds.
func (b *Bank) Balance(account int) (int, error) {
	if !b.has(account) {
		return 0, ErrNoAccount
	}
	b.stripes[account%16].Lock()
	defer b.stripes[account%16].Unlock()
	return b.accounts[account].balance, nil
}

// Balances returns all.
func (b *Bank) Balances() []int {
	for i := range b.stripes {
		b.stripes[i].Lock()
		defer b.stripes[i].Unlock()
	}
	balances := make([]int, len(b.accounts))
	for i := range b.accounts {
		balances[i] = b.accounts[i].balance
	}
	return balances
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.accounts) }
