// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the parsers of MCP clients read what config writes.

package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// sample is a file before and after an edit, from the golden files of the
// package that edits them.
type sample struct {
	name          string
	client        clientcfg.Client
	before, after []byte
}

// TestParsers has the parsers that the clients themselves use, VS Code's for
// JSON with comments and Continue's for YAML, read every file that the golden
// files show, many of them with comments and trailing commas: our entries are
// there as they were meant, and nothing else has changed.
func TestParsers(t *testing.T) {
	t.Parallel()
	parts := needClients(t)
	samples := parserSamples(t)
	read := npmParse(t, parts, samples)
	formats, entries := map[clientcfg.Format]int{}, 0
	for i, s := range samples {
		before, after := read[2*i], read[2*i+1]
		if after.Error != "" || before.Error != "" {
			t.Errorf("%s: before %q, after %q\n%s", s.name, before.Error, after.Error, s.after)
			continue
		}
		formats[s.client.Format]++
		entries += s.check(t, before.Value, after.Value)
	}
	t.Logf("files %v, entries of ours %d", formats, entries)
	if entries < 80 {
		t.Errorf("only %d entries of ours", entries)
	}
	for format, least := range map[clientcfg.Format]int{clientcfg.JSON: 40, clientcfg.JSONComments: 4, clientcfg.JSONC: 40, clientcfg.YAML: 10} {
		if formats[format] < least {
			t.Errorf("only %d files of the format %s", formats[format], format)
		}
	}
	// A parser that takes anything would prove nothing.
	broken := npmParse(t, parts, []sample{
		{client: clientcfg.Client{Format: clientcfg.JSON}, before: []byte(`{} //`), after: []byte(`{"a": 1,}`)},
		{client: clientcfg.Client{Format: clientcfg.JSONComments}, before: []byte(`{"a" 1}`), after: []byte(`{"a": 1,}`)},
		{client: clientcfg.Client{Format: clientcfg.JSONC}, before: []byte(`{"a": 1,,}`), after: []byte(`{`)},
		{client: clientcfg.Client{Format: clientcfg.YAML}, before: []byte("a: [\n"), after: []byte("a: 1\na: 2\n")},
	})
	for i, r := range broken {
		if r.Error == "" {
			t.Errorf("broken file %d was read as %v", i, r.Value)
		}
	}
}

// TestYAMLForMachines has a YAML parser of other people read what --format=yaml
// prints: each hostile text comes back as it is, in a value, a list and a key.
func TestYAMLForMachines(t *testing.T) {
	t.Parallel()
	parts := needClients(t)
	var samples []sample
	texts := hostileTexts(t)
	for _, text := range texts {
		var doc bytes.Buffer
		if err := plain.YAML(&doc, map[string]any{"a": text, "b": []string{text}, "c": map[string]int{text: 1}}); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, sample{client: clientcfg.Client{Format: clientcfg.YAML}, before: []byte("{}"), after: doc.Bytes()})
	}
	read := npmParse(t, parts, samples)
	for i, text := range texts {
		got, want := read[2*i+1], map[string]any{"a": text, "b": []any{text}, "c": map[string]any{text: 1.0}}
		if got.Error != "" || !reflect.DeepEqual(got.Value, any(want)) {
			t.Errorf("%q: %q %v\n%s", text, got.Error, got.Value, samples[i].after)
		}
	}
}

// hostileTexts are those of package plain.
func hostileTexts(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "internal", "plain", "testdata", "hostile.json"))
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil || len(all) < 100 {
		t.Fatalf("%d texts, %v", len(all), err)
	}
	return all
}

