//kata:wrong kind=timing  the locks are the package's: an account waits for the one of the same number in another bank

// Package lockorder has one set of locks for all banks.
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

var locks [1000]sync.Mutex

type account struct {
	balance int // guarded by the lock of its number
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
	locks[min(from, to)].Lock()
	defer locks[min(from, to)].Unlock()
	locks[max(from, to)].Lock()
	defer locks[max(from, to)].Unlock()
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
	locks[account].Lock()
	defer locks[account].Unlock()
	return b.accounts[account].balance, nil
}

// Balances returns what every account holds, all at the same moment.
func (b *Bank) Balances() []int {
	balances := make([]int, len(b.accounts))
	for i := range b.accounts {
		locks[i].Lock()
		defer locks[i].Unlock()
		balances[i] = b.accounts[i].balance
	}
	return balances
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.accounts) }
