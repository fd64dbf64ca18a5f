// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"io"
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Window is the terminal that a [Writer] writes to. The zero one is no terminal:
// nothing is cut or coloured there.
type Window struct {
	Terminal bool
	Width    int // in cells; 0: nothing has to fit
	Colours  bool
}

// Colour of a text. It only underlines what the text says.
type Colour string

// The colours, as the terminal's own palette has them.
const (
	NoColour Colour = ""
	Green    Colour = "\x1b[32m"
	Yellow   Colour = "\x1b[33m"
	Red      Colour = "\x1b[31m"
)

// On is a text in the colour.
func (c Colour) On(text string) string {
	if c == NoColour || text == "" {
		return text
	}
	return string(c) + text + "\x1b[0m"
}

const (
	gap   = 2  // cells between columns
	least = 10 // cells that a column of longer text keeps
)

// Table writes rows of cells in columns. In a window it is as wide as that at
// most: long cells are cut, the widest columns first, and where there is no room
// for a column at all, the last ones are left out.
type Table struct {
	to      io.Writer
	window  Window
	columns []string
	rows    [][]string
	colour  map[int]func(cell string) Colour
	spare   []string // columns, those that are left out first
	whole   []string // columns that others are left out for before they are cut
	tall    bool     // rows may be lines of their own
	cut     bool
}

// NewTable begins a table with the names of the columns.
func NewTable(w io.Writer, columns ...string) *Table {
	t := &Table{to: w, columns: columns, colour: map[int]func(string) Colour{}}
	if w, ok := w.(*Writer); ok {
		t.to, t.window = w.to, w.Window // the cells are cleaned here
	}
	t.Row(columns...)
	return t
}

// Row adds a row. A cell without text is "-", except for the first, which may
// hold a mark.
func (t *Table) Row(cells ...string) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		if row[i] = Line(cell); row[i] == "" && i > 0 {
			row[i] = "-"
		}
	}
	t.rows = append(t.rows, row)
}

// Spare names columns that are left out before others, the first one first.
func (t *Table) Spare(columns ...string) { t.spare = columns }

// Whole names columns that are cut only where leaving others out does not help; the first
// one also where it would take more than three quarters of the window.
func (t *Table) Whole(columns ...string) { t.whole = columns }

// Tall has each row written as lines of its own where leaving columns out does not make
// room for those that are whole: where there are few rows, and nothing may be missing.
func (t *Table) Tall() { t.tall = true }

// Colour gives the cells of a column colours, where the window has them.
func (t *Table) Colour(column string, of func(cell string) Colour) {
	t.colour[slices.Index(t.columns, column)] = of
}

// Cut tells, after Flush, whether something of the table was left out.
func (t *Table) Cut() bool { return t.cut }

// Flush writes the table.
func (t *Table) Flush() error {
	var b strings.Builder
	columns, widths, fits := t.fit()
	if !fits {
		return t.records()
	}
	for n, row := range t.rows {
		pending := 0
		for _, i := range columns {
			cell := Fit(row[i], widths[i])
			t.cut = t.cut || cell != row[i]
			if cell != "" {
				b.WriteString(strings.Repeat(" ", pending))
				pending = 0
				b.WriteString(t.coloured(n, i, row[i], cell))
			}
			pending += widths[i] - Width(cell) + gap
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(t.to, b.String())
	return err
}

func (t *Table) coloured(row, column int, whole, cell string) string {
	of := t.colour[column]
	if row == 0 || of == nil || !t.window.Colours {
		return cell
	}
	return of(whole).On(cell)
}

// fit chooses the columns that are shown, and how wide each may be, unless what must be
// whole has no room.
func (t *Table) fit() (columns, widths []int, fits bool) {
	widths = make([]int, len(t.columns))
	for i := range t.columns {
		columns = append(columns, i)
		for _, row := range t.rows {
			widths[i] = max(widths[i], Width(row[i]))
		}
	}
	if t.window.Width <= 0 {
		return columns, widths, true
	}
	key := slices.IndexFunc(t.columns, func(name string) bool { return name != "" })
	floor := t.floor(widths, key)
	for total(columns, floor) > t.window.Width {
		drop := t.dispensable(columns, key)
		if drop < 0 && t.whole != nil {
			if t.tall {
				return nil, nil, false
			}
			t.whole = nil
			return t.fit()
		}
		if drop < 0 {
			floor[key] = max(1, floor[key]-(total(columns, floor)-t.window.Width))
			break
		}
		columns, t.cut = slices.DeleteFunc(columns, func(i int) bool { return i == drop }), true
	}
	shrink(columns, widths, floor, key, t.window.Width)
	return columns, widths, true
}

// floor is how narrow each column may become.
func (t *Table) floor(widths []int, key int) []int {
	floor := make([]int, len(widths))
	for i, width := range widths {
		switch {
		case t.isWhole(i) && (i != key || t.tall || width <= t.window.Width*3/4): // one very long name would take the room of all
			floor[i] = width
		case i == key:
			floor[i] = min(width, max(least, t.window.Width/2))
		default:
			floor[i] = t.least(i, width)
		}
	}
	return floor
}

func (t *Table) isWhole(column int) bool { return slices.Contains(t.whole, t.columns[column]) }

// least is how narrow a column may become.
func (t *Table) least(column, width int) int {
	return min(width, max(least, Width(t.columns[column])))
}

// dispensable is the column that is left out next: -1 if there is none but the key, what
// stands before it, and those that are whole.
func (t *Table) dispensable(columns []int, key int) int {
	for _, name := range t.spare {
		if i := slices.Index(t.columns, name); slices.Contains(columns, i) {
			return i
		}
	}
	for _, i := range slices.Backward(columns) {
		if i > key && !t.isWhole(i) {
			return i
		}
	}
	return -1
}

// shrink makes the widest columns narrower until all have room, the key last.
func shrink(columns, widths, floor []int, key, room int) {
	for total(columns, widths) > room {
		widest := -1
		for _, i := range columns {
			if i != key && widths[i] > floor[i] && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			if widest = key; widths[key] <= floor[key] {
				return
			}
		}
		widths[widest]--
	}
}

// total is how wide columns are together.
func total(columns, widths []int) int {
	sum := gap * (len(columns) - 1)
	for _, i := range columns {
		sum += widths[i]
	}
	return sum
}

// Width is how many cells of a terminal a text on one line takes.
func Width(s string) int { return displaywidth.String(s) }

// Head is as much of s as goes into a number of cells.
func Head(s string, cells int) string { return displaywidth.TruncateString(s, max(cells, 0), "") }

// Fit is s, or as much of it as goes into a number of cells, with an ellipsis.
func Fit(s string, cells int) string {
	if Width(s) <= cells {
		return s
	}
	if cells <= 0 {
		return ""
	}
	return displaywidth.TruncateString(s, cells, "…")
}
