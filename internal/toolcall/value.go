// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
)

var (
	integerText = pattern.New(`^-?(0|[1-9][0-9]*)$`)
	numberText  = pattern.New(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
)

// encode makes JSON of the texts of an argument. Numbers keep their digits. Errors
// read as the end of a sentence that begins with its name.
func (s schema) encode(k kind, texts []string) (json.RawMessage, error) {
	if len(texts) == 1 {
		return s.value(k, texts[0])
	}
	if !k.is("array") && len(k.types) > 0 {
		return nil, fmt.Errorf("was given %d times but takes one value", len(texts))
	}
	return s.list(k, texts)
}

// list is an array of values that were typed one by one.
func (s schema) list(k kind, texts []string) (json.RawMessage, error) {
	of := s.kindOf(k.items)
	list := []byte{'['}
	for i, text := range texts {
		value, err := s.value(of, text)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, value...)
	}
	return append(list, ']'), nil
}

// value makes JSON of one text: of the first type that it reads as, text being the
// last.
func (s schema) value(k kind, text string) (json.RawMessage, error) {
	if len(k.enum) > 0 {
		return choice(k.enum, text)
	}
	if len(k.types) == 0 {
		return anything(text), nil
	}
	trimmed := strings.TrimSpace(text)
	word := json.RawMessage(trimmed)
	switch {
	case k.is("boolean") && (trimmed == "true" || trimmed == "false"),
		k.is("integer") && integerText.MatchString(trimmed),
		k.is("number") && numberText.MatchString(trimmed),
		k.is("null") && trimmed == "null" && !k.is("string"):
		return word, nil
	case k.is("object") && strings.HasPrefix(trimmed, "{"), k.is("array") && strings.HasPrefix(trimmed, "["):
		if doc, err := compact(trimmed); err == nil || !k.is("string") {
			return doc, err
		}
	}
	switch {
	case k.is("string"):
		return quote(text), nil
	case k.is("array"):
		return s.list(k, []string{text})
	}
	return nil, fmt.Errorf("takes %s, not %q", article(s.typeText(k, 0)), plain.Cut(text, longestValue))
}

// longestValue is how much of a value an error repeats, in characters.
const longestValue = 60

// anything is what a text reads as where nothing is declared.
func anything(text string) json.RawMessage {
	if doc, err := compact(text); err == nil {
		return doc
	}
	return quote(text)
}

func compact(text string) (json.RawMessage, error) {
	var doc bytes.Buffer
	if err := json.Compact(&doc, []byte(text)); err != nil {
		return nil, fmt.Errorf("is not valid JSON: %w", err)
	}
	return doc.Bytes(), nil
}

// choice is that of the values which the text means: the value itself, or its title.
func choice(values []option, text string) (json.RawMessage, error) {
	var names, shown []string
	for _, o := range values {
		if o.name() == text {
			return o.value, nil
		}
		names, shown = append(names, o.name()), append(shown, o.text())
	}
	if i := slices.IndexFunc(values, func(o option) bool { return o.title != "" && strings.EqualFold(o.title, text) }); i >= 0 {
		return values[i].value, nil
	}
	shown = shown[:min(len(shown), maxValues)]
	if near := similar.To(text, names); len(near) > 0 && len(names) > maxValues {
		shown = near
	}
	list := plain.Cut(strings.Join(shown, ", "), longestSaid)
	if len(shown) < len(names) {
		list += ", ..."
	}
	return nil, fmt.Errorf("takes one of these: %s; not %q", list, plain.Cut(text, longestValue))
}

// name is the value as it is typed.
func (o option) name() string {
	var name string
	if json.Unmarshal(o.value, &name) != nil || string(o.value) == "null" {
		return string(o.value)
	}
	return name
}

// text is the value for people, with its title if that says more.
func (o option) text() string {
	name, title := short(o.name(), longestSaid), short(o.title, longestSaid)
	if title == "" || title == name {
		return name
	}
	return name + " (" + title + ")"
}

// quote is a text as JSON, as it was typed.
func quote(text string) json.RawMessage {
	var doc bytes.Buffer
	enc := json.NewEncoder(&doc)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a text has no error
	return bytes.TrimSuffix(doc.Bytes(), []byte("\n"))
}

func article(noun string) string {
	if slices.Contains([]byte("aeiou"), noun[0]) {
		return "an " + noun
	}
	return "a " + noun
}
