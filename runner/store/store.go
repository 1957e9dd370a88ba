// Package store is the cache folder as a place: whose it is, what rooms it has and how much each may hold, who is in
// there at this moment, and how it is emptied. Nothing in it is worth more than the time to make it again, so a failed
// write costs speed and never a verdict.
//
// Everything that removes goes through os.Root: a symbolic link in the cache is removed or left alone, and never
// followed out of it.
package store

// Room is one folder of the cache.
type Room struct {
	// Name is the folder's name below the cache.
	Name string
	// Holds says what lies in it, for a person to read.
	Holds string
	// Most is how many entries it may hold; beyond it the half that was not used for longest goes. 0: the number is not
	// bounded.
	Most int
	// MostBytes is how large one entry may be; a larger one is not kept. 0: no bound.
	MostBytes int64
	// Bound says the same in words, where numbers do not say it.
	Bound string
}

// The rooms. A verdict takes some kilobytes, a compiled test package some hundred, and a set of archives some 60 MB.
var (
	Verdicts = Room{Name: "verdicts", Holds: "verdicts", Most: 1000, MostBytes: 64 << 10}
	Tests    = Room{Name: "tests", Holds: "compiled hidden tests", Most: 100, MostBytes: 4 << 20}
	Archives = Room{Name: "archives", Holds: "sets of compiled packages: the standard library and the lab", Most: 3}
	Scratch  = Room{Name: "tmp", Holds: "temporary folders", Bound: "one for each running check; a killed check's goes after an hour"}
)

// Rooms are all of them.
var Rooms = []Room{Verdicts, Tests, Archives, Scratch}
