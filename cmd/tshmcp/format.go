// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// layout is a way to write a value of type T, besides JSON and YAML.
type layout[T any] struct {
	name  string // that --format takes
	print func(io.Writer, T) error
}

// printer returns how --format writes a value of type T: as text, JSON or YAML, or
// in a layout of the command's own.
func printer[T any](format string, text func(io.Writer, T) error, more ...layout[T]) (func(io.Writer, T) error, error) {
	all := append([]layout[T]{
		{"text", text},
		{"json", func(w io.Writer, v T) error { return plain.JSON(w, v) }},
		{"yaml", func(w io.Writer, v T) error { return plain.YAML(w, v) }},
	}, more...)
	var names []string
	for _, l := range all {
		if l.name == format {
			return l.print, nil
		}
		names = append(names, l.name)
	}
	last := len(names) - 1
	return nil, &usage.Error{
		Err:   fmt.Errorf("--format takes %s or %s, not %q", strings.Join(names[:last], ", "), names[last], format),
		Other: similar.Hint(similar.To(format, names)),
	}
}
