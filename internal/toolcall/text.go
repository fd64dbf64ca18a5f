// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// The widest texts of a table, in characters.
const (
	longestSummary   = 72
	longestSignature = 48
	longestMeaning   = 400
)

// Summary is the beginning of what a tool is said to do: its first line, or its
// title.
func (t *Tool) Summary() string {
	first, _, _ := strings.Cut(strings.TrimSpace(plain.Text(t.Description)), "\n")
	if first == "" {
		first = t.Title
	}
	return plain.Cut(plain.Words(first), longestSummary)
}

// Signature is the names of the arguments, required ones with a star.
func (t *Tool) Signature() string {
	var names []string
	for _, a := range t.Arguments {
		name := plain.Words(a.Name)
		if a.Required {
			name += "*"
		}
		names = append(names, name)
	}
	return plain.Cut(strings.Join(names, " "), longestSignature)
}

// AccessText says whether the tool may be used, and which roles say so.
func (t *Tool) AccessText() string {
	roles := strings.Join(t.Roles, ", ")
	switch {
	case t.Access == Allowed:
		return "allowed by " + roles
	case t.Access == Denied && roles == "":
		return "denied: no role allows it"
	case t.Access == Denied:
		return "denied by " + roles
	case roles != "":
		return "listed; decided by a condition of " + roles
	}
	return "listed"
}

// CommandLine is a call of the tool with what it needs.
func (t *Tool) CommandLine(app string) string {
	words := []string{"tshmcp", "call", app, t.Name}
	for _, a := range t.Arguments {
		if a.Required {
			words = append(words, a.Name+"="+a.example())
		}
	}
	return plain.Command(words...)
}

// RequiredText is the cell of a table.
func (a *Argument) RequiredText() string {
	if a.Required {
		return "yes"
	}
	return "no"
}

// Meaning is what an argument is for, the values that it may have, and the one that
// it has if it is left out.
func (a *Argument) Meaning() string {
	text := plain.Words(a.Description)
	if values := a.valuesText(); values != "" {
		text = strings.TrimSpace(text + " [" + values + "]")
	}
	if a.Default != nil {
		text = strings.TrimSpace(text + " (default: " + valueText(a.Default) + ")")
	}
	return plain.Cut(text, longestMeaning)
}

func (a *Argument) valuesText() string {
	var texts []string
	for _, v := range a.Values {
		texts = append(texts, valueText(v))
	}
	return strings.Join(texts, ", ")
}

// example is a value of the argument's type.
func (a *Argument) example() string {
	if len(a.Values) > 0 {
		return valueText(a.Values[0])
	}
	name, _, _ := strings.Cut(a.Type, " ")
	if text, ok := map[string]string{"integer": "1", "number": "1", "boolean": "true", "object": "{}"}[name]; ok {
		return text
	}
	return "..."
}

// valueText is a value as it is typed.
func valueText(v any) string {
	if text, ok := v.(string); ok {
		return plain.Words(text)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return plain.Words(string(text))
}
