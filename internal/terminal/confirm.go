// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// confirmation is a question that y answers, below a text that can be scrolled. It
// is a tea.Model.
type confirmation struct {
	question string
	colours  bool

	diff          string   // "": it was shown already
	lines         []string // of the diff, as the window has them
	top           int      // the first of them that is seen
	width, height int

	yes     bool
	through bool
}

// sized is the confirmation in a window of that size.
func (c confirmation) sized(diff string, width, height int) confirmation {
	c.diff, c.width, c.height = diff, width, height
	if diff != "" {
		c.lines = diffLines(diff, width-1, c.colours)
	}
	return c.scrolled(c.top)
}

func (c confirmation) Init() tea.Cmd { return nil }

// Update takes no Enter for a yes: one too many may come from the menu before.
func (c confirmation) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return c.sized(c.diff, msg.Width, msg.Height), nil
	case tea.KeyPressMsg:
		switch key := msg.String(); key {
		case "y", "Y":
			c.yes, c.through = true, true
			return c, tea.Quit
		case "n", "N", "q", "esc", "ctrl+c":
			c.through = true
			return c, tea.Quit
		case "ctrl+z":
			return c, suspend()
		default:
			return c.scrolled(c.scroll(key)), nil
		}
	}
	return c, nil
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

func (c confirmation) View() tea.View {
	switch {
	case c.through:
		return tea.NewView("")
	case c.diff == "":
		return tea.NewView(strings.Join(c.foot(), "\n"))
	}
	last := min(c.top+c.room(), len(c.lines))
	lines := append([]string{}, c.lines[c.top:last]...)
	for range c.room() - len(lines) {
		lines = append(lines, "")
	}
	lines = append(lines, style(c.colours, faint, plain.Fit(fmt.Sprintf("lines %d-%d of %d", c.top+1, last, len(c.lines)), c.width-1)))
	view := tea.NewView(strings.Join(append(lines, c.foot()...), "\n"))
	view.AltScreen = true
	return view
}
