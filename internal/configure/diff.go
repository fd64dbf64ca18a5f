// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"bytes"
	"io"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// showDiff prints what a write would change, for patch: with colours where a person
// reads it.
func (j *Job) showDiff(w io.Writer, p setup.Plan) error {
	if bytes.Equal(p.Before, p.After) {
		j.To.Line("%s is up to date.", p.File)
		return nil
	}
	text := p.Diff()
	if plain.WindowOf(w).Terminal {
		w, text = plain.Raw(w), terminal.Diff(text, j.Screen.Colours())
	}
	_, err := io.WriteString(w, text)
	return err
}
