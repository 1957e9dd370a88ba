package main

import (
	"strings"

	"github.com/urfave/cli/v2"
)

// permute moves flags before the arguments that stand between them: urfave/cli v2 stops looking for flags at the
// first argument. What follows "--" stays as it is. The command's name, the first argument of all, keeps its place.
func permute(args []string, takesValue map[string]bool) []string {
	if len(args) == 0 {
		return args
	}
	var flags, rest []string
	out := []string{args[0]}
	command := false
	for i := 1; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "--":
			rest = append(rest, args[i:]...)
			i = len(args)
		case strings.HasPrefix(a, "-") && a != "-":
			flags = append(flags, a)
			if takesValue[strings.TrimLeft(a, "-")] && i+1 < len(args) {
				i++
				flags = append(flags, args[i])
			}
		case !command:
			command = true
			out = append(append(out, flags...), a)
			flags = nil
		default:
			rest = append(rest, a)
		}
	}
	return append(append(out, flags...), rest...)
}

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
	if c.Args().Len() > 1 {
		return "", wrong("kata "+c.Command.Name+" --help", "too many arguments: %s", strings.Join(c.Args().Slice(), " "))
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
