// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal/keys"
)

// sent is what a terminal sends for the keys that tests press by name; every other text
// is typed letter by letter.
var sent = map[string]string{
	"up": "\x1b[A", "down": "\x1b[B", "pgup": "\x1b[5~", "pgdown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
	"enter": "\r", "esc": "\x1b", "backspace": "\x7f",
}

func pressed[M model[M]](m M, all ...string) M {
	var d keys.Decoder
	for _, name := range all {
		typed := name
		if bytes, ok := sent[name]; ok {
			typed = bytes
		}
		for _, b := range []byte(typed) {
			for _, key := range d.Byte(b) {
				m = m.press(key)
			}
		}
		for _, key := range d.Pause() {
			m = m.press(key)
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
		m := pressed(fruit(), tt.keys...)
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
		m := pressed(tt.from, tt.keys...)
		if m.done != tt.done || m.left != tt.left {
			t.Errorf("%q: done %v, left %v", tt.keys, m.done, m.left)
		}
	}
	if m := pressed(fruit(), "\x03"); !m.left || !m.through() {
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
			m := newMenu("MCP servers of a-cluster-with-a-name", items)
			m = m.resized(width, height)
			for _, key := range []string{"end", "pgup", " ", "down", "pgdown", "home", "pgdown", "server-1", "enter", "pgdown", "漢", "esc", "end"} {
				m = pressed(m, key)
				lines := strings.Split(strings.TrimSuffix(m.view().text, "\n"), "\n")
				for _, line := range lines {
					if plain.Width(line) > width {
						t.Fatalf("%dx%d after %q: %q is %d wide", width, height, key, line, plain.Width(line))
					}
				}
				if len(lines) >= max(height, 16/width+12) && len(lines) >= height {
					t.Fatalf("%dx%d after %q: %d lines", width, height, key, len(lines))
				}
				if len(m.shown) > 0 && !strings.Contains(m.view().text, ">") && width > 1 {
					t.Fatalf("%dx%d after %q: no cursor in\n%s", width, height, key, m.view().text)
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
	if got := m.view().text; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	const dropped = `Fruit (0 of 5 selected)
/ pe  1 of 5 shown
> [ ] pear  goes
Space select · a all shown · / filter · Enter continue · Esc clear
`
	if got := pressed(m, "/pe", " ").view().text; got != dropped {
		t.Errorf("got\n%s\nwant\n%s", got, dropped)
	}
}

// TestLongFilter: the filter does not grow with what is typed or pasted.
func TestLongFilter(t *testing.T) {
	for name, text := range map[string]string{"letters": strings.Repeat("x", 5000), "wide": strings.Repeat("漢", 5000)} {
		for how, m := range map[string]menu{
			"typed":  pressed(fruit(), text),
			"pasted": pressed(fruit(), "\x1b[200~"+text+"\x1b[201~", "y", "\x1b[200~"+text+"\x1b[201~"),
		} {
			if n := len(m.filter); n < maxFilter-10 || n > maxFilter || !utf8.ValidString(m.filter) {
				t.Errorf("%s %s: %d bytes: %q", name, how, n, m.filter)
			}
		}
	}
}
