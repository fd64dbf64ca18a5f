// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// menu is a list in which items are marked. It is a tea.Model.
type menu struct {
	title   string
	items   []Item
	at      int // item under the cursor
	height  int // lines of the terminal; 0: not known yet
	colours bool
	empty   bool // Enter was pressed with nothing marked
	done    bool
	left    bool
}

func (m menu) chosen() []int {
	var all []int
	for i, item := range m.items {
		if item.Chosen {
			all = append(all, i)
		}
	}
	return all
}

func (m menu) Init() tea.Cmd { return nil }

func (m menu) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.height = msg.Height
	case tea.KeyPressMsg:
		return m.press(msg.String())
	}
	return m, nil
}

func (m menu) press(key string) (tea.Model, tea.Cmd) {
	m.empty = false
	items := append([]Item{}, m.items...)
	switch key {
	case "up", "k":
		m.at = max(m.at-1, 0)
	case "down", "j":
		m.at = min(m.at+1, len(items)-1)
	case "home":
		m.at = 0
	case "end":
		m.at = len(items) - 1
	case "space", "x":
		items[m.at].Chosen = !items[m.at].Chosen
	case "a":
		all := len(m.chosen()) < len(items)
		for i := range items {
			items[i].Chosen = all
		}
	case "enter":
		if m.empty = len(m.chosen()) == 0; !m.empty {
			m.done = true
			return m, tea.Quit
		}
	case "esc", "ctrl+c", "q":
		m.left = true
		return m, tea.Quit
	}
	m.items = items
	return m, nil
}

func (m menu) View() tea.View {
	switch {
	case m.left:
		return tea.NewView("")
	case m.done:
		var names []string
		for _, i := range m.chosen() {
			names = append(names, m.items[i].Label)
		}
		return tea.NewView(m.title + ": " + strings.Join(names, ", ") + "\n")
	}
	var b strings.Builder
	fmt.Fprintln(&b, m.style("1", m.title))
	first, last := m.window()
	for i, item := range m.items[first:last] {
		cursor, mark := " ", "[ ]"
		if first+i == m.at {
			cursor = ">"
		}
		if item.Chosen {
			mark = "[x]"
		}
		line := cursor + " " + mark + " " + item.Label
		if item.Note != "" {
			line += "  " + m.style("2", item.Note)
		}
		fmt.Fprintln(&b, line)
	}
	if more := len(m.items) - (last - first); more > 0 {
		fmt.Fprintln(&b, m.style("2", fmt.Sprintf("  (%d more)", more)))
	}
	help := "Up/Down move · Space select · a all · Enter continue · Esc cancel"
	if m.empty {
		help = "Select at least one with Space · Esc cancel"
	}
	fmt.Fprintln(&b, m.style("2", help))
	return tea.NewView(b.String())
}

// window is the part of the items that is shown, with the cursor in it.
func (m menu) window() (first, last int) {
	const around = 4 // title, what more there is, help, and the line below
	room := len(m.items)
	if m.height > 0 {
		room = min(room, max(m.height-around, 1))
	}
	first = min(max(m.at-room/2, 0), len(m.items)-room)
	return first, first + room
}

func (m menu) style(code, text string) string {
	if !m.colours {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// confirmation is a question that y answers. It is a tea.Model.
type confirmation struct {
	question string
	yes      bool
	through  bool
}

func (c confirmation) Init() tea.Cmd { return nil }

// Update takes no Enter for a yes: one too many may come from the menu before.
func (c confirmation) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "y", "Y":
			c.yes, c.through = true, true
			return c, tea.Quit
		case "n", "N", "q", "esc", "ctrl+c":
			c.through = true
			return c, tea.Quit
		}
	}
	return c, nil
}

func (c confirmation) View() tea.View {
	if c.through {
		return tea.NewView("")
	}
	return tea.NewView(c.question + " Press y to go ahead, n or Esc to cancel.")
}
