// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"io"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// toolTable writes one line for each tool, and what roles deny.
func toolTable(w io.Writer, l *Listing) error {
	if len(l.Tools) > 0 {
		t := plain.NewTable(w, "NAME", "ARGUMENTS", "ACCESS", "DESCRIPTION")
		t.Whole("NAME") // it is typed
		for _, tool := range l.Tools {
			t.Row(tool.Name, tool.signature(), tool.accessText(), tool.Summary())
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	var notes []string
	for _, d := range l.Denied {
		notes = append(notes, plain.WrapFor(w, plain.Sprintf("Denied by the role %s: %s", d.Role, d.Tools)))
	}
	if len(l.Tools) > 0 && len(notes) > 0 {
		notes = append([]string{""}, notes...)
	}
	return writeLines(w, notes...)
}

// toolDetails writes all about each tool, and a command line that calls it.
func toolDetails(w io.Writer, l *Listing) error {
	for i, tool := range l.Tools {
		lines := []string{plain.Sprintf("%s  (%s)", tool.Name, tool.accessText()), ""}
		if i > 0 {
			lines = append([]string{""}, lines...)
		}
		if text := strings.TrimSpace(plain.Text(tool.Description)); text != "" {
			for line := range strings.SplitSeq(text, "\n") {
				lines = append(lines, plain.WrapFor(w, line)) // each alone: lists stay lists
			}
			lines = append(lines, "")
		}
		args, err := tool.argumentLines(w)
		if err != nil {
			return err
		}
		lines = append(append(lines, args...), tool.commandLine(l.place()))
		if err := writeLines(w, lines...); err != nil {
			return err
		}
	}
	return nil
}

// argumentLines are all about the arguments: a table, or a list where the window is
// too narrow for that.
func (t *Tool) argumentLines(w io.Writer) ([]string, error) {
	if len(t.Arguments) == 0 {
		return nil, nil
	}
	var table strings.Builder
	rows := plain.NewTable(&table, "ARGUMENT", "TYPE", "REQUIRED", "DESCRIPTION")
	for _, a := range t.Arguments {
		rows.Row(a.Name, a.Type, a.requiredText(), a.meaning())
	}
	if err := rows.Flush(); err != nil {
		return nil, err
	}
	lines := strings.Split(table.String(), "\n") // the last one is empty
	width := plain.WindowOf(w).Width
	if width <= 0 || !slices.ContainsFunc(lines, func(line string) bool { return plain.Width(line) > width }) {
		return lines, nil
	}
	lines = nil
	for _, a := range t.Arguments {
		lines = append(lines, a.entry(width)...)
	}
	return append(lines, ""), nil
}

// entry is an argument in a list, for a window of some cells.
func (a *Argument) entry(width int) []string {
	about := a.Type
	if a.Required {
		about += ", required"
	}
	lines := []string{plain.Wrap(plain.Line(a.Name+" ("+about+")"), width)}
	if meaning := plain.Line(a.meaning()); meaning != "" {
		lines = append(lines, plain.Wrap("    "+meaning, width))
	}
	return lines
}

// Write writes the texts of the result, and to notes what is no text; of a tool that
// failed everything goes there, marked as its own words.
func (r *Result) Write(w, notes io.Writer) error {
	for _, c := range r.Content {
		if _, ok := c.shown(); ok {
			continue
		}
		if err := plain.Fprintf(notes, "tshmcp: %s\n", c.note()); err != nil {
			return err
		}
	}
	if r.IsError {
		return writeLines(notes, r.failure()...)
	}
	return writeLines(w, r.text()...)
}

// writeRaw writes the result as the server wrote it, on a line.
func (r *Result) writeRaw(w io.Writer) error { return writeLines(w, string(plain.EscapeJSON(r.Raw))) }

// writeLines writes texts, each with the end of a line.
func writeLines(w io.Writer, texts ...string) error {
	for _, text := range texts {
		if _, err := io.WriteString(w, strings.TrimSuffix(text, "\n")+"\n"); err != nil {
			return err
		}
	}
	return nil
}
