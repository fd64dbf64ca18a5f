// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"io"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Print writes a line, and below it what mends it.
func (f Finding) Print(w io.Writer) error {
	text := f.Text
	if f.Subject != "" {
		text = f.Subject + ": " + text
	}
	lines := plain.Sprintf("%-8s %-14s %s%s\n", string(f.State), f.Step, text, f.Code.Bracketed())
	const indent = "                        "
	if f.Command != "" {
		lines += plain.Sprintf(indent+"run: %s\n", f.Command)
	}
	if f.Hint != "" {
		lines += plain.Sprintf(indent+"%s\n", f.Hint)
	}
	_, err := io.WriteString(w, lines)
	return err
}

// PrintVerdict writes what all of it comes to, unless that is an error.
func PrintVerdict(w io.Writer, r *Result) error {
	if text, err := r.Verdict(); err == nil {
		return plain.Fprintf(w, "\n%s\n", text)
	}
	return nil
}
