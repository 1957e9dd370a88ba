//kata:wrong kind=timing  Balance asks for all accounts and picks one: it waits for transfers between others

// Package lockorder makes Balance of Balances.
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
	// The lower number first, whoever pays.
	for _, a := range []*account{&b.accounts[min(from, to)], &b.accounts[max(from, to)]} {
		a.mu.Lock()
		defer a.mu.Unlock()
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
	return b.Balances()[account], nil
}

// Balances returns what every account holds, all at the same moment.
func (b *Bank) Balances() []int {
	balances := make([]int, len(b.accounts))
	for i := range b.accounts {
		a := &b.accounts[i]
		a.mu.Lock()
		defer a.mu.Unlock() // all are held until the last one is read
		balances[i] = a.balance
	}
	return balances
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.accounts) }
