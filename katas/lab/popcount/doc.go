// Package popcount gives the race runtime the one function that it takes from the C compiler's support library
// (libgcc's __popcountdi2). Without it the linker looks for undefined symbols over the whole program three times and
// reads libgcc.a, at every link: a quarter of its time. Only the runner's builds rest on it; a build by the go command
// finds the same function here or in libgcc.
//
// It is there for amd64, where it was measured; elsewhere the linker reads the compiler's library as it always does.
package popcount
