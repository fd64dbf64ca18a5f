// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: JSON of which long values are folded.

package clientcfg

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

// withFold runs f with another length above which values are folded.
func withFold(length int, f func()) {
	before := foldAbove
	defer func() { foldAbove = before }()
	foldAbove = length
	f()
}

// checkFolded: what is folded makes no difference to an edit.
func checkFolded(t *testing.T, c Client, data []byte, ch change) {
	t.Helper()
	var texts, errs []string
	for _, length := range []int{0, 64, math.MaxInt} {
		withFold(length, func() {
			out, err := c.editor().apply(t.Context(), data, ch)
			texts, errs = append(texts, string(out)), append(errs, fmt.Sprint(err))
		})
	}
	for i := range texts {
		if texts[i] != texts[0] || errs[i] != errs[0] {
			t.Errorf("folded: %q %s\nor not: %q %s", texts[0], errs[0], texts[i], errs[i])
		}
	}
}

// TestFoldedOffsets: a folded value has the offsets that it has in the text, at
// whatever depth somebody looks.
func TestFoldedOffsets(t *testing.T) {
	text := []byte(" {\n\"a\" : {\"b\": [1, {\"c\": {\"d\": \"{[\\\"\"}}, []], \"e\": {}} , \"f\":[[[ ]]],\"g\":1 }\n")
	want, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	withFold(0, func() {
		d, err := parseJSON(text, JSONAuto)
		if err != nil || !d.plain {
			t.Fatal(err)
		}
		if strings.Contains(d.root.String(), "c") {
			t.Error("nothing is folded")
		}
		compareFolded(t, d, &want, &d.root)
	})
}

func compareFolded(t *testing.T, d *jsonDoc, want, got *hujson.Value) {
	t.Helper()
	d.unfold(got)
	if want.StartOffset != got.StartOffset || want.EndOffset != got.EndOffset || want.Value.Kind() != got.Value.Kind() {
		t.Errorf("%q at %d to %d, want %d to %d", want.Value.Kind(), got.StartOffset, got.EndOffset, want.StartOffset, want.EndOffset)
	}
	switch want := want.Value.(type) {
	case *hujson.Object:
		for i := range want.Members {
			got := &got.Value.(*hujson.Object).Members[i]
			compareFolded(t, d, &want.Members[i].Name, &got.Name)
			compareFolded(t, d, &want.Members[i].Value, &got.Value)
		}
	case *hujson.Array:
		for i := range want.Elements {
			compareFolded(t, d, &want.Elements[i], &got.Value.(*hujson.Array).Elements[i])
		}
	}
}

func TestFoldedEdits(t *testing.T) {
	for _, c := range largeClients(t)[:2] {
		data := largeFile(t, c, 30)
		for _, ch := range largeEdits(30) {
			checkFolded(t, c, data, ch)
		}
	}
}