func parserSamples(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "internal", "clientcfg", "testdata", "edit", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := sample{name: filepath.Base(file), before: []byte("{}")}
		for line := range strings.Lines(string(archive.Comment)) {
			if id, ok := strings.CutPrefix(strings.TrimSpace(line), "client: "); ok {
				if s.client, ok = clientcfg.Lookup(id); !ok {
					if s.client, err = clientcfg.ForPath(id); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if s.client.Format == "" {
			s.client.Format = clientcfg.JSONC
		}
		for _, f := range archive.Files {
			switch {
			case f.Name == "in" && len(bytes.TrimSpace(f.Data)) > 0:
				s.before = f.Data
			case f.Name == "want":
				s.after = f.Data
			}
		}
		if len(bytes.TrimSpace(s.after)) > 0 && s.client.Format != clientcfg.TOML {
			all = append(all, s)
		}
	}
	return all
}

type parsed struct {
	Value any
	Error string
}

// npmParse returns what the parsers make of the files, two for each sample.
func npmParse(t *testing.T, parts *npmParts, samples []sample) []parsed {
	t.Helper()
	if _, err := os.Stat(parts.node); err != nil {
		t.Skipf("npm has no node for this system, or it is missing from %s", parts.modules)
	}
	for _, name := range []string{"jsonc-parser", "yaml"} {
		if _, err := os.Stat(parts.module(name)); err != nil {
			t.Skipf("npm did not give the package %s", name)
		}
	}
	var texts []map[string]string
	for _, s := range samples {
		for _, text := range [][]byte{s.before, s.after} {
			texts = append(texts, map[string]string{"format": string(s.client.Format), "text": string(text)})
		}
	}
	in, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := parts.command(t.Context(), parts.program("parse.cjs"))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var read []parsed
	if err := json.Unmarshal(out, &read); err != nil || len(read) != len(texts) {
		t.Fatalf("%d of %d files: %v", len(read), len(texts), err)
	}
	return read
}

// check compares what a parser has read with what the package says is there, and
// returns the number of our entries.
func (s sample) check(t *testing.T, before, after any) (ours int) {
	t.Helper()
	all, err := s.client.Entries(s.after)
	if err != nil && !strings.Contains(err.Error(), "is there twice") { // another's, which the edit leaves alone
		t.Errorf("%s: %v", s.name, err)
	}
	for _, found := range all {
		if found.Ours {
			ours++
		}
		if found.Ours && !hasEntry(after, found.Name, found.Entry) {
			t.Errorf("%s: %s was not read as %+v\n%s", s.name, found.Name, found.Entry, s.after)
		}
	}
	was, _ := before.(map[string]any)
	is, _ := after.(map[string]any)
	var differ []string
	for _, key := range slices.Sorted(maps.Keys(is)) {
		if !reflect.DeepEqual(was[key], is[key]) {
			differ = append(differ, key)
		}
	}
	newFile := len(was) == 0
	if len(differ) > 1 && !newFile || len(is) < len(was) {
		t.Errorf("%s: %v differ", s.name, differ)
	}
	return ours
}

// hasEntry looks for an entry of that name, with the strings of want in it, at
// any depth.
func hasEntry(value any, name string, want clientcfg.Entry) bool {
	switch v := value.(type) {
	case map[string]any:
		if entry, ok := v[name].(map[string]any); ok && holds(entry, want) {
			return true
		}
		if v["name"] == name && holds(v, want) {
			return true
		}
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), func(x any) bool { return hasEntry(x, name, want) })
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return hasEntry(x, name, want) })
	}
	return false
}

func holds(entry map[string]any, want clientcfg.Entry) bool {
	words := func(value any) (all []string) {
		list, _ := value.([]any)
		for _, item := range list {
			word, _ := item.(string)
			all = append(all, word)
		}
		return all
	}
	program, _ := entry["command"].(string)
	if cmd, ok := entry["cmd"].(string); ok {
		program = cmd
	}
	line := append([]string{program}, words(entry["args"])...)
	if joined := words(entry["command"]); joined != nil {
		line = joined
	}
	if !slices.Equal(line, append([]string{want.Command}, want.Args...)) {
		return false
	}
	for name, value := range want.Env {
		if !slices.ContainsFunc([]string{"env", "envs", "environment"}, func(key string) bool {
			env, _ := entry[key].(map[string]any)
			return env[name] == value
		}) {
			return false
		}
	}
	return true
}
