// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// printer returns how --format writes a value of type T: as text, JSON or YAML.
func printer[T any](format string, text func(io.Writer, T) error) (func(io.Writer, T) error, error) {
	switch format {
	case "text":
		return text, nil
	case "json":
		return func(w io.Writer, v T) error { return plain.JSON(w, v) }, nil
	case "yaml":
		return func(w io.Writer, v T) error { return plain.YAML(w, v) }, nil
	}
	return nil, usage.Errorf("--format takes text, json or yaml, not %q", format)
}
