package form

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func checkManifest(s *subject) []Fault {
	f, ok := s.sources[s.in("kata.toml")]
	if !ok {
		return nil // the rule on missing files says so
	}
	if s.manifestErr != nil {
		says := strings.TrimPrefix(s.manifestErr.Error(), "kata.toml: ")
		return []Fault{f.fault(blamed(f, says), says, "write kata.toml by the model of katas/gil/lostupdate/kata.toml")}
	}
	var faults []Fault
	if track := s.manifest.Track; track != s.id.Track() {
		faults = append(faults, f.fault(keyLine(f, "track"), fmt.Sprintf("track is %q, but the kata lies in %q", track, s.id.Track()),
			fmt.Sprintf("track = %q", s.id.Track())))
	}
	for i, name := range s.manifest.Files {
		if slices.Contains(s.manifest.Files[:i], name) {
			faults = append(faults, f.fault(keyLine(f, "files"), fmt.Sprintf("files names %s twice", name), "name it once"))
		}
	}
	return faults
}

var (
	saysLine = regexp.MustCompile(`\bline ([0-9]+)\b`)
	saysKey  = regexp.MustCompile(`^(?:unknown key ")?([a-z_.]+)`)
)

// blamed is the line that an error of the manifest speaks of: it names the line, or the key; 0 where the key is not there.
func blamed(f *source, says string) int {
	if m := saysLine.FindStringSubmatch(says); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	if m := saysKey.FindStringSubmatch(says); m != nil {
		return keyLine(f, m[1])
	}
	return 0
}

// keyLine is the line where a key of the manifest is set, or its table begins; 0 where neither is. Of a dotted key the
// last part counts.
func keyLine(f *source, key string) int {
	key = key[strings.LastIndex(key, ".")+1:]
	for i, line := range f.lines() {
		name, _, set := strings.Cut(line, "=")
		if set && strings.Trim(name, " \t\"'") == key || strings.TrimSpace(line) == "["+key+"]" {
			return i + 1
		}
	}
	return 0
}

func checkHints(s *subject) []Fault {
	f, ok := s.sources[s.in("kata.toml")]
	if !ok {
		return nil
	}
	var faults []Fault
	first := make(map[string]int)
	for i, hint := range s.manifest.Hints {
		words := strings.ToLower(strings.Join(strings.Fields(hint), " "))
		if before, twice := first[words]; twice {
			faults = append(faults, f.fault(keyLine(f, "hints"), fmt.Sprintf("hint %d says what hint %d says", i+1, before+1),
				"each hint goes one step further than the one before"))
			continue
		}
		first[words] = i
	}
	return faults
}
