package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/python-concurrency/kata/runner/form"
	"github.com/python-concurrency/kata/runner/kata"
	"github.com/python-concurrency/kata/runner/mutation"
	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verify"
)

// defaultRuns is how often each solution is graded where nobody says.
const defaultRuns = 5

func verifyCommand(s *session) *cli.Command {
	return &cli.Command{
		Name: "verify", Usage: "for instructors: prove that the hidden tests of katas can be trusted", ArgsUsage: "[KATA…]",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "runs", Usage: "grade each right and wrong solution `N` times", Value: defaultRuns},
			&cli.BoolFlag{Name: "load", Usage: "keep every core busy with other processes meanwhile"},
			&cli.StringFlag{Name: "format", Usage: "`FORMAT` of the certificates: text or json", Value: "text"},
		},
		Action: func(c *cli.Context) error {
			o := verifyOptions{runs: c.Int("runs"), load: c.Bool("load"), format: c.String("format")}
			switch {
			case o.runs < 1:
				return wrong("kata verify --runs 20", "--runs must be 1 or more")
			case report.CertificateFormats[o.format] == nil:
				return wrong("kata verify --format json", "there is no format %q: there are json, text", o.format)
			}
			return s.verify(c.Context, c.Args().Slice(), o)
		},
	}
}

type verifyOptions struct {
	runs   int
	load   bool
	format string
}

// verify proves the katas named, or all of them, and tells each as soon as it is proved.
func (s *session) verify(ctx context.Context, queries []string, o verifyOptions) error {
	s.standOnRepository()
	katas, err := s.meant(queries)
	if err != nil {
		return err
	}
	grader, err := s.grader()
	if err != nil {
		return err
	}
	if o.load {
		stop, err := keepBusy(2 * runtime.NumCPU())
		if err != nil {
			return broken(fmt.Errorf("start processes that keep the machine busy: %w", err), "kata verify")
		}
		defer stop()
	}
	var certificates, unread []verify.Certificate
	for _, k := range katas {
		subject, err := s.subject(k)
		if err != nil && len(queries) > 0 {
			return err
		}
		if err != nil {
			unread = append(unread, verify.Certificate{Kata: string(k.ID), Problem: err.Error()})
			continue
		}
		s.bar.step("verifying " + string(k.ID))
		c, err := verify.Run(ctx, grader, subject, verify.Options{
			Runs: o.runs, Parallel: runtime.NumCPU(),
			Progress: func(done, all int) { s.bar.update(fmt.Sprintf("verifying %s: %d of %d submissions", k.ID, done, all)) },
		})
		s.bar.done()
		if err != nil {
			return err
		}
		certificates = append(certificates, c)
		if o.format == "text" {
			if err := s.certify(c, o); err != nil {
				return err
			}
		}
	}
	if len(queries) == 0 {
		unread = append(unread, s.unreadable()...)
	}
	certificates = append(certificates, unread...)
	told := unread // the others were told as they came
	if o.format != "text" {
		told = certificates
	}
	if len(told) > 0 || o.format != "text" {
		if err := s.certifyAll(told, o); err != nil {
			return err
		}
	}
	return soundness(certificates)
}

// unreadable are the katas of which nothing can be proved, since they cannot be read.
func (s *session) unreadable() (certificates []verify.Certificate) {
	c, err := s.catalog()
	if err != nil {
		return nil
	}
	for _, b := range c.Broken() {
		certificates = append(certificates, verify.Certificate{Kata: string(b.ID), Problem: b.Err.Error()})
	}
	return certificates
}

// meant are the katas that somebody named, or all of them.
func (s *session) meant(queries []string) ([]kata.Kata, error) {
	if len(queries) == 0 {
		c, err := s.catalog()
		if err != nil {
			return nil, err
		}
		return c.Katas(), nil
	}
	var katas []kata.Kata
	for _, q := range queries {
		k, err := s.find(q)
		if err != nil {
			return nil, err
		}
		katas = append(katas, k)
	}
	return katas, nil
}

// subject gathers what a kata's proof needs.
func (s *session) subject(k kata.Kata) (verify.Subject, error) {
	c, err := s.catalog()
	if err != nil {
		return verify.Subject{}, err
	}
	subject := verify.Subject{Kata: k}
	for _, f := range form.Check(s.house.katas, s.house.solutions, k.ID) {
		subject.Form = append(subject.Form, verify.Fault{Rule: f.Rule, File: f.File, Line: f.Line, What: f.What, Hint: f.Hint})
	}
	if subject.Solution, err = c.Solution(k.ID); err != nil {
		return subject, broken(err, "ls solutions/"+string(k.ID))
	}
	if subject.Variants, err = c.Variants(k.ID); err != nil {
		return subject, broken(err, "ls solutions/"+string(k.ID)+"/testdata")
	}
	if subject.Equivalents, err = equivalents(s.house.solutions, k.ID); err != nil {
		return subject, broken(err, "look at solutions/"+string(k.ID)+"/testdata/equivalent.toml")
	}
	return subject, nil
}

// equivalents reads the mutants that a kata's author has marked; most katas have a few.
func equivalents(solutions fs.FS, id kata.ID) (mutation.Equivalents, error) {
	name := path.Join(string(id), "testdata", "equivalent.toml")
	data, err := fs.ReadFile(solutions, name)
	if errors.Is(err, fs.ErrNotExist) {
		return mutation.Equivalents{}, nil
	}
	if err != nil {
		return mutation.Equivalents{}, fmt.Errorf("marked mutants of %s: %w", id, err)
	}
	marked, err := mutation.ParseEquivalents(data)
	if err != nil {
		return mutation.Equivalents{}, fmt.Errorf("solutions/%s: %w", name, err)
	}
	return marked, nil
}

func (s *session) certify(c verify.Certificate, o verifyOptions) error {
	return s.certifyAll([]verify.Certificate{c}, o)
}

func (s *session) certifyAll(cs []verify.Certificate, o verifyOptions) error {
	err := report.CertificateFormats[o.format](s.stdout, cs, report.Options{Color: s.stdout.color, Width: width(s.stdout.w)})
	if err != nil {
		return broken(fmt.Errorf("write the certificate: %w", err), "")
	}
	return nil
}

// soundness is the exit code of certificates: a fault of the machine is graver than a kata that is not sound.
func soundness(cs []verify.Certificate) error {
	var unsound []string
	for _, c := range cs {
		if c.Problem != "" {
			return &failure{code: exitMachine, what: fmt.Sprintf("%s could not be verified: %s", c.Kata, c.Problem), hint: "kata doctor"}
		}
		if !c.Sound {
			unsound = append(unsound, c.Kata)
		}
	}
	if len(unsound) > 0 {
		return &failure{code: exitFailed, what: fmt.Sprintf("%s not sound: %s", count(len(unsound), "kata"), strings.Join(unsound, ", "))}
	}
	return nil
}

var _ verify.Grader = (grader)(nil)
