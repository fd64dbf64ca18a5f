// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package format is what --format means: a value as text for people, as JSON or
// YAML for programs, or in a layout of the command's own.
package format

import (
	"fmt"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Print writes a value of type T to a stream.
type Print[T any] = func(io.Writer, T) error

// Layout is a way to write a value besides text, JSON and YAML.
type Layout[T any] struct {
	Name  string // that --format takes
	Print Print[T]
}

// Printer returns what the value of --format stands for. An error is one of the
// command line.
func Printer[T any](named string, text Print[T], more ...Layout[T]) (Print[T], error) {
	all := append([]Layout[T]{
		{"text", text},
		{"json", func(w io.Writer, v T) error { return plain.JSON(w, v) }},
		{"yaml", func(w io.Writer, v T) error { return plain.YAML(w, v) }},
	}, more...)
	var names []string
	for _, l := range all {
		if l.Name == named {
			return l.Print, nil
		}
		names = append(names, l.Name)
	}
	last := len(names) - 1
	return nil, &usage.Error{
		Err:   fmt.Errorf("--format takes %s or %s, not %q", strings.Join(names[:last], ", "), names[last], named),
		Other: similar.Hint(similar.To(named, names)),
	}
}
