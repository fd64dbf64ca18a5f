// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// keys are those that tests press by name; every other text is typed letter by letter.
var keys = map[string]rune{
	"up": tea.KeyUp, "down": tea.KeyDown, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "backspace": tea.KeyBackspace,
}

func pressed(m tea.Model, all ...string) tea.Model {
	for _, name := range all {
		if code, ok := keys[name]; ok {
			m, _ = m.Update(tea.KeyPressMsg{Code: code})
			continue
		}
		for _, r := range name {
			m, _ = m.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
		}
	}
	return m
}

func fruit() menu {
	return newMenu("Fruit", []Item{
		{Label: "apple"}, {Label: "apricot"}, {Label: "banana", Note: "Yellow"},
		{Label: "quince", Note: "/a/path", Aside: true}, {Label: "pear", Chosen: true, Kept: "here", Dropped: "goes"},
	})
}

func chosen(m menu) string {
	var names []string
	for _, item := range m.items {
		if item.Chosen {
			names = append(names, item.Label)
		}
	}
	return strings.Join(names, " ")
}

// TestMenuKeys: what is marked after some keys, and what has become of the menu.
func TestMenuKeys(t *testing.T) {
	for _, tt := range []struct {
		keys   []string
		chosen string
		filter string
		shown  int
	}{
		{[]string{" "}, "apple pear", "", 5},
		{[]string{"down", " ", "up", " ", "end", " "}, "apple apricot", "", 5},
		{[]string{"a"}, "apple apricot banana quince pear", "", 5},
		{[]string{"aa"}, "", "", 5},
		{[]string{"/ap", "enter", "a"}, "apple apricot pear", "ap", 2}, // only what is seen
		{[]string{"/ap", "enter", "aa"}, "pear", "ap", 2},
		{[]string{"ban", " "}, "banana pear", "ban", 1},  // typing is enough
		{[]string{"apr", " "}, "apricot pear", "apr", 1}, // also where the first letter is a command
		{[]string{"YELLOW", " "}, "banana pear", "YELLOW", 1},
		{[]string{"/path"}, "pear", "path", 0}, // the note is none to look for
		{[]string{"qui", " "}, "quince pear", "qui", 1},
		{[]string{"ban", " ", "apr", " "}, "apricot banana pear", "apr", 1}, // a new filter
		{[]string{"banx", "backspace", " "}, "banana pear", "ban", 1},
		{[]string{"/b", "backspace", "backspace", "a"}, "apple apricot banana quince pear", "", 5},
		{[]string{"zzz", " ", "down", "end", "a", "esc"}, "pear", "", 5},
		{[]string{"/ap", "down", " ", "esc", " "}, "pear", "", 5}, // the cursor stays on its item
	} {
		m := pressed(fruit(), tt.keys...).(menu)
		if chosen(m) != tt.chosen || m.filter != tt.filter || len(m.shown) != tt.shown || m.left || m.done {
			t.Errorf("%q: %q marked, filter %q shows %d", tt.keys, chosen(m), m.filter, len(m.shown))
		}
	}
}

func TestMenuEnds(t *testing.T) {
	nothing := newMenu("Fruit", []Item{{Label: "apple"}})
	for _, tt := range []struct {
		from       menu
		keys       []string
		done, left bool
	}{
		{fruit(), []string{"enter"}, true, false},
		{fruit(), []string{"a a ", "enter"}, true, false}, // what was there is dropped
		{nothing, []string{"enter"}, false, false},
		{nothing, []string{" ", "enter"}, true, false},
		{nothing, []string{"app", "enter"}, false, false}, // the filter alone
		{nothing, []string{"app ", "enter"}, true, false},
		{nothing, []string{"q"}, false, true}, // nothing has one
		{fruit(), []string{"q"}, false, false},
		{fruit(), []string{"esc"}, false, true},
		{fruit(), []string{"/ap", "esc"}, false, false},
		{fruit(), []string{"/ap", "esc", "esc"}, false, true},
	} {
		m := pressed(tt.from, tt.keys...).(menu)
		if m.done != tt.done || m.left != tt.left {
			t.Errorf("%q: done %v, left %v", tt.keys, m.done, m.left)
		}
	}
	m, cmd := fruit().Update(tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl})
	if !m.(menu).left || cmd == nil {
		t.Error("Ctrl-C does not end it")
	}
}

// TestMenuFits: no line is wider than the window, nor are there more than it has,
// whatever is typed, and the item under the cursor is among them.
func TestMenuFits(t *testing.T) {
	var items []Item
	for i := range 300 {
		item := Item{Label: fmt.Sprintf("server-%d", i), Note: strings.Repeat("words of it ", 20)}
		switch i % 4 {
		case 0:
			item.Label += strings.Repeat("漢字", i%30)
		case 1:
			item.Chosen, item.Kept, item.Dropped = true, "set up in Cursor, 日本語, Zed", "will be removed from Cursor, 日本語, Zed"
		}
		items = append(items, item)
	}
	for _, width := range []int{1, 10, 40, 80, 200} {
		for _, height := range []int{1, 6, 24} {
			var m tea.Model = newMenu("MCP servers of a-cluster-with-a-name", items)
			m, _ = m.Update(tea.WindowSizeMsg{Width: width, Height: height})
			for _, key := range []string{"end", "pgup", " ", "down", "pgdown", "home", "pgdown", "server-1", "enter", "pgdown", "漢", "esc", "end"} {
				m = pressed(m, key)
				lines := strings.Split(strings.TrimSuffix(m.View().Content, "\n"), "\n")
				for _, line := range lines {
					if plain.Width(line) > width {
						t.Fatalf("%dx%d after %q: %q is %d wide", width, height, key, line, plain.Width(line))
					}
				}
				if len(lines) >= max(height, 16/width+12) && len(lines) >= height {
					t.Fatalf("%dx%d after %q: %d lines", width, height, key, len(lines))
				}
				if len(m.(menu).shown) > 0 && !strings.Contains(m.View().Content, ">") && width > 1 {
					t.Fatalf("%dx%d after %q: no cursor in\n%s", width, height, key, m.View().Content)
				}
			}
		}
	}
}

// TestMenuLooks: the state of an item is in words and not in colours alone.
func TestMenuLooks(t *testing.T) {
	m := fruit()
	m.items[1].Partly, m.items[1].Kept = true, "some"
	const want = `Fruit (1 of 5 selected)
> [ ] apple
  [-] apricot  some
  [ ] banana         Yellow
  [ ] quince         /a/path
  [x] pear     here
Up/Down move · Space select · / filter · Enter continue · Esc cancel
`
	if got := m.View().Content; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const dropped = `Fruit (0 of 5 selected)
/ pe  1 of 5 shown
> [ ] pear  goes
Space select · a all shown · / filter · Enter continue · Esc clear
`
	if got := pressed(m, "/pe", " ").View().Content; got != dropped {
		t.Errorf("got\n%s\nwant\n%s", got, dropped)
	}
}
