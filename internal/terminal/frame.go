// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"
)

// What a terminal is told. While a frame is written it breaks no line: it may take a
// character for wider than it is here.
const (
	begin      = "\x1b[?25l\x1b[?2004h" // no cursor; a paste is marked as one
	finish     = "\x1b[?2004l\x1b[?25h"
	noBreaks   = "\x1b[?7l"
	breaks     = "\x1b[?7h"
	aside      = "\x1b[?1049h" // the other screen, which keeps nothing
	eraseAll   = "\x1b[H\x1b[2J"
	backAgain  = "\x1b[?1049l"
	eraseLine  = "\r\x1b[K"
	eraseBelow = "\r\x1b[J"
)

// picture is what a terminal shows of a view. The zero one is nothing yet.
//
// Between two frames the cursor stands at its upper left corner. When a window
// changes, terminals differ in whether they break lines anew, so how many lines there
// are above the cursor would not be known; what is below it can be erased.
type picture struct {
	lines    []string
	begun    bool
	aside    bool
	outdated bool // the window has changed
	lost     bool // another process has had the terminal
}

// next is what makes the picture that of a view, in a window of so many lines; 0: not
// known. Lines that stay are not written, and those are left out that would make the
// window scroll.
func (p *picture) next(v view, height int) string {
	var b strings.Builder
	if !p.begun || p.lost {
		b.WriteString(begin)
		p.begun = true
	}
	switch {
	case v.alone && !p.aside:
		b.WriteString(aside + eraseAll)
		p.lines = nil
	case !v.alone && p.aside:
		b.WriteString(backAgain)
		p.lines = nil
	case p.lost && p.aside:
		b.WriteString(eraseAll)
		p.lines = nil
	case p.outdated, p.lost:
		b.WriteString(eraseBelow)
		p.lines = nil
	}
	p.aside, p.outdated, p.lost = v.alone, false, false
	lines := strings.Split(v.text, "\n")
	if height > 0 && len(lines) > height {
		lines = lines[:height]
	}
	b.WriteString(noBreaks)
	p.draw(&b, lines)
	b.WriteString(breaks)
	p.lines = lines
	return b.String()
}

// draw writes what differs and goes back to the corner.
func (p *picture) draw(b *strings.Builder, lines []string) {
	at := 0
	down := func(to int) {
		b.WriteString(strings.Repeat("\r\n", to-at))
		at = to
	}
	for i, line := range lines {
		if i >= len(p.lines) || line != p.lines[i] {
			down(i)
			b.WriteString(eraseLine + line)
		}
	}
	if len(p.lines) > len(lines) {
		down(len(lines))
		b.WriteString(eraseBelow)
	}
	b.WriteString("\r")
	if at > 0 {
		fmt.Fprintf(b, "\x1b[%dA", at)
	}
}

// end is what leaves the picture, and the cursor below it.
func (p *picture) end() string {
	var b strings.Builder
	switch {
	case !p.begun:
		return ""
	case p.aside:
		b.WriteString(backAgain)
	case len(p.lines) > 0:
		b.WriteString(strings.Repeat("\r\n", len(p.lines)-1))
		if p.lines[len(p.lines)-1] != "" {
			b.WriteString("\r\n")
		}
	}
	*p = picture{}
	return b.String() + finish
}
