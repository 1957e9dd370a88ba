package report_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/python-concurrency/kata/runner/report"
	"github.com/python-concurrency/kata/runner/verdict"
	"github.com/python-concurrency/kata/runner/verify"
)

var certificates = []verify.Certificate{
	{
		Kata: "gil/lostupdate", Sound: true, Runs: 20, Seconds: 61.2,
		Stub:    verify.Proof{Name: "stub", Want: "failed", Runs: 2, Held: 2},
		Right:   []verify.Proof{{Name: "solution", Want: "passed", Runs: 20, Held: 20}, {Name: "atomic", Want: "passed", Runs: 20, Held: 20}},
		Wrong:   []verify.Proof{{Name: "bare", Want: "race", Runs: 20, Held: 20}},
		Mutants: verify.Mutants{Made: 48, Killed: 44, Stillborn: 1, Same: 1, By: map[verdict.Kind]int{"wrong": 30, "race": 14}, Marked: make([]verify.Mutant, 2)},
	},
	{
		Kata: "threading/barrier", Runs: 20, Seconds: 12.5,
		Form: []verify.Fault{
			{Rule: "sections", File: "katas/threading/barrier/README.md", Line: 12, What: "the section \"Read on\" is missing", Hint: "## Read on"},
			{Rule: "stray", File: "katas/threading/barrier/notes.txt", What: "nobody would get this file"},
		},
		Stub:  verify.Proof{Name: "stub", Want: "failed", Runs: 2, Held: 2},
		Right: []verify.Proof{{Name: "solution", Want: "passed", Runs: 20, Held: 20}, {Name: "waiters", Want: "passed", Runs: 18, Held: 17, Missed: []verify.Miss{{Conditions: verify.Conditions{Seed: 7, Procs: 4, Shuffle: 6}, Got: "failed", Test: "TestReuse", Title: "deadlock: every goroutine waits and none can go on"}}}},
		Wrong: []verify.Proof{{Name: "counter", Want: "deadlock", Runs: 3, Missed: []verify.Miss{{Conditions: verify.Conditions{Seed: 1}, Got: "passed"}}}},
		Mutants: verify.Mutants{
			Made: 60, Killed: 59, By: map[verdict.Kind]int{"deadlock": 59},
			Survivors: []verify.Mutant{{ID: "signal-for-broadcast barrier.go:41", About: "b.changed.Broadcast() in release becomes a Signal", Code: "b.changed.Broadcast()"}},
			Stale:     []string{"drop-stop defer timer.Stop()"},
		},
	},
	{Kata: "asyncio/eventloop", Seconds: 0.1, Problem: "no go command on PATH"},
}

func TestCertificatesReadAsTheirGolden(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, report.CertificateText(&text, certificates, report.Options{Width: 90}))
	golden(t, "certificates.txt", text.String())
}

func TestCertificatesAsJSONAreTheValue(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.CertificateJSON(&out, certificates, report.Options{}))
	var got struct {
		Schema       string
		Sound        bool
		Certificates []verify.Certificate
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, verify.Schema, got.Schema)
	require.False(t, got.Sound)
	require.Equal(t, certificates[1].Right, got.Certificates[1].Right)
}
