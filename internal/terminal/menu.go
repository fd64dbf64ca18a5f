// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"slices"
	"strings"
	"unicode"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal/keys"
)

// menu is a list in which items are marked. It is a model.
type menu struct {
	title   string
	items   []Item
	shown   []int // the items that the filter lets through
	at      int   // the one of those under the cursor
	width   int   // of the window, in cells; 0: not known
	height  int
	colours bool

	filter string
	typing bool   // letters go into the filter
	undo   []Item // what was marked before "a", which may have begun a word

	empty bool // Enter was pressed with nothing marked
	done  bool
	left  bool
}

func newMenu(title string, items []Item) menu {
	m := menu{title: plain.Line(title)}
	for _, item := range items {
		item.Label, item.Note = plain.Line(item.Label), plain.Line(item.Note)
		item.Kept, item.Dropped = plain.Line(item.Kept), plain.Line(item.Dropped)
		m.items = append(m.items, item)
	}
	return m.filtered("")
}

func (m menu) resized(width, height int) menu {
	m.width, m.height = width, height
	return m
}

func (m menu) through() bool { return m.done || m.left }

// press does what a key says. Marks are taken over into a copy of the items.
func (m menu) press(key keys.Key) menu {
	if key.Name == keys.Paste {
		return m.typed(plain.Words(key.Text))
	}
	m.empty = false
	switch key.Name {
	case "space":
		return m.toggled()
	case "ctrl+a":
		return m.allToggled()
	case "enter":
		return m.entered()
	case "esc":
		if m.filter == "" && !m.typing {
			return m.quit()
		}
		return m.filtered("")
	case "backspace", "ctrl+h":
		return m.shortened()
	case "ctrl+u":
		return m.filtered("")
	case "ctrl+c":
		return m.quit()
	}
	if to, moves := m.moved(key.Name); moves {
		m.at = min(max(to, 0), max(len(m.shown)-1, 0))
		return m
	}
	return m.letter(key.Text)
}

// moved is where a key leads to.
func (m menu) moved(key string) (to int, moves bool) {
	switch key {
	case "up", "ctrl+p", "shift+tab":
		return m.at - 1, true
	case "down", "ctrl+n", "tab":
		return m.at + 1, true
	case "pgup":
		return m.at - m.room(), true
	case "pgdown":
		return m.at + m.room(), true
	case "home":
		return 0, true
	case "end":
		return len(m.shown) - 1, true
	}
	return 0, false
}

// letter is a command, or goes into the filter: a word that is typed is one, also
// if it begins with the letter of a command.
func (m menu) letter(text string) menu {
	undo := m.undo
	m.undo = nil
	switch {
	case text == "":
		return m
	case m.typing:
		return m.typed(text)
	case text == "/":
		m = m.filtered("")
		m.typing = true
		return m
	case text == "a":
		before := m.items
		m = m.allToggled()
		m.undo = before
		return m
	case undo != nil && unicode.IsLetter([]rune(text)[0]):
		m.items, m.filter = undo, ""
		return m.typed("a" + text)
	case text == "q" && len(m.filtered("q").shown) == 0:
		return m.quit()
	}
	m.filter = ""
	return m.typed(text)
}

// maxFilter bounds the filter, in bytes. What is typed or pasted behind it is dropped.
const maxFilter = 256

// typed is the menu after more of the filter was typed.
func (m menu) typed(text string) menu {
	if more := plain.Line(m.filter + text); len(more) <= maxFilter {
		m = m.filtered(more)
	} else if m.filter == "" { // a long paste
		m = m.filtered(strings.ToValidUTF8(more[:maxFilter], ""))
	}
	m.typing = true
	return m
}

// shortened takes the last letter of the filter away, and ends it where there is none.
func (m menu) shortened() menu {
	letters := []rune(m.filter)
	if len(letters) == 0 {
		return m.filtered("")
	}
	m = m.filtered(string(letters[:len(letters)-1]))
	m.typing = true
	return m
}

// filtered shows the items that have a text in them. The cursor stays on its item.
func (m menu) filtered(filter string) menu {
	under := -1
	if m.at < len(m.shown) {
		under = m.shown[m.at]
	}
	m.filter, m.typing, m.shown, m.undo = filter, false, nil, nil
	for i, item := range m.items {
		if item.has(filter) {
			m.shown = append(m.shown, i)
		}
	}
	m.at = max(slices.Index(m.shown, under), 0)
	return m
}

// has reports whether the item can be meant by what was typed.
func (i Item) has(typed string) bool {
	text := i.Label
	if !i.Aside {
		text += "\n" + i.Note
	}
	return strings.Contains(strings.ToLower(text), strings.ToLower(typed))
}

func (m menu) toggled() menu {
	m.typing, m.undo = false, nil
	if len(m.shown) > 0 {
		m.items = slices.Clone(m.items)
		item := &m.items[m.shown[m.at]]
		item.Chosen, item.Partly = !item.Chosen, false
	}
	return m
}

// allToggled marks all items that are seen, or none of them if all are marked.
func (m menu) allToggled() menu {
	m.items, m.undo = slices.Clone(m.items), nil
	all := slices.ContainsFunc(m.shown, func(i int) bool { return !m.items[i].Chosen })
	for _, i := range m.shown {
		m.items[i].Chosen, m.items[i].Partly = all, false
	}
	return m
}

// entered ends the filter, or the menu if that says something.
func (m menu) entered() menu {
	if m.typing {
		m.typing = false
		return m
	}
	m.empty = !says(m.items)
	m.done = !m.empty
	return m
}

// says reports whether something is marked, or no longer marked that was.
func says(items []Item) bool {
	return slices.ContainsFunc(items, func(i Item) bool { return i.Chosen || i.Partly || i.Dropped != "" })
}

func (m menu) quit() menu {
	m.left = true
	return m
}
