// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// unknownServerError means that the cluster has no app of that name that the
// user may see.
type unknownServerError struct {
	Name, Cluster string
	Leaf          string // Cluster if it is a leaf, else empty
	Similar       []string
}

func newUnknownServerError(name string, c *cluster, apps []teleport.App) error {
	e := &unknownServerError{Name: name, Cluster: c.name(), Leaf: c.leaf}
	for _, app := range apps {
		if similar(name, app.Name) {
			e.Similar = append(e.Similar, app.Name)
		}
	}
	return e
}

func (e *unknownServerError) Error() string {
	return fmt.Sprintf("%s has no MCP server %q that you may use", e.Cluster, e.Name)
}

func (e *unknownServerError) hints() []string {
	hints := []string{"tshmcp ls" + leafFlag(e.Leaf) + " shows what you may use"}
	if len(e.Similar) > 0 {
		hints = append([]string{"did you mean " + strings.Join(e.Similar, " or ") + "?"}, hints...)
	}
	return hints
}

// similar is true for names within two edits of each other, or one inside the other.
func similar(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return strings.Contains(a, b) || strings.Contains(b, a) || distance(a, b) <= 2
}

// distance is the Levenshtein distance in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// serverTypeError means that the app exists but connect cannot bridge it.
type serverTypeError struct {
	Name, Type string
	MCP        bool
}

func (e *serverTypeError) Error() string {
	if e.MCP {
		return fmt.Sprintf("%s is an MCP server of type %s, tshmcp bridges streamable-http", e.Name, e.Type)
	}
	return fmt.Sprintf("%s is an ordinary %s app, not an MCP server", e.Name, e.Type)
}

func (e *serverTypeError) hints() []string {
	switch {
	case e.MCP:
		return []string{"use tsh mcp connect " + e.Name + " for it"}
	case e.Type == "http" || e.Type == "https":
		return []string{"if it serves MCP at some path, give it: --path=/mcp"}
	}
	return []string{"tshmcp ls shows what you may use"}
}

// checkBridgeable says whether connect can bridge the app. An ordinary HTTP
// app needs the path at which it serves MCP: the only way before Teleport 18.3.
func checkBridgeable(app teleport.App, path string) error {
	kind := app.Type()
	switch {
	case app.IsMCP() && kind == "streamable-http":
		return nil
	case !app.IsMCP() && path != "" && (kind == "http" || kind == "https"):
		return nil
	}
	return &serverTypeError{Name: app.Name, Type: kind, MCP: app.IsMCP()}
}
