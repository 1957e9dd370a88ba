// Package kata is the vocabulary of the curriculum: what a kata is, how it is named, and the rules its manifest
// keeps. It imports nothing of ours.
package kata

// Kata is one exercise, whole. It is immutable once loaded.
type Kata struct {
	ID       ID
	Manifest Manifest
	// Readme is README.md as the learner gets it.
	Readme []byte
	// Stub holds the learner's files as they start out, by name; exactly those of Manifest.Files.
	Stub map[string][]byte
	// Hidden holds the hidden test files by name. They never reach a workspace.
	Hidden map[string][]byte
	// Tests are the hidden tests in the order of the source: a verdict that passes needs a report from each. They
	// are nil where they have not been read off yet.
	Tests []Test
	// Hash names the content: it changes when anything that a learner or the grader sees changes.
	Hash string
}

// Test is one hidden test as read off its source.
type Test struct {
	Name string
	// About is its doc comment: one sentence that says what it checks.
	About string
}

// Package is the name of the kata's Go package: the slug.
func (k Kata) Package() string { return k.ID.Slug() }
