// Package lockorder moves money between accounts. Each account has a lock of its own, a transfer needs two of them, and
// that is how deadlocks are made.
package lockorder

import "errors"

var (
	// ErrNoAccount: there is no account of that number.
	ErrNoAccount = errors.New("no such account")
	// ErrAmount: the amount is negative.
	ErrAmount = errors.New("amount is negative")
	// ErrInsufficient: the account does not hold that much.
	ErrInsufficient = errors.New("insufficient funds")

	errNotWritten = errors.New("not written yet")
)

// Bank holds accounts, numbered from 0. All methods may be called by many goroutines at the same time. A bank owns no
// goroutine.
type Bank struct {
	// Your fields: a lock for each account.
}

// New returns a bank with an account for each balance. A slice of balances stays the caller's. onMove is never nil;
// Transfer calls it.
func New(onMove func(from, to, amount int), balances ...int) *Bank {
	return &Bank{}
}

// Transfer moves amount from one account to another.
//
// It holds both accounts from before it looks at the balance until the money has moved: of two transfers that touch the
// same account one waits for the other, as long as it takes, and burns no processor meanwhile.
//
// Transfers that have no account in common do not wait for each other. While one waits, others get at all accounts but its
// own two, and it goes on once those are free.
//
// Nobody sees half of a transfer: who has seen that the one account has paid finds that the other has got it.
//
// When it has found that the money is there, and still holds both accounts, it calls onMove, once; nothing has moved yet.
// onMove may take long, and calls no method of the bank. If it panics nothing is moved, the panic goes on to the caller,
// and the accounts can be used as before.
//
// The error is ErrNoAccount where one of the two does not exist, then ErrAmount for an amount below zero. A transfer from
// an account to itself moves nothing, calls nothing and is no error. The error is ErrInsufficient where the account that
// pays holds less than amount; nothing moves then, and onMove is not called.
func (b *Bank) Transfer(from, to, amount int) error {
	return errNotWritten
}

// Balance returns what one account holds. It does not wait for transfers between others. The error is ErrNoAccount where
// the account does not exist.
func (b *Bank) Balance(account int) (int, error) {
	return 0, errNotWritten
}

// Balances returns what every account holds, all at the same moment: money in flight is never seen, so their sum is
// always the same. It waits for transfers that are going on. The slice is the caller's own.
func (b *Bank) Balances() []int {
	return nil
}
