// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a terminal that obeys, to see what a person sees.

package terminal

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// mark is a style that there is not. It is counted.
const mark = "999"

// vt is the window of a terminal. What it is not able to do fails the test.
type vt struct {
	t             *testing.T
	width, height int
	rows          [][]string // of cells; "" is the second half of a wide one
	above         []string   // lines that were scrolled out
	x, y          int
	modes         map[string]bool // such as "?25"
	other         *vt             // what was there before the alternate screen
	marks         int
	rest          string // of a sequence, or of a character
}

func newVT(t *testing.T, width, height int) *vt {
	v := &vt{t: t, width: width, height: height, modes: map[string]bool{"?7": true, "?25": true}}
	v.rows = v.blank()
	return v
}

func (v *vt) blank() (rows [][]string) {
	for range v.height {
		rows = append(rows, slices.Repeat([]string{" "}, v.width))
	}
	return rows
}

// lines are what is seen, without the empty ones at the end.
func (v *vt) lines() []string {
	var all []string
	for _, row := range v.rows {
		all = append(all, strings.TrimRight(strings.Join(row, ""), " "))
	}
	for len(all) > 0 && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

func (v *vt) text() string { return strings.Join(v.lines(), "\n") }

// resize is a window that another size is given, by a terminal that does not break
// lines anew: it cuts them, and keeps the line of the cursor.
func (v *vt) resize(width, height int) {
	for v.y >= height {
		v.scroll()
		v.y--
	}
	old := v.rows
	v.width, v.height = width, height
	v.rows = v.blank()
	for y := range min(len(old), height) {
		copy(v.rows[y], old[y])
	}
	v.x = min(v.x, width-1)
}

func (v *vt) scroll() {
	if v.other == nil {
		v.above = append(v.above, strings.TrimRight(strings.Join(v.rows[0], ""), " "))
	}
	v.rows = append(v.rows[1:], slices.Repeat([]string{" "}, v.width))
}

func (v *vt) write(text string) {
	v.t.Helper()
	for text = v.rest + text; text != ""; {
		n := v.one(text)
		if n == 0 {
			break
		}
		text = text[n:]
	}
	v.rest = text
}

// one obeys what a text begins with, and returns how long that is; 0: not complete.
func (v *vt) one(text string) int {
	v.t.Helper()
	switch text[0] {
	case '\r':
		v.x = 0
		return 1
	case '\n':
		if v.y++; v.y == v.height {
			v.scroll()
			v.y--
		}
		return 1
	case 0x1b:
		end := strings.IndexFunc(text, func(r rune) bool { return r >= '@' && r <= '~' && r != '[' })
		if end < 0 {
			return 0
		}
		v.obey(text[1:end], text[end])
		return end + 1
	}
	if !utf8.FullRuneInString(text) {
		return 0
	}
	r, n := utf8.DecodeRuneInString(text)
	if r < ' ' || r == utf8.RuneError {
		v.t.Fatalf("the terminal is sent %q", text[:n])
	}
	v.put(string(r))
	return n
}

func (v *vt) put(char string) {
	width := plain.Width(char)
	if width == 0 { // it joins the one before
		v.rows[v.y][max(v.x-1, 0)] += char
		return
	}
	if v.x+width > v.width {
		if v.modes["?7"] {
			v.x = 0
			v.one("\n")
		}
		v.x = min(v.x, v.width-width)
	}
	v.rows[v.y][v.x] = char
	if width == 2 {
		v.rows[v.y][v.x+1] = ""
	}
	v.x += width
}

func (v *vt) obey(sequence string, final byte) {
	v.t.Helper()
	parameter, ok := strings.CutPrefix(sequence, "[")
	n, _ := strconv.Atoi(parameter)
	switch {
	case !ok:
		v.t.Fatalf("the terminal is sent ESC %q", sequence+string(final))
	case final == 'm' && parameter == mark:
		v.marks++
	case final == 'm':
	case final == 'A':
		v.y = max(v.y-max(n, 1), 0)
	case final == 'H' && parameter == "":
		v.x, v.y = 0, 0
	case final == 'K' && parameter == "":
		copy(v.rows[v.y][v.x:], slices.Repeat([]string{" "}, v.width))
	case final == 'J' && parameter == "":
		copy(v.rows[v.y][v.x:], slices.Repeat([]string{" "}, v.width))
		copy(v.rows[v.y+1:], v.blank())
	case final == 'J' && parameter == "2":
		v.rows = v.blank()
	case final == 'h' && parameter == "?1049":
		before := *v
		v.other, v.rows = &before, v.blank()
	case final == 'l' && parameter == "?1049":
		if v.other == nil {
			v.t.Fatal("the alternate screen is left and was not shown")
		}
		v.rows, v.x, v.y, v.other = v.other.rows, v.other.x, v.other.y, nil
	case final == 'h' || final == 'l':
		v.modes[parameter] = final == 'h'
	default:
		v.t.Fatalf("the terminal is sent ESC [ %s %c", parameter, final)
	}
}

// restored fails the test unless the terminal has its cursor and all else as before.
func (v *vt) restored() {
	v.t.Helper()
	if v.other != nil || !v.modes["?25"] || !v.modes["?7"] || v.modes["?2004"] || v.x != 0 || v.rest != "" {
		v.t.Errorf("the terminal was not put back: alternate %v, modes %v, column %d, %q", v.other != nil, v.modes, v.x, v.rest)
	}
}
