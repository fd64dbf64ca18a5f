// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// The styles of the terminal besides the colours of tables.
const (
	bold  plain.Colour = "\x1b[1m"
	faint plain.Colour = "\x1b[2m"
	cyan  plain.Colour = "\x1b[36m"
)

func style(colours bool, colour plain.Colour, text string) string {
	if !colours {
		return text
	}
	return colour.On(text)
}

func (m menu) view() view {
	switch {
	case m.left:
		return view{}
	case m.done:
		return view{text: m.summary() + "\n"}
	}
	lines := []string{style(m.colours, bold, m.columns().cut(m.heading()))}
	if m.typing || m.filter != "" {
		lines = append(lines, m.columns().cut(m.filterLine()))
	}
	first, last := m.window()
	labels, states := m.labelWidth(), m.stateWidth()
	for i := first; i < last; i++ {
		lines = append(lines, m.line(i, labels, states))
	}
	if last-first < len(m.shown) {
		lines = append(lines, style(m.colours, faint, m.columns().cut(fmt.Sprintf("  %d-%d of %d · PgUp/PgDn Home/End", first+1, last, len(m.shown)))))
	}
	for _, line := range m.help() {
		lines = append(lines, style(m.colours, faint, line))
	}
	return view{text: strings.Join(lines, "\n") + "\n"}
}

// heading is the title with how many items are marked, those that are not shown
// among them.
func (m menu) heading() string {
	marked, hidden := 0, 0
	for _, item := range m.items {
		if item.Chosen {
			marked++
			if !item.has(m.filter) {
				hidden++
			}
		}
	}
	count := fmt.Sprintf("%d of %d selected", marked, len(m.items))
	if hidden > 0 {
		count += fmt.Sprintf(", %d of them not shown", hidden)
	}
	if whole := m.title + " (" + count + ")"; m.columns().cut(whole) == whole {
		return whole
	}
	count = fmt.Sprintf(" (%d of %d)", marked, len(m.items))
	return m.columns().cut(m.columns().fit(m.title, int(m.columns())-plain.Width(count)) + count)
}

func (m menu) filterLine() string {
	text := "/ " + m.filter
	if m.typing {
		text += "_"
	}
	if len(m.shown) == 0 {
		return text + "  nothing matches"
	}
	return text + fmt.Sprintf("  %d of %d shown", len(m.shown), len(m.items))
}

// summary is what was marked, which stays on the terminal.
func (m menu) summary() string {
	var names []string
	for _, item := range m.items {
		if item.Chosen {
			names = append(names, item.Label)
		}
	}
	if len(names) == 0 {
		return m.columns().cut(m.title + ": none")
	}
	text := m.title + ": " + strings.Join(names, ", ")
	if cut := m.columns().cut(text); cut == text {
		return text
	}
	return m.columns().cut(fmt.Sprintf("%s: %d selected: %s", m.title, len(names), strings.Join(names, ", ")))
}

// before is what stands before a label: cursor and mark.
const before = 6

// line is one item in the window, with as much of its notes as there is room for.
func (m menu) line(i, labels, states int) string {
	item := m.items[m.shown[i]]
	cursor, mark := " ", "[ ]"
	if i == m.at {
		cursor = ">"
	}
	state, colour := item.Kept, plain.Green
	switch {
	case item.Chosen:
		mark = "[x]"
	case item.Partly:
		mark, colour = "[-]", cyan
	case item.Dropped != "":
		state, colour = item.Dropped, plain.Red
	default:
		state = ""
	}
	columns := []column{{text: item.Label, width: labels}}
	if states > 0 {
		columns = append(columns, column{text: state, width: states, colour: colour})
	}
	columns = append(columns, column{text: item.Note, width: plain.Width(item.Note), colour: faint})
	return m.columns().cut(cursor+" "+mark+" ") + m.joined(columns)
}

// column is a part of a line.
type column struct {
	text   string
	colour plain.Colour
	width  int // cells
}

// joined puts columns beside each other, as far as there is room for them.
func (m menu) joined(columns []column) string {
	var b strings.Builder
	room, pending := int(m.columns())-before, 0
	for i, c := range columns {
		if m.columns() >= 0 && (room < 1 || i > 0 && room < min(c.width, 8)) {
			break
		}
		if m.columns() >= 0 {
			c.width = min(c.width, room)
		}
		text := m.columns().fit(c.text, c.width)
		if text != "" {
			b.WriteString(strings.Repeat(" ", pending) + style(m.colours, c.colour, text))
			pending = 0
		}
		pending += c.width - plain.Width(text) + 2
		room -= c.width + 2
	}
	return b.String()
}

// labelWidth is how wide the labels are that are shown, in cells: half of the
// window, if there are notes behind them.
func (m menu) labelWidth() int {
	widest, notes := 0, false
	for _, i := range m.shown {
		widest = max(widest, plain.Width(m.items[i].Label))
		notes = notes || m.items[i].Kept+m.items[i].Dropped != ""
	}
	columns := int(m.columns())
	switch {
	case columns < 0:
		return widest
	case notes:
		return min(widest, max((columns-before)/2, 1))
	}
	return min(widest, max(columns-before, 1))
}

// stateWidth is how wide the widest of the states is that are shown, in cells.
func (m menu) stateWidth() int {
	widest := 0
	for _, i := range m.shown {
		widest = max(widest, plain.Width(m.items[i].Kept), plain.Width(m.items[i].Dropped))
	}
	return widest
}

// help is the line of keys, in as many lines as it takes.
func (m menu) help() []string {
	text := "Up/Down move · Space select · / filter · Enter continue · Esc cancel"
	switch {
	case m.empty:
		text = "Select at least one with Space · Esc cancel"
	case m.typing:
		text = "Type to filter · Up/Down move · Space select · Enter done · Esc clear"
	case m.filter != "":
		text = "Space select · a all shown · / filter · Enter continue · Esc clear"
	}
	return keyLines(text, int(m.columns()))
}

// keyLines breaks a line of keys between two of them.
func keyLines(text string, columns int) []string {
	var lines []string
	line := ""
	for _, key := range strings.Split(text, " · ") {
		longer := line + " · " + key
		if line == "" {
			longer = key
		}
		if columns >= 0 && line != "" && plain.Width(longer) > columns {
			lines = append(lines, line)
			longer = key
		}
		line = longer
	}
	lines = append(lines, line)
	for i := range lines {
		if columns >= 0 {
			lines[i] = plain.Fit(lines[i], columns)
		}
	}
	return lines
}

// window is the part of the items that is shown, with the cursor in it.
func (m menu) window() (first, last int) {
	room := m.room()
	first = min(max(m.at-room/2, 0), len(m.shown)-room)
	return first, first + room
}

// room is how many items are shown at a time.
func (m menu) room() int {
	if m.height <= 0 {
		return len(m.shown)
	}
	around := 2 + len(m.help()) // the title, and the line below
	if m.typing || m.filter != "" {
		around++
	}
	if len(m.shown) <= m.height-around {
		return len(m.shown)
	}
	return min(len(m.shown), max(m.height-around-1, 1)) // where in the list this is
}

// columns is how wide a line may be. The last column stays free: terminals differ in
// what they do behind it.
func (m menu) columns() cells { return cells(m.width - 1) }

// cells is a width; negative: nothing has to fit.
type cells int

func (c cells) cut(text string) string { return c.fit(text, int(c)) }

// fit is the text, or as much of it as goes into some of the cells.
func (c cells) fit(text string, most int) string {
	if c < 0 {
		return text
	}
	return plain.Fit(text, most)
}
