// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// number is one as it is written. As a floating-point number it would change beyond 53
// bits, as ids of databases are.
type number string

// MarshalJSON writes it as it was.
func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// MarshalYAML is a number that YAML writes as one.
func (n number) MarshalYAML() (any, error) { return n.plain(), nil }

// plain is it as one of Go's own types, of the first that holds it.
func (n number) plain() any {
	if v, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return v
	}
	if v, err := strconv.ParseUint(string(n), 10, 64); err == nil {
		return v
	}
	if v, err := strconv.ParseFloat(string(n), 64); err == nil {
		return v
	}
	return string(n)
}

// isInteger tells whether its value is one.
func (n number) isInteger() bool {
	v, err := strconv.ParseFloat(string(n), 64)
	return err == nil && v == math.Trunc(v)
}

// decoded is a document as values, with numbers that both JSON and YAML write as
// such; nil if it is none.
func decoded(doc json.RawMessage) any {
	var v any
	in := json.NewDecoder(bytes.NewReader(doc))
	in.UseNumber()
	if in.Decode(&v) != nil || in.More() {
		return nil
	}
	return numbered(v)
}

// numbered is a value with its numbers as they are written. Its parts are changed.
func numbered(v any) any {
	return leaves(v, func(leaf any) any {
		if n, ok := leaf.(json.Number); ok {
			return number(n)
		}
		return leaf
	})
}

// plainNumbers is a value for who looks at Go's types, as a check against a schema does.
// Its parts are changed.
func plainNumbers(v any) any {
	return leaves(v, func(leaf any) any {
		if n, ok := leaf.(number); ok {
			return n.plain()
		}
		return leaf
	})
}

// leaves has change called for all in a value that is no list and no object, and puts
// what it returns in the place of each.
func leaves(v any, change func(leaf any) any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = leaves(v[i], change)
		}
		return v
	case map[string]any:
		for name := range v {
			v[name] = leaves(v[name], change)
		}
		return v
	}
	return change(v)
}
