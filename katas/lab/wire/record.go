// Package wire is the form in which a running test binary tells the runner what it found: a stream of records on a
// file descriptor of its own, apart from anything the submission prints. The lab writes it and the runner's evidence
// room reads it; nothing else knows it.
//
// A record is a frame: a uvarint count of fields, then each field as a uvarint length and its bytes. It is written by
// hand because encoding/json would cost every graded test binary the time to link it.
package wire

import (
	"errors"
	"fmt"
	"io"
	"strconv"
)

// Environment variables by which the runner tells the lab that it is listening, and where.
const (
	// EnvRecords holds the number of the file descriptor that records go to.
	EnvRecords = "KATA_LAB_RECORDS"
	// EnvKey holds the number of the file descriptor that the key is read from: KeySize bytes that each record begins
	// with. Unset, there is none.
	EnvKey = "KATA_LAB_KEY"
	// EnvCrash holds the number of the file descriptor that the Go runtime's crash report goes to.
	EnvCrash = "KATA_LAB_CRASH"
	// EnvSeed and EnvSchedules steer the explored lens; unset or 0 is the default.
	EnvSeed      = "KATA_LAB_SEED"
	EnvSchedules = "KATA_LAB_SCHEDULES"
)

// KeySize is the length of a key in bytes.
const KeySize = 16

// Event says what a record tells.
type Event string

const (
	// Start: a hidden test began.
	Start Event = "start"
	// End: a hidden test ended; Failed and Races say how.
	End Event = "end"
	// Found: something is wrong with the submission.
	Found Event = "found"
	// Arrived: N of Of tasks have reached the rendezvous named by Title.
	Arrived Event = "arrived"
	// Stopped: the lab ended the process on purpose after this test; the rest want a fresh process.
	Stopped Event = "stopped"
	// Explored: N schedules were explored in this test; Exhaustive says whether that was all of them up to the bound Of.
	Explored Event = "explored"
)

// Record is one thing that a test binary has to tell. Which fields are set depends on Event.
type Record struct {
	Event Event
	Test  string
	// Kind, Title, Explain, Want and Got are those of a finding.
	Kind, Title, Explain, Want, Got string
	// At is the hidden test's own file:line where it was found.
	At string
	// Stack holds goroutine stacks as runtime.Stack prints them.
	Stack  string
	Failed bool
	// Races is how many race reports this process has written when the record was made.
	Races int
	N, Of int
	// Exhaustive belongs to Explored.
	Exhaustive bool
	// Nanos is a duration in nanoseconds of the real clock, with End.
	Nanos int64
	// Seed is what an explored finding can be had again with.
	Seed int64
	// Steps is the interleaving of an explored finding, in its order.
	Steps []Step
	// Places are other lines that a finding is about.
	Places []Place
	// Spans is the timeline: lane, start, end for each bar, in nanoseconds from the bubble's start; end -1 is open.
	Spans []Span
}

// Span is one bar of a timeline.
type Span struct {
	Lane       string
	Start, End int64
}

// Step is one operation of one goroutine.
type Step struct {
	Goroutine, At, Op string
	// Preempted: it could have gone on behind this, and another did.
	Preempted bool
}

// Place is a line, as file:line, with what it has to do with the finding.
type Place struct {
	Role, At string
}

// fixed is the number of fields before the lists; each list has its length among them.
const fixed = 19

// Fields that one member of a list takes.
const (
	perSpan  = 3
	perStep  = 4
	perPlace = 2
)

// Append encodes r behind buf.
func Append(buf []byte, r Record) []byte {
	fields := []string{
		string(r.Event), r.Test, r.Kind, r.Title, r.Explain, r.Want, r.Got, r.At, r.Stack,
		strconv.FormatBool(r.Failed), strconv.Itoa(r.Races), strconv.Itoa(r.N), strconv.Itoa(r.Of),
		strconv.FormatBool(r.Exhaustive), strconv.FormatInt(r.Nanos, 10), strconv.FormatInt(r.Seed, 10),
		strconv.Itoa(len(r.Spans)), strconv.Itoa(len(r.Steps)), strconv.Itoa(len(r.Places)),
	}
	for _, s := range r.Spans {
		fields = append(fields, s.Lane, strconv.FormatInt(s.Start, 10), strconv.FormatInt(s.End, 10))
	}
	for _, s := range r.Steps {
		fields = append(fields, s.Goroutine, s.At, s.Op, strconv.FormatBool(s.Preempted))
	}
	for _, p := range r.Places {
		fields = append(fields, p.Role, p.At)
	}
	buf = appendUvarint(buf, len(fields))
	for _, f := range fields {
		buf = appendUvarint(buf, len(f))
		buf = append(buf, f...)
	}
	return buf
}

