// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"
)

// printer returns how --format writes a value of type T: as text, JSON or YAML.
func printer[T any](format string, text func(io.Writer, T) error) (func(io.Writer, T) error, error) {
	switch format {
	case "text":
		return text, nil
	case "json":
		return func(w io.Writer, v T) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			enc.SetEscapeHTML(false)
			return enc.Encode(v)
		}, nil
	case "yaml":
		return func(w io.Writer, v T) error {
			text, err := yaml.Dump(v, yaml.WithLineWidth(-1), yaml.WithQuotePreference(yaml.QuoteDouble))
			if err == nil {
				_, err = w.Write(text)
			}
			return err
		}, nil
	}
	return nil, &usageError{Err: fmt.Errorf("--format takes text, json or yaml, not %q", format)}
}
