package gil_test

import "github.com/python-concurrency/kata/katas/sim/gil"

// The instructions, in short.
var (
	load    = gil.Instruction{Op: gil.LoadGlobal}
	one     = gil.Instruction{Op: gil.LoadConst, Arg: 1}
	call    = gil.Instruction{Op: gil.Call, Arg: 1}
	add     = gil.Instruction{Op: gil.BinaryOp}
	store   = gil.Instruction{Op: gil.StoreGlobal}
	pop     = gil.Instruction{Op: gil.PopTop}
	jump    = gil.Instruction{Op: gil.JumpBackward}
	acquire = gil.Instruction{Op: gil.Acquire}
	release = gil.Instruction{Op: gil.Release}
)

// The statements that the README of gil/lostupdate speaks of.
var (
	plusOne   = gil.Code{load, one, add, store}        // counter += 1
	plusStep  = gil.Code{load, call, add, store}       // counter += step()
	stepFirst = gil.Code{call, load, add, store}       // counter = step() + counter
	oneLoop   = gil.Code{load, one, add, store, jump}  // for …: counter += 1
	stepLoop  = gil.Code{load, call, add, store, jump} // for …: counter += step()
	locked    = gil.Code{acquire, load, call, add, store, release}
	lockLoop  = gil.Code{acquire, load, call, add, store, release, jump}
)