// appendUvarint encodes n as encoding/binary does, without that package.
func appendUvarint(buf []byte, n int) []byte {
	v := uint(n)
	for v >= 0x80 {
		buf = append(buf, byte(v)|0x80)
		v >>= 7
	}
	return append(buf, byte(v))
}

// readUvarint decodes what appendUvarint encodes. The error at a clean end is io.EOF.
func readUvarint(r io.ByteReader) (uint64, error) {
	var v uint64
	for shift := uint(0); shift < 63; shift += 7 {
		b, err := r.ReadByte()
		if err == io.EOF && shift > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return v, nil
		}
	}
	return 0, errors.New("a number that does not end")
}

// Bounds on what Read takes, so that a torn or forged stream cannot make it allocate without end.
const (
	maxFields = 1 << 16
	maxField  = 4 << 20
)

// ErrTorn reports a stream that ends inside a record: the process died while it wrote.
var ErrTorn = errors.New("wire: the stream ends inside a record")

// Reader is what Read needs: *bufio.Reader and *bytes.Reader have it.
type Reader interface {
	io.Reader
	io.ByteReader
}

// Read decodes the next record. It returns io.EOF at a clean end, ErrTorn where the stream ends inside a record, and
// another error where the bytes are no record.
func Read(r Reader) (Record, error) {
	n, err := readUvarint(r)
	if err == io.EOF {
		return Record{}, io.EOF
	}
	if err != nil {
		return Record{}, torn(err)
	}
	if n < fixed || n > maxFields {
		return Record{}, fmt.Errorf("wire: a record of %d fields", n)
	}
	fields := make([]string, 0, min(n, 64))
	for range n {
		f, err := readField(r)
		if err != nil {
			return Record{}, err
		}
		fields = append(fields, f)
	}
	return parse(fields)
}

func readField(r Reader) (string, error) {
	size, err := readUvarint(r)
	if err != nil {
		return "", torn(err)
	}
	if size > maxField {
		return "", fmt.Errorf("wire: a field of %d bytes", size)
	}
	buf := make([]byte, size)
	if _, err := io.ReadFull(r, buf); err != nil {
		return "", torn(err)
	}
	return string(buf), nil
}

func torn(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTorn
	}
	return fmt.Errorf("wire: %w", err)
}

func parse(f []string) (Record, error) {
	p := parser{}
	r := Record{
		Event: Event(f[0]), Test: f[1], Kind: f[2], Title: f[3], Explain: f[4], Want: f[5], Got: f[6], At: f[7], Stack: f[8],
		Failed: p.bool(f[9]), Races: int(p.int(f[10])), N: int(p.int(f[11])), Of: int(p.int(f[12])),
		Exhaustive: p.bool(f[13]), Nanos: p.int(f[14]), Seed: p.int(f[15]),
	}
	spans, steps, places := p.int(f[16]), p.int(f[17]), p.int(f[18])
	if p.err != nil {
		return Record{}, p.err
	}
	for _, n := range []int64{spans, steps, places} {
		if n < 0 || n > maxFields {
			return Record{}, fmt.Errorf("wire: a list of %d", n)
		}
	}
	rest := f[fixed:]
	if int64(len(rest)) != perSpan*spans+perStep*steps+perPlace*places {
		return Record{}, fmt.Errorf("wire: lists of %d, %d and %d in %d fields", spans, steps, places, len(rest))
	}
	for ; spans > 0; spans-- {
		r.Spans = append(r.Spans, Span{Lane: rest[0], Start: p.int(rest[1]), End: p.int(rest[2])})
		rest = rest[perSpan:]
	}
	for ; steps > 0; steps-- {
		r.Steps = append(r.Steps, Step{rest[0], rest[1], rest[2], p.bool(rest[3])})
		rest = rest[perStep:]
	}
	for ; places > 0; places-- {
		r.Places = append(r.Places, Place{rest[0], rest[1]})
		rest = rest[perPlace:]
	}
	return r, p.err
}

// parser keeps the first error of a run of conversions.
type parser struct{ err error }

func (p *parser) int(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	p.keep(err)
	return n
}

func (p *parser) bool(s string) bool {
	b, err := strconv.ParseBool(s)
	p.keep(err)
	return b
}

func (p *parser) keep(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("wire: %w", err)
	}
}
