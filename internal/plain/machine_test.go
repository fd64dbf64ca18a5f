// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v4"
)

// document has a text at each place where one can be.
func document(text string) map[string]any {
	return map[string]any{"text": text, "list": []any{text, "z"}, "key " + text: map[string]any{text: "v"}}
}

// written is what one of the two writes, which has nothing hidden in it.
func written(t *testing.T, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	if i := bytes.IndexFunc(out.Bytes(), notText); i >= 0 {
		t.Fatalf("at %d of %q", i, out.Bytes())
	}
	return out.Bytes()
}

func checkMachine(t *testing.T, text string) {
	t.Helper()
	want := document(string([]rune(text)))
	var fromJSON, fromYAML any
	doc := written(t, func(w *bytes.Buffer) error { return JSON(w, document(text)) })
	if err := json.Unmarshal(doc, &fromJSON); err != nil || !reflect.DeepEqual(fromJSON, any(want)) {
		t.Errorf("JSON of %q: %v\n%s", text, err, doc)
	}
	doc = written(t, func(w *bytes.Buffer) error { return YAML(w, document(text)) })
	if err := yaml.Unmarshal(doc, &fromYAML); err != nil || !reflect.DeepEqual(fromYAML, any(want)) {
		t.Errorf("YAML of %q: %v\n%s", text, err, doc)
	}
}

// TestMachine holds that a text comes back as it is. That YAML is not only read
// by the library that wrote it is shown in cmd/tshmcp.
func TestMachine(t *testing.T) {
	for _, text := range hostile(t) {
		checkMachine(t, text)
	}
}

func FuzzMachine(f *testing.F) {
	for _, text := range hostile(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkMachine(t, text)
	})
}

// TestYAMLLooks holds that what needs no quotes has none.
func TestYAMLLooks(t *testing.T) {
	type shape struct {
		Name  string            `yaml:"name"`
		Apps  []string          `yaml:"apps"`
		Tools map[string]string `yaml:"tools"`
		Until int               `yaml:"until"`
		Here  bool              `yaml:"here"`
	}
	doc := written(t, func(w *bytes.Buffer) error {
		return YAML(w, []shape{{Name: "notes", Apps: []string{}, Tools: map[string]string{"a": "true", "b": "\u202ex"}, Until: 3, Here: true}})
	})
	const want = "- name: notes\n  apps: []\n  tools:\n    a: \"true\"\n    b: \"\\U0000202Ex\"\n  until: 3\n  here: true\n"
	if string(doc) != want {
		t.Errorf("got\n%s", doc)
	}
}
