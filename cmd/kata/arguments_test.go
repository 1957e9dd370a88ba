package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPermutePutsFlagsBehindTheCommand(t *testing.T) {
	takes := map[string]bool{"format": true, "dir": true, "seed": true}
	for _, c := range []struct{ name, in, out string }{
		{"nothing", "kata", "kata"},
		{"no flags", "kata check foo", "kata check foo"},
		{"behind the argument", "kata check foo --format json", "kata check --format json foo"},
		{"before the command", "kata --format json check foo", "kata check --format json foo"},
		{"on both sides", "kata --fresh check --dir d foo --seed -7 bar", "kata check --fresh --dir d --seed -7 foo bar"},
		{"with an equals sign", "kata check foo --format=json bar", "kata check --format=json foo bar"},
		{"one dash", "kata check foo -format json", "kata check -format json foo"},
		{"a flag that takes no value", "kata check --fresh foo", "kata check --fresh foo"},
		{"the value is missing", "kata check foo --dir", "kata check --dir"},
		{"unknown", "kata check foo --nosuch bar", "kata check --nosuch foo bar"},
		{"help about a command", "kata check foo --help", "kata check --help"},
		{"behind two dashes", "kata check --fresh -- --format json", "kata check --fresh -- --format json"},
		{"a lone dash is an argument", "kata check - --fresh", "kata check --fresh -"},
		{"no command", "kata --help", "kata --help"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := strings.Fields(c.in)
			require.Equal(t, strings.Fields(c.out), permute(in, takes))
			require.Equal(t, strings.Fields(c.in), in, "the caller's arguments must stay as they are")
		})
	}
}

func TestEveryFlagHasOneNature(t *testing.T) {
	// permute knows flags by name alone: a name that takes a value in one command takes one in all.
	takes := map[string]bool{}
	for _, c := range commands(newSession(house{}, nil, nil)) {
		for _, f := range c.Flags {
			value := f.(interface{ TakesValue() bool }).TakesValue()
			for _, name := range f.Names() {
				before, seen := takes[name]
				require.True(t, !seen || before == value, "--%s of kata %s", name, c.Name)
				takes[name] = value
			}
		}
	}
}
