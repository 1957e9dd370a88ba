package gil_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/katas/sim/gil"
)

func TestInstructionsReadAsDisShowsThem(t *testing.T) {
	code := gil.Code{load, one, call, add, store, pop, acquire, release, jump, {Op: 99}}
	require.Equal(t, "LOAD_GLOBAL counter; LOAD_CONST 1; CALL step; BINARY_OP +; STORE_GLOBAL counter; POP_TOP; "+
		"CALL lock.acquire; CALL lock.release; JUMP_BACKWARD; Op(99)", code.String())
}

func TestValidateRefusesWhatNoCompilerWrites(t *testing.T) {
	for name, c := range map[string]struct {
		code gil.Code
		says string
	}{
		"a pop too many":       {gil.Code{load, add}, "instruction 1: BINARY_OP + pops from a stack of 1"},
		"a store of nothing":   {gil.Code{store}, "instruction 0: STORE_GLOBAL counter pops from a stack of 0"},
		"a value left":         {gil.Code{load, call, add}, "1 values left on the stack"},
		"a jump in the middle": {gil.Code{jump, load, pop}, "instruction 0: JUMP_BACKWARD must be the last"},
		"a value at the jump":  {gil.Code{load, jump}, "1 values left on the stack"},
		"no operation":         {gil.Code{{Op: -1}}, "unknown operation -1"},
	} {
		err := c.code.Validate()
		require.ErrorIs(t, err, gil.ErrCode, name)
		require.ErrorContains(t, err, c.says, name)
	}
	for _, code := range []gil.Code{nil, {jump}, plusOne, stepLoop, lockLoop, {release}} {
		require.NoError(t, code.Validate(), "%v", code)
	}
}

func TestChecksComeAfterCallsAndJumps(t *testing.T) {
	for in, want := range map[gil.Instruction]bool{
		load: false, one: false, add: false, store: false, pop: false,
		call: true, jump: true, acquire: true, release: true,
	} {
		require.Equal(t, want, gil.CallsAndJumps.After(in.Op), "%v", in)
		require.True(t, gil.EveryInstruction.After(in.Op), "%v", in)
	}
}
