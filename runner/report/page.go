package report

import (
	"bytes"
	"strings"
)

// style is the parameter of an SGR escape sequence.
type style string

const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
)

// span is a piece of a line. Its text may come from anywhere: the page makes it visible.
type span struct {
	style style
	text  string
}

// text is a span without a style.
func text(s string) span { return span{plain, s} }

// page collects lines of at most width columns. Nothing gets on it but through line, which makes text visible before it
// adds any escape sequence of its own.
type page struct {
	out   bytes.Buffer
	width int
	color bool
	// apart: an empty line comes before the next one.
	apart bool
}

const (
	defaultWidth = 80
	leastWidth   = 40
)

func newPage(o Options) *page {
	width := o.Width
	if width <= 0 {
		width = defaultWidth
	}
	return &page{width: max(width, leastWidth), color: o.Color}
}

// line writes one line, cut to the page's width.
func (p *page) line(spans ...span) {
	if p.apart && p.out.Len() > 0 {
		p.out.WriteByte('\n')
	}
	p.apart = false
	room := p.width
	var line strings.Builder
	for _, s := range spans {
		shown := visible(s.text)
		last := columns(shown) > room
		shown = clip(shown, room)
		room -= columns(shown)
		if p.color && s.style != plain && shown != "" {
			shown = "\x1b[" + string(s.style) + "m" + shown + "\x1b[0m"
		}
		line.WriteString(shown)
		if last {
			break
		}
	}
	p.out.WriteString(strings.TrimRight(line.String(), " "))
	p.out.WriteByte('\n')
}

// gap sets what follows apart by one empty line. Where nothing follows, it does nothing.
func (p *page) gap() { p.apart = true }

// mostProseLines bounds a text: a panic's value may be a book.
const mostProseLines = 12

// prose writes text over as many lines as it needs, the first behind head, the others indented as far.
func (p *page) prose(head span, body span) {
	indent := columns(visible(head.text))
	var wrapped []string
	for _, paragraph := range strings.Split(body.text, "\n") {
		wrapped = append(wrapped, wrap(visible(paragraph), p.width-indent)...)
	}
	for i, l := range wrapped {
		if i == mostProseLines {
			p.line(head, span{faint, "(" + count(len(wrapped)-i, "more line") + ")"})
			return
		}
		// l is visible already; visible leaves it as it is, since an escape prints.
		p.line(head, span{body.style, l})
		head = text(strings.Repeat(" ", indent))
	}
}
