// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Given is what was typed for the arguments of a call.
type Given struct {
	Words []string  // KEY=VALUE ..., or a JSON object alone, or "-" alone
	Files []string  // KEY=FILE: the value is the text of the file
	Stdin io.Reader // for "-"
}

// typed is what was given, with everything read that is elsewhere.
type typed struct {
	doc    json.RawMessage // an object, passed on as it is; or
	values []named         // in order
}

// named are the texts of one argument, more than one if it was repeated.
type named struct {
	name  string
	texts []string
}

// maxGiven bounds what is read: no longer message is passed on.
const maxGiven = bridge.DefaultMaxMessageSize

// read reads stdin and files, and looks at nothing but the form of what was typed.
func (g Given) read(ctx context.Context) (*typed, error) {
	t := &typed{}
	for _, word := range g.Words {
		whole := word == "-" || strings.HasPrefix(strings.TrimSpace(word), "{")
		if whole && len(g.Words)+len(g.Files) > 1 {
			return nil, usage.Errorf("give arguments as KEY=VALUE pairs, or as one JSON object, or as - for one on stdin: only one of these")
		}
		var err error
		switch {
		case word == "-":
			var text []byte
			if text, err = readAll(ctx, g.Stdin); err == nil {
				t.doc, err = objectOf(text, "stdin")
			}
		case whole:
			t.doc, err = objectOf([]byte(word), "the argument")
		default:
			err = t.add(word, func(value string) (string, error) { return value, nil })
		}
		if err != nil {
			return nil, err
		}
	}
	for _, file := range g.Files {
		if err := t.add(file, func(path string) (string, error) { return fileText(ctx, path) }); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// add takes a pair.
func (t *typed) add(word string, text func(string) (string, error)) error {
	name, value, ok := strings.Cut(word, "=")
	if !ok || name == "" {
		return usage.Errorf("%q is not KEY=VALUE; give arguments as such pairs, or as one JSON object, or as - for one on stdin", word)
	}
	value, err := text(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !utf8.ValidString(name + value) {
		return usage.Errorf("the value of %s is not text in UTF-8", name)
	}
	i := slices.IndexFunc(t.values, func(n named) bool { return n.name == name })
	if i < 0 {
		i = len(t.values)
		t.values = append(t.values, named{name: name})
	}
	t.values[i].texts = append(t.values[i].texts, value)
	return nil
}

// objectOf checks that a text is a JSON object. The mark that PowerShell and editors
// of Windows put at the beginning is no part of it.
func objectOf(text []byte, from string) (json.RawMessage, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) { // package json would replace what is not
		return nil, usage.Errorf("%s is not text in UTF-8", from)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		if err == nil {
			err = errors.New("it is null")
		}
		return nil, usage.Errorf("%s is not a JSON object: %v", from, err)
	}
	var doc bytes.Buffer
	if err := json.Compact(&doc, text); err != nil {
		return nil, err
	}
	return doc.Bytes(), nil
}

// readAll reads what a person may still be typing.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	r = stdio.NewInput(r) // others may share it, and make it non-blocking
	return unless(ctx, func() ([]byte, error) { return limited(r) })
}

// unless is what read returns, if ctx does not end before that.
func unless(ctx context.Context, read func() ([]byte, error)) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := read()
		done <- result{text, err}
	}()
	select {
	case got := <-done:
		return got.text, got.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func limited(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxGiven+1))
	if err == nil && len(text) > maxGiven {
		err = errcode.Errorf(errcode.FileTooLarge, "it is longer than %d bytes, the most that a call can have", maxGiven)
	}
	return text, err
}

// fileText is what a file has, which may be a pipe that somebody still has to open.
func fileText(ctx context.Context, path string) (string, error) {
	text, err := unless(ctx, func() ([]byte, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		text, err := limited(file)
		return text, errors.Join(err, file.Close())
	})
	return string(text), err
}

// encode is the JSON of what was given, by what the tool declares.
func (t *Tool) encode(at Place, given *typed) (json.RawMessage, error) {
	if given.doc != nil {
		return given.doc, nil
	}
	refuse := func(format string, a ...any) error {
		return &ArgumentError{Tool: t.Name, Text: fmt.Sprintf(format, a...), Shown: t.shown(at)}
	}
	out := []byte{'{'}
	for i, v := range given.values {
		decl, known := t.schema.lookup(v.name)
		if !known && len(t.schema.properties) > 0 {
			return nil, &UnknownArgumentError{Tool: t.Name, Name: v.name, Known: t.schema.names(), Shown: t.shown(at)}
		}
		if !known && t.prompt { // those of prompts are strings, and nothing else
			decl = promptArgument
		}
		value, err := t.schema.encode(t.schema.kindOf(decl), v.texts)
		if err != nil {
			return nil, refuse("%s %v", v.name, err)
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(append(out, quote(v.name)...), ':'), value...)
	}
	var missing []string
	for _, a := range t.Arguments {
		if a.Required && !slices.ContainsFunc(given.values, func(v named) bool { return v.name == a.Name }) {
			missing = append(missing, fmt.Sprintf("%s (%s)", a.Name, a.Type))
		}
	}
	if len(missing) > 0 {
		return nil, refuse("needs %s", strings.Join(missing, ", "))
	}
	return append(out, '}'), nil
}

// shown says what shows the arguments.
func (t *Tool) shown(at Place) string {
	if t.prompt {
		return at.command("prompts") + " shows its arguments"
	}
	return at.command("tools", t.Name) + " shows its arguments"
}

// lookup is the declaration of an argument.
func (s schema) lookup(name string) (json.RawMessage, bool) {
	i := slices.IndexFunc(s.properties, func(p member) bool { return p.name == name })
	if i < 0 {
		return nil, false
	}
	return s.properties[i].value, true
}

func (s schema) names() []string {
	names := make([]string, len(s.properties))
	for i, p := range s.properties {
		names[i] = p.name
	}
	return names
}
