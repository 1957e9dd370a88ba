package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute moves all flags right behind the command's name: urfave/cli v2 stops looking for flags at the first
// argument, and knows a command's flags only behind its name. What follows "--" stays as it is.
func permute(args []string, takesValue map[string]bool) []string {
	if len(args) == 0 {
		return args
	}
	var flags, rest []string
	alone := false
	for i := 1; i < len(args); i++ {
		a := args[i]
		if a == "--" {
			rest = append(rest, args[i:]...)
			break
		}
		if !strings.HasPrefix(a, "-") || a == "-" {
			rest = append(rest, a)
			continue
		}
		flags = append(flags, a)
		alone = alone || helpFlags[a]
		if takesValue[strings.TrimLeft(a, "-")] {
			if i++; i < len(args) {
				flags = append(flags, args[i])
			} else {
				alone = true
			}
		}
	}
	out := args[:1:1]
	if len(rest) > 0 && rest[0] != "--" {
		out, rest = append(out, rest[0]), rest[1:]
	}
	if alone {
		// A flag whose value is missing would take an argument for it, and help would look for a topic of that name.
		rest = nil
	}
	return append(append(out, flags...), rest...)
}

var helpFlags = map[string]bool{"-h": true, "-help": true, "--help": true}

// flagsWithValue are the names of all flags that take one. A flag has the same nature in every command.
func flagsWithValue(commands []*cli.Command) map[string]bool {
	takes := make(map[string]bool)
	for _, c := range commands {
		for _, f := range c.Flags {
			if v, ok := f.(cli.DocGenerationFlag); ok && v.TakesValue() {
				for _, name := range f.Names() {
					takes[name] = true
				}
			}
		}
	}
	return takes
}

// only takes at most one argument.
func only(c *cli.Context) (string, error) {
	help := "kata " + c.Command.Name + " --help"
	switch {
	case c.Args().Len() > 1:
		return "", wrong(help, "too many arguments: %s", strings.Join(c.Args().Slice(), " "))
	case c.Args().Present() && c.Args().First() == "":
		return "", wrong(help, "the argument is empty")
	}
	return c.Args().First(), nil
}

// none takes no argument.
func none(c *cli.Context) error {
	if c.Args().Present() {
		return wrong("kata "+c.Command.Name+" --help", "kata %s takes no argument, got %q", c.Command.Name, c.Args().First())
	}
	return nil
}
