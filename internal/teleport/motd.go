// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

const maxMOTD = 8000 // characters of a message of the day that are kept

// printable keeps the lines of a text and makes each fit for a terminal.
func printable(text string) string {
	lines := strings.Split(plain.Cut(plain.Text(text), maxMOTD), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
