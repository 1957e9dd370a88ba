#include "textflag.h"

// int __popcountdi2(unsigned long), in the C calling convention: the argument in DI, the result in AX. It counts in
// parallel (Hacker's Delight, 5-1) because the POPCNT instruction is not on every amd64.
TEXT __popcountdi2(SB), NOSPLIT|NOFRAME, $0
	MOVQ DI, AX
	SHRQ $1, AX
	MOVQ $0x5555555555555555, CX
	ANDQ CX, AX
	SUBQ AX, DI
	MOVQ $0x3333333333333333, CX
	MOVQ DI, AX
	ANDQ CX, AX
	SHRQ $2, DI
	ANDQ CX, DI
	ADDQ DI, AX
	MOVQ AX, CX
	SHRQ $4, CX
	ADDQ CX, AX
	MOVQ $0x0f0f0f0f0f0f0f0f, CX
	ANDQ CX, AX
	MOVQ $0x0101010101010101, CX
	IMULQ CX, AX
	SHRQ $56, AX
	RET
