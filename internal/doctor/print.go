// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Print writes a line, and below it what mends it.
func (f Finding) Print(w io.Writer) error {
	text := f.Text
	if f.Subject != "" {
		text = f.Subject + ": " + text
	}
	lines := f.fit(w, plain.Sprintf("%s%s", text, f.Code.Bracketed()))
	head := plain.Sprintf("%-8s %-14s", string(f.State), f.Step)
	margin := below
	if rest, beside := strings.CutPrefix(lines, indent); beside {
		lines, margin = head+" "+rest, indent
	} else {
		lines = strings.TrimRight(head, " ") + "\n" + lines
	}
	if f.Command != "" { // in one piece, to be pasted
		lines += plain.Sprintf("%srun: %s\n", margin, f.Command)
	}
	if f.Hint != "" {
		lines += f.fit(w, plain.Sprintf("%s", f.Hint))
	}
	_, err := io.WriteString(w, lines)
	return err
}

// The margin of a text beside the steps' names, and below them, where the window is
// too narrow for that.
const (
	indent = "                        "
	below  = "    "
)

// fit is a text in the lines that it takes in the window, behind the steps' names or
// below them.
func (Finding) fit(w io.Writer, text string) string {
	return strings.TrimSuffix(plain.WrapProse(indent+text, plain.WindowOf(w).Width), "\n") + "\n"
}

// PrintVerdict writes what all of it comes to, unless that is an error.
func PrintVerdict(w io.Writer, r *Result) error {
	if text, err := r.Verdict(); err == nil {
		return plain.Fprintf(w, "\n%s\n", text)
	}
	return nil
}
