package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/store"
)

func doctorCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "doctor", Usage: "is this machine able to grade, and what to do if not",
		Action: func(c *cli.Context) error {
			if err := none(c); err != nil {
				return err
			}
			r, err := s.grader()
			if err != nil {
				return err
			}
			found := r.Doctor(c.Context)
			s.bar.done()
			for _, h := range found {
				mark := "ok  "
				if !h.OK {
					mark = "FAIL"
				}
				fmt.Fprintf(s.stdout, "%s  %s: %s\n", mark, h.Name, h.Detail)
			}
			if last := found[len(found)-1]; !last.OK {
				return &failure{code: exitMachine, what: last.Name + " is not as it must be", hint: last.Remedy}
			}
			s.showCache(r.CacheUsage())
			fmt.Fprintln(s.stdout, "This machine can grade.")
			return nil
		},
	}
}

// showCache says of each room of the cache how full it is and how full it may be.
func (s *session) showCache(rooms []store.Usage) {
	for _, u := range rooms {
		fmt.Fprintf(s.stdout, "      %-9s  %8s in %d (%s; %s)\n", u.Room.Name, store.Human(u.Bytes), u.Entries, u.Room.Holds, u.Room.Limit())
	}
	if len(rooms) > 0 {
		fmt.Fprintln(s.stdout, "      To empty it: kata clean")
	}
}
