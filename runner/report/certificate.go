package report

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

// CertificateFormats are the forms in which certificates can be written, by name.
var CertificateFormats = map[string]func(io.Writer, []verify.Certificate, Options) error{
	"text": CertificateText,
	"json": CertificateJSON,
}

// CertificateJSON writes certificates as one document.
func CertificateJSON(w io.Writer, cs []verify.Certificate, _ Options) error {
	sound := len(cs) > 0
	for _, c := range cs {
		sound = sound && c.Sound
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Schema       string               `json:"schema"`
		Sound        bool                 `json:"sound"`
		Certificates []verify.Certificate `json:"certificates"`
	}{verify.Schema, sound, cs})
}

// CertificateText writes certificates for a person: what was proved in a line each, and below it what was not.
func CertificateText(w io.Writer, cs []verify.Certificate, o Options) error {
	p := newPage(o)
	for _, c := range cs {
		p.gap()
		writeCertificate(p, c)
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

func writeCertificate(p *page, c verify.Certificate) {
	says, style := "sound", green
	if !c.Sound {
		says, style = "not sound", red
	}
	p.line(span{bold, c.Kata}, text(": "), span{style, says}, text(fmt.Sprintf(" (%.1f s)", c.Seconds)))
	if c.Problem != "" {
		p.prose(text("  could not be verified: "), text(c.Problem))
		return
	}
	writeForm(p, c)
	writeProofs(p, "stub", []verify.Proof{c.Stub}, "fails, as it must")
	writeProofs(p, "right", c.Right, fmt.Sprintf("pass, %s each", count(c.Runs, "time")))
	writeProofs(p, "wrong", c.Wrong, fmt.Sprintf("fail for the declared reason, %s each", count(c.Runs, "time")))
	writeMutants(p, c.Mutants)
}

func writeForm(p *page, c verify.Certificate) {
	if len(c.Form) == 0 {
		row(p, "form", "every rule is kept", true)
		return
	}
	row(p, "form", count(len(c.Form), "fault"), false)
	for _, f := range c.Form {
		place := f.File
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d", f.File, f.Line)
		}
		detail(p, place+": "+f.What+" ("+f.Rule+")", f.Hint)
	}
}

// rowIndent is how far the text of a row is from the edge.
const rowIndent = 13

// row is one line of a certificate.
func row(p *page, what, says string, holds bool) {
	mark := span{green, "✓ "}
	if !holds {
		mark = span{red, "✗ "}
	}
	lines := wrap(visible(says), p.width-rowIndent)
	p.line(text("  "), mark, text(fmt.Sprintf("%-8s ", what)), text(lines[0]))
	for _, l := range lines[1:] {
		p.line(text(strings.Repeat(" ", rowIndent)), text(l))
	}
}

// detail is one thing that does not hold, and what to do about it.
func detail(p *page, what, hint string) {
	p.prose(text("      - "), text(what))
	if hint != "" {
		p.prose(text("        "), span{faint, hint})
	}
}

func writeProofs(p *page, what string, proofs []verify.Proof, holds string) {
	held := 0
	for _, proof := range proofs {
		if proof.Holds() {
			held++
		}
	}
	row(p, what, fmt.Sprintf("%d of %d %s", held, len(proofs), holds), held == len(proofs))
	for _, proof := range proofs {
		if proof.Holds() {
			continue
		}
		detail(p, fmt.Sprintf("%s: must be %s, and was in %d of %s", proof.Name, proof.Want, proof.Held, count(proof.Runs, "run")), "")
		for _, m := range proof.Missed {
			detail(p, missed(m), "")
		}
	}
}

func missed(m verify.Miss) string {
	said := m.Got
	if m.Title != "" {
		said = strings.TrimSpace(m.Test + ": " + m.Title)
	}
	var under []string
	if m.Conditions.Seed != 0 {
		under = append(under, fmt.Sprintf("seed %d", m.Conditions.Seed))
	}
	if m.Conditions.Procs != 0 {
		under = append(under, fmt.Sprintf("GOMAXPROCS %d", m.Conditions.Procs))
	}
	if m.Conditions.Shuffle != 0 {
		under = append(under, fmt.Sprintf("order %d", m.Conditions.Shuffle))
	}
	return fmt.Sprintf("with %s: %s", strings.Join(under, ", "), said)
}

func writeMutants(p *page, m verify.Mutants) {
	alive := m.Made - m.Stillborn - m.Same
	says := fmt.Sprintf("%d of %d killed%s", m.Killed, alive, by(m.By))
	if n := len(m.Marked); n > 0 {
		says += fmt.Sprintf(", %d marked as equivalent", n)
	}
	row(p, "mutants", says, len(m.Survivors) == 0 && len(m.Stale) == 0)
	for _, s := range m.Survivors {
		detail(p, fmt.Sprintf("%s survives: %s", s.ID, s.About), s.Code)
	}
	for _, s := range m.Stale {
		detail(p, "no mutant fits this mark any more: "+s, "")
	}
}

// by counts the killed by what told on them.
func by(kinds map[verdict.Kind]int) string {
	if len(kinds) == 0 {
		return ""
	}
	order := slices.SortedFunc(maps.Keys(kinds), func(a, b verdict.Kind) int {
		if kinds[a] != kinds[b] {
			return kinds[b] - kinds[a]
		}
		return strings.Compare(string(a), string(b))
	})
	parts := make([]string, len(order))
	for i, k := range order {
		parts[i] = fmt.Sprintf("%s %d", k, kinds[k])
	}
	return " (" + strings.Join(parts, ", ") + ")"
}
