package form

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// sectionTitles are a README's sections, in their order.
var sectionTitles = []string{"The idea", "In Python", "In Go", "Your task", "What is checked", "Read on"}

// section is what stands between one heading of the second level and the next.
type section struct {
	title string
	line  int
	// prose is the text without headings, blocks the fenced code by its language, one text for all blocks of a language.
	prose  strings.Builder
	blocks map[string]string
}

var (
	heading = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	fence   = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})[ \t]*([^` \t]*)[^`]*$")
	comment = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
)

// readSections reads Markdown as far as headings and fenced code go: a # within code is no heading. open is the line of
// a fence that is never closed, or 0.
func readSections(lines []string) (all []*section, open int) {
	now := &section{} // what stands before the first heading belongs to none
	mark, language := "", ""
	for i, line := range lines {
		f := fence.FindStringSubmatch(line)
		switch {
		case mark == "" && f != nil:
			mark, language, open = f[1], f[2], i+1
		case mark != "" && f != nil && f[2] == "" && strings.HasPrefix(f[1], mark):
			mark, open = "", 0
		case mark != "":
			now.code(language, line)
		default:
			if h := heading.FindStringSubmatch(line); h == nil {
				now.prose.WriteString(line + "\n")
			} else if len(h[1]) == 2 {
				now = &section{title: h[2], line: i + 1}
				all = append(all, now)
			}
		}
	}
	return all, open
}

func (s *section) code(language, line string) {
	if s.blocks == nil {
		s.blocks = make(map[string]string)
	}
	s.blocks[language] += line + "\n"
}

func (s *section) empty() bool {
	if strings.TrimSpace(comment.ReplaceAllString(s.prose.String(), "")) != "" {
		return false
	}
	for _, code := range s.blocks {
		if strings.TrimSpace(code) != "" {
			return false
		}
	}
	return true
}

func checkSections(s *subject) []Fault {
	f, ok := s.sources[s.in("README.md")]
	if !ok {
		return nil
	}
	sections, open := readSections(f.lines())
	if open > 0 {
		return []Fault{f.fault(open, "a block of code begins here and never ends", "close it with a line of the same backquotes")}
	}
	order := "the sections are " + strings.Join(sectionTitles, " · ")
	var faults []Fault
	var titles []string
	for _, section := range sections {
		switch {
		case !slices.Contains(sectionTitles, section.title):
			faults = append(faults, f.fault(section.line, fmt.Sprintf("there is no section %q in a kata's README", section.title), order))
		case slices.Contains(titles, section.title):
			faults = append(faults, f.fault(section.line, fmt.Sprintf("the section %q is there twice", section.title), order))
		case section.empty():
			faults = append(faults, f.fault(section.line, fmt.Sprintf("the section %q is empty", section.title), "write it"))
		}
		titles = append(titles, section.title)
	}
	for _, title := range sectionTitles {
		if !slices.Contains(titles, title) {
			faults = append(faults, f.fault(0, fmt.Sprintf("the section %q is missing", title), "## "+title))
		}
	}
	if len(titles) == len(sectionTitles) && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Line == 0 }) {
		for i, title := range titles {
			if title != sectionTitles[i] {
				return append(faults, f.fault(sections[i].line, fmt.Sprintf("the section %q stands where %q belongs", title, sectionTitles[i]), order))
			}
		}
	}
	return faults
}

func checkPython(s *subject) []Fault {
	f, ok := s.sources[s.in("README.md")]
	if !ok {
		return nil
	}
	sections, _ := readSections(f.lines())
	for _, section := range sections {
		if section.title == "In Python" && !section.empty() && strings.TrimSpace(section.blocks["python"]) == "" {
			return []Fault{f.fault(section.line, "shows no Python", "put the Python that the kata mirrors into a block that begins with ```python")}
		}
	}
	return nil
}
