package explore

// Op is an operation that another goroutine can see.
type Op uint8

// The operations that have a point before them.
const (
	Begin Op = iota
	Lock
	TryLock
	Unlock
	RLock
	TryRLock
	RUnlock
	Announce
	Add
	Done
	Wait
	WaitZero
	CondWait
	CondWake
	Signal
	Broadcast
	Once
	OnceDone
	Load
	Store
	Swap
	CompareAndSwap
	AtomicAdd
	Map
	Pool
	Send
	Receive
	Select
	Close
	Go
	Call
	Read
	Write
	Loop
	goesOn
	nOps
)

// nature is what the scheduler has to know of an operation.
type nature struct {
	// says is the verb for the drawing.
	says string
	// free: only gives something back, so nobody needs to be preempted before it.
	free bool
	// reads: changes nothing that another goroutine could wait for in a loop. Where an operation may turn out either
	// way, it reads, and Changed tells that it did change something.
	reads bool
	// wakes: may let a goroutine go on that waits outside of the scheduler's sight.
	wakes bool
	// fine: a plain access to memory, or a loop head: a choice for the random search only.
	fine bool
}

var natures = [nOps]nature{
	Begin:          {says: "starts", free: true},
	Lock:           {says: "locks"},
	TryLock:        {says: "tries to lock", reads: true},
	Unlock:         {says: "unlocks", free: true},
	RLock:          {says: "locks for reading"},
	TryRLock:       {says: "tries to lock for reading", reads: true},
	RUnlock:        {says: "unlocks for reading", free: true},
	Announce:       {says: "gets it from the readers"},
	Add:            {says: "adds"},
	Done:           {says: "is done", free: true},
	Wait:           {says: "need not wait", reads: true},
	WaitZero:       {says: "goes on", reads: true},
	CondWait:       {says: "begins to wait"},
	CondWake:       {says: "is woken"},
	Signal:         {says: "signals"},
	Broadcast:      {says: "broadcasts"},
	Once:           {says: "does once"},
	OnceDone:       {says: "has done it once", free: true},
	Load:           {says: "loads", reads: true},
	Store:          {says: "stores"},
	Swap:           {says: "swaps"},
	CompareAndSwap: {says: "compares and swaps", reads: true},
	AtomicAdd:      {says: "adds"},
	Map:            {says: "uses the map"},
	Pool:           {says: "uses the pool"},
	Send:           {says: "sends", wakes: true},
	Receive:        {says: "receives", wakes: true},
	Select:         {says: "selects", reads: true, wakes: true},
	Close:          {says: "closes", wakes: true},
	Go:             {says: "starts", free: true},
	Call:           {says: "calls", wakes: true},
	Read:           {says: "reads", reads: true, fine: true},
	Write:          {says: "writes", fine: true},
	goesOn:         {says: "goes on", free: true, reads: true},
	Loop:           {says: "goes round", reads: true, fine: true},
}

// String is the operation as the drawing says it: "locks".
func (o Op) String() string { return natures[o].says }
