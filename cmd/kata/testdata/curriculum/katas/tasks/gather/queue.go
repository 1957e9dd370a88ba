// Package gather is of two files.
package gather
