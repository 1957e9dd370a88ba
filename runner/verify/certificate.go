package verify

import (
	"github.com/python-concurrency/kata/runner/verdict"
)

// Schema names the JSON form of certificates. A change that breaks a reader gets a new name.
const Schema = "kata.certificate/v1"

// Certificate is what was proved of one kata, and what was not.
type Certificate struct {
	Kata     string `json:"kata"`
	KataHash string `json:"kata_hash"`
	// Sound: all of it holds.
	Sound bool `json:"sound"`
	// Runs is how often each solution was graded.
	Runs    int     `json:"runs"`
	Form    []Fault `json:"form"`
	Stub    Proof   `json:"stub"`
	Right   []Proof `json:"right"`
	Wrong   []Proof `json:"wrong"`
	Mutants Mutants `json:"mutants"`
	Seconds float64 `json:"seconds"`
	// Problem is a fault of the machine, for which nothing was proved.
	Problem string `json:"problem,omitempty"`
}

// Proof is one solution and how often it got the verdict that it must get.
type Proof struct {
	Name string `json:"name"`
	// Want is "passed", the kind that must come first, or "failed" for any.
	Want string `json:"want"`
	Runs int    `json:"runs"`
	Held int    `json:"held"`
	// Missed are the first of the runs with another verdict.
	Missed []Miss `json:"missed,omitempty"`
	// By counts the kinds that came first, where any would do.
	By map[verdict.Kind]int `json:"by,omitempty"`
}

// Holds reports whether it got the verdict that it must get, every time.
func (p Proof) Holds() bool { return p.Runs > 0 && p.Held == p.Runs }

// Miss is a verdict that is not the one that must be.
type Miss struct {
	Conditions Conditions `json:"conditions"`
	Got        string     `json:"got"`
	Test       string     `json:"test,omitempty"`
	Title      string     `json:"title,omitempty"`
}

// Mutants is how the mutants of the reference solution fared.
type Mutants struct {
	Made   int `json:"made"`
	Killed int `json:"killed"`
	// By counts the killed by the kind of finding that came first.
	By map[verdict.Kind]int `json:"by"`
	// Stillborn ones do not compile. Same ones compile to the same code as the solution.
	Stillborn int `json:"stillborn"`
	Same      int `json:"same"`
	// Marked ones survive, and the kata says why they do the same as the solution.
	Marked []Mutant `json:"marked"`
	// Survivors are holes in the hidden tests.
	Survivors []Mutant `json:"survivors"`
	// Stale are marks that fit no mutant that survives.
	Stale []string `json:"stale,omitempty"`
}

// Mutant is one that was not killed.
type Mutant struct {
	ID     string `json:"id"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Code   string `json:"code"`
	About  string `json:"about"`
	Reason string `json:"reason,omitempty"`
}

// conclude says whether all of it holds.
func (c *Certificate) conclude() {
	c.Sound = c.Problem == "" && len(c.Form) == 0 && c.Stub.Holds() && len(c.Mutants.Survivors) == 0 && len(c.Mutants.Stale) == 0
	for _, proofs := range [][]Proof{c.Right, c.Wrong} {
		for _, p := range proofs {
			c.Sound = c.Sound && p.Holds()
		}
	}
}
