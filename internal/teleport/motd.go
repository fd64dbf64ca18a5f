// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

const maxMOTD = 8000 // characters of a message of the day that are kept

// MOTD asks GET /webapi/motd for the message of the day (protocol.md 1),
// which clusters have where [AuthSettings.HasMOTD] says so. Its lines are kept;
// characters that do not print are not.
func (p *Proxy) MOTD(ctx context.Context) (string, error) {
	var motd struct{ Text string }
	if err := p.call(ctx, http.MethodGet, "/webapi/motd", nil, &motd); err != nil {
		return "", err
	}
	return printable(motd.Text), nil
}

// printable keeps the lines of a text and makes each fit for a terminal.
func printable(text string) string {
	lines := strings.Split(plain.Cut(plain.Text(text), maxMOTD), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.ReplaceAll(line, "\t", "    "), " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
