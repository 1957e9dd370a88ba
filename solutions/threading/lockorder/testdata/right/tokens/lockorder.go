// Package lockorder moves money between accounts, each of which is a channel with room for one token: who has the token
// has the account.
package lockorder

import "errors"

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

// account is a channel that holds the balance while nobody has the account.
type account chan int

// New returns a bank with an account for each balance.
func New(onMove func(from, to, amount int), balances ...int) *Bank {
	b := &Bank{onMove: onMove, accounts: make([]account, len(balances))}
	for i, balance := range balances {
		b.accounts[i] = make(account, 1)
		b.accounts[i] <- balance
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
	if from < to {
		source := <-b.accounts[from]
		defer func() { b.accounts[from] <- source }()
		target := <-b.accounts[to]
		defer func() { b.accounts[to] <- target }()
		return b.move(from, to, amount, &source, &target)
	}
	target := <-b.accounts[to]
	defer func() { b.accounts[to] <- target }()
	source := <-b.accounts[from]
	defer func() { b.accounts[from] <- source }()
	return b.move(from, to, amount, &source, &target)
}

func (b *Bank) move(from, to, amount int, source, target *int) error {
	if *source < amount {
		return ErrInsufficient
	}
	b.onMove(from, to, amount)
	*source -= amount
	*target += amount
	return nil
}

// Balance returns what one account holds.
func (b *Bank) Balance(account int) (int, error) {
	if !b.has(account) {
		return 0, ErrNoAccount
	}
	balance := <-b.accounts[account]
	b.accounts[account] <- balance
	return balance, nil
}

// Balances returns what every account holds, all at the same moment.
func (b *Bank) Balances() []int {
	balances := make([]int, len(b.accounts))
	for i := range b.accounts {
		balances[i] = <-b.accounts[i]
		defer func() { b.accounts[i] <- balances[i] }()
	}
	return balances
}

func (b *Bank) has(account int) bool { return account >= 0 && account < len(b.accounts) }
