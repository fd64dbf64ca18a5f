// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"io"
	"strings"
)

// records writes each row as lines of its own, one for each cell that has a text, with
// the name of its column before it. What is longer than a line goes on below it.
func (t *Table) records() error {
	t.cut = false
	names := 0
	for _, name := range t.columns {
		names = max(names, Width(name))
	}
	mark := 0 // width of what stands before the names
	if t.columns[0] == "" {
		mark = gap
	}
	var b strings.Builder
	for n, row := range t.rows[1:] {
		if n > 0 {
			b.WriteByte('\n')
		}
		before := strings.Repeat(" ", mark)
		if mark > 0 && row[0] != "" {
			before = row[0] + strings.Repeat(" ", max(mark-Width(row[0]), 0))
		}
		for i, cell := range row {
			name := t.columns[i]
			if name == "" || cell == "-" {
				continue
			}
			b.WriteString(t.record(n+1, i, before+name+strings.Repeat(" ", names-Width(name)+gap), cell))
			before = strings.Repeat(" ", mark)
		}
	}
	_, err := io.WriteString(t.to, b.String())
	return err
}

// record is a cell behind what stands before it, on as many lines as it takes.
func (t *Table) record(row, column int, before, cell string) string {
	width, next := t.window.Width, strings.Repeat(" ", Width(before))
	if Width(before) > width/2 { // no room beside it
		return strings.TrimRight(before, " ") + "\n" + fill(cell, "    ", "    ", width)
	}
	lines := strings.Split(strings.TrimSuffix(fill(cell, "", "", width-Width(before)), "\n"), "\n")
	for i, line := range lines {
		lines[i] = t.coloured(row, column, cell, line)
	}
	return before + strings.Join(lines, "\n"+next) + "\n"
}
