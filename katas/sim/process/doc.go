// Package process gives katas real operating-system processes, as Python's multiprocessing has them: a child is the
// same program started again ("spawn"), it shares no memory with its parent, and all that passes between the two is
// what they send each other over a pipe, pickled.
//
// A function is not sent, only its name, as pickle does: both sides register it under that name when the program
// starts. What is sent is encoded by encoding/gob; values of interface type hold ints, floats, strings, bools, and
// slices of these.
//
// The program calls Main first of all (in a test, in TestMain): in a child it runs the child's function and never
// returns.
package process
