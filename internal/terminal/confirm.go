// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal/keys"
)

// confirmation is a question that y answers, below a text that can be scrolled. It
// is a model.
type confirmation struct {
	question string
	colours  bool

	diff          string   // "": it was shown already
	lines         []string // of the diff, as the window has them
	top           int      // the first of them that is seen
	width, height int

	yes   bool
	ended bool
}

func (c confirmation) resized(width, height int) confirmation {
	c.width, c.height = width, height
	if c.diff != "" {
		c.lines = diffLines(c.diff, width-1, c.colours)
	}
	return c.scrolled(c.top)
}

func (c confirmation) through() bool { return c.ended }

// press takes no Enter for a yes: one too many may come from the menu before.
func (c confirmation) press(key keys.Key) confirmation {
	switch key.Name {
	case "y", "Y":
		c.yes, c.ended = true, true
	case "n", "N", "q", "esc", "ctrl+c":
		c.ended = true
	default:
		return c.scrolled(c.scroll(key.Name))
	}
	return c
}

// scroll is the line that a key brings to the top.
func (c confirmation) scroll(key string) int {
	switch key {
	case "up", "k":
		return c.top - 1
	case "down", "j":
		return c.top + 1
	case "pgup", "b":
		return c.top - c.room()
	case "pgdown", "space":
		return c.top + c.room()
	case "home", "g":
		return 0
	case "end", "G":
		return len(c.lines)
	}
	return c.top
}

func (c confirmation) scrolled(to int) confirmation {
	c.top = max(min(to, len(c.lines)-c.room()), 0)
	return c
}

// room is how many lines of the diff are seen.
func (c confirmation) room() int { return max(c.height-1-len(c.foot()), 1) }

// foot is what stands below the diff.
func (c confirmation) foot() []string {
	keys := "Press y to go ahead, n or Esc to cancel."
	if c.diff == "" {
		return strings.Split(strings.TrimSuffix(plain.Wrap(c.question+" "+keys, c.width-1), "\n"), "\n")
	}
	return append([]string{plain.Fit(c.question, c.width-1)}, keyLines("y go ahead · n or Esc cancel · Up/Down PgUp/PgDn scroll", c.width-1)...)
}

func (c confirmation) view() view {
	switch {
	case c.ended:
		return view{}
	case c.diff == "":
		return view{text: strings.Join(c.foot(), "\n")}
	}
	last := min(c.top+c.room(), len(c.lines))
	lines := append([]string{}, c.lines[c.top:last]...)
	for range c.room() - len(lines) {
		lines = append(lines, "")
	}
	lines = append(lines, style(c.colours, faint, plain.Fit(fmt.Sprintf("lines %d-%d of %d", c.top+1, last, len(c.lines)), c.width-1)))
	return view{text: strings.Join(append(lines, c.foot()...), "\n"), alone: true}
}
