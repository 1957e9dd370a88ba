// Package observable is an exercise: RxPY's Observable, a stream of values over time, and operators that make streams of streams.
//
// Rules for the whole package:
//   - The contract: an observer gets any number of Next, then at most one Error or Completed, and after that nothing. Its
//     functions are not called by two at the same time. They may be nil, which is one that does nothing.
//   - Nothing happens before Subscribe. An Observable is cold: each Subscribe begins the source anew, for itself. What Publish
//     makes is hot: one run of the source, for all who are there at that moment.
//   - A subscription is over when Error or Completed has come, or when it was disposed of. Then everything upstream of it
//     that is for it alone is disposed of too, at once: the sources' disposed channels are closed, all of them.
//   - After dispose has returned, or a terminal event was handed on, nothing more is begun to be handed to that observer; only a
//     Next that was on its way just then, on another goroutine, may still come.
//   - Everything may be called by any goroutine, and out of the functions of an observer too: there one may subscribe, dispose, and
//     dispose of oneself. Operators start no goroutines, and wait for nothing.
package observable

// Observer is who gets the values. A source calls these functions, in the order of the contract; what it calls too much, after an
// Error or Completed or when it was disposed of, goes nowhere.
type Observer struct {
	Next      func(value any)
	Error     func(err error)
	Completed func()
}

// Source produces values for one observer, on the goroutine of Subscribe, or on some that it starts. When disposed is closed nobody
// listens any more: then it ends.
type Source func(o Observer, disposed <-chan struct{})

// Observable is a stream that one can subscribe to.
type Observable struct {
	// Your fields.
}

// Create makes an observable of a source, and sees to it that the contract is kept, whatever the source does.
func Create(source Source) *Observable {
	return &Observable{}
}

// Subscribe begins the source for this observer. What it returns disposes of the subscription; another time it does nothing. A
// source that has produced everything before it returns is fine.
func (s *Observable) Subscribe(o Observer) (dispose func()) {
	return func() {}
}

// Map hands on what f makes of each value. An error of f goes to the observer, and is the end.
func (s *Observable) Map(f func(value any) (any, error)) *Observable {
	return s
}

// Filter hands on the values for which keep is true.
func (s *Observable) Filter(keep func(value any) bool) *Observable {
	return s
}

// Take hands on the first n values, and then Completed, with the last of them: it does not wait for another one. With zero or less
// it is Completed at once, and the source is not begun.
func (s *Observable) Take(n int) *Observable {
	return s
}

// FlatMap is flat_map: it subscribes to what f makes of each value, and hands on the values of all of these, as they come. It is
// Completed when s and all of them are. The first Error of any of them is that of the whole.
func (s *Observable) FlatMap(f func(value any) *Observable) *Observable {
	return s
}

// Merge hands on the values of all sources, as they come. It subscribes to them in their order. It is Completed when all of them are,
// and fails with the first Error.
func Merge(sources ...*Observable) *Observable {
	return &Observable{}
}

// Published is a ConnectableObservable: hot.
type Published struct {
	// Your fields.
}

// Publish makes a hot observable, which begins the source when it is connected and not before.
func (s *Observable) Publish() *Published {
	return &Published{}
}

// Subscribe adds an observer, which gets what comes from now on. Where the source of the last connection has ended, it gets that end
// at once.
func (p *Published) Subscribe(o Observer) (dispose func()) {
	return func() {}
}

// Connect begins the source, once for all observers; while it is connected it only returns. What it returns ends the connection: the
// source is disposed of, and the observers stay, without an end. After that, or after the end of the source, Connect begins it anew; those
// who got an end are not observers any more.
func (p *Published) Connect() (disconnect func()) {
	return func() {}
}

// RefCount is ref_count: an observable that connects for the first observer, and disconnects when the last one has gone.
func (p *Published) RefCount() *Observable {
	return &Observable{}
}
