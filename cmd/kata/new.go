package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/scaffold"
)

func newCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "new", Usage: "for instructors: lay the folders of a new kata in the repository", ArgsUsage: "TRACK/SLUG",
		Action: func(c *cli.Context) error {
			name, err := only(c)
			if err != nil {
				return err
			}
			return s.lay(name)
		},
	}
}

// lay makes a kata behind all others: its author moves it by the order in kata.toml.
func (s *session) lay(name string) error {
	if name == "" {
		return wrong("kata new --help", "kata new needs the new kata's name: TRACK/SLUG")
	}
	id := kata.ID(name)
	if err := form.Name(id); err != nil {
		return wrong("kata new threads/handover", "%v", err)
	}
	root, ok := repository()
	if !ok {
		return broken(errors.New("neither this folder nor one above it is the repository of kata: its go.mod begins with "+modulePath), "cd to a clone of the repository")
	}
	order := form.NextOrder(os.DirFS(filepath.Join(root, "katas")))
	written, err := scaffold.Lay(root, id, order)
	if err != nil {
		return notLaid(err, root, id)
	}
	s.laid(root, id, order, written)
	return nil
}

// notLaid tells a name that is taken from a disk that would not.
func notLaid(err error, root string, id kata.ID) error {
	var taken *scaffold.IDError
	var exists *scaffold.ExistsError
	switch {
	case errors.As(err, &exists) && exists.Path == scaffold.Aside:
		return broken(fmt.Errorf("%w: another kata new is at work, or one was killed", err), "rm -r "+filepath.ToSlash(shorten(filepath.Join(root, scaffold.Aside))))
	case errors.As(err, &exists):
		return wrong("kata new "+id.Track()+"/another", "%v", err)
	case errors.As(err, &taken):
		return wrong("kata list", "%v", err)
	}
	return broken(err, "kata new "+string(id))
}

// laid says what goes where, folder by folder, and what comes next.
func (s *session) laid(root string, id kata.ID, order int, written []string) {
	widest := 0
	for _, file := range written {
		_, name := inKata(file, id)
		widest = max(widest, len(name))
	}
	fmt.Fprintf(s.stdout, "%s is laid, with order %d, in %s:\n", id, order, shorten(root))
	last := ""
	for _, file := range written {
		folder, name := inKata(file, id)
		if folder != last {
			fmt.Fprintf(s.stdout, "\n%s\n", filepath.ToSlash(shorten(filepath.Join(root, folder))))
			last = folder
		}
		fmt.Fprintf(s.stdout, "  %-*s  %s\n", widest, name, scaffold.About(id, file))
	}
	fmt.Fprintf(s.stdout, `
It is a small kata that works. Make it yours, file by file, and take away each
line that says %q. A built command brings along the katas it was
built with: kata next and kata check know this one after make build.

Next, in %s: go run ./cmd/kata verify %s
`, form.Marker, shorten(root), id)
}

// inKata splits a file of the repository into one of the kata's two folders, or the root, and what follows.
func inKata(file string, id kata.ID) (folder, name string) {
	for _, side := range []string{"katas", "solutions"} {
		folder := side + "/" + string(id)
		if name, ok := strings.CutPrefix(file, folder+"/"); ok {
			return folder, name
		}
	}
	return ".", file
}
