package kata

import (
	"fmt"
	"regexp"
	"strings"
)

// ID names a kata as "track/slug".
type ID string

var (
	nameRule  = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	aliasRule = regexp.MustCompile(`^[a-z][a-z0-9]*(/[a-z][a-z0-9]*)?$`)
)

// ParseID reads "track/slug" and holds both parts to [a-z][a-z0-9]*.
func ParseID(s string) (ID, error) {
	track, slug, ok := strings.Cut(s, "/")
	if !ok || !nameRule.MatchString(track) || !nameRule.MatchString(slug) {
		return "", fmt.Errorf("kata id %q: want track/slug, each of the form [a-z][a-z0-9]*", s)
	}
	return ID(s), nil
}

// Track is the part before the slash.
func (id ID) Track() string { track, _, _ := strings.Cut(string(id), "/"); return track }

// Slug is the part after the slash; it is the kata's package name too.
func (id ID) Slug() string { _, slug, _ := strings.Cut(string(id), "/"); return slug }
