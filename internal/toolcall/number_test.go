// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Numbers of any length are shown as the server wrote them, in each format, and sent as
// they were typed.
func TestLongNumbers(t *testing.T) {
	for _, n := range []string{"9007199254740993", "-9007199254740993", "9223372036854775807", "18446744073709551615", "1234567890123456789012", "0.1", "1e400", "5"} {
		r := resultOf([]byte(`{"content":[],"structuredContent":{"rows":[{"id":` + n + `}]}}`))
		doc, err := json.Marshal(r)
		if err != nil || !strings.Contains(string(doc), `"id":`+n+`}`) {
			t.Errorf("%s as JSON: %s, %v", n, doc, err)
		}
		if value := decoded(json.RawMessage(n)); must(json.Marshal(value)) != n {
			t.Errorf("%s is sent as %v", n, value)
		}
		var text strings.Builder
		err = plain.YAML(&text, r)
		if huge := len(n) > 20 || n == "1e400"; err != nil || !huge && !strings.Contains(text.String(), "id: "+n+"\n") { // YAML's readers have none so huge
			t.Errorf("%s as YAML: %s, %v", n, text.String(), err)
		}
	}
}

// TestIntegerTypes: a value is an integer however long it is, and however it is written.
func TestIntegerTypes(t *testing.T) {
	for n, want := range map[string]string{
		"5": "integer", "-1.0": "integer", "1E2": "integer", "9223372036854775808": "integer", "18446744073709551615": "integer",
		"0.1": "number", "-1.5e0": "number",
	} {
		if got := typeOf(json.RawMessage(n)); got != want {
			t.Errorf("%s is a value of type %s, want %s", n, got, want)
		}
	}
}

func must(doc []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(doc)
}

// TestPlainNumbers: who checks Go's types sees numbers, those of a list and of a default
// too, and not their texts.
func TestPlainNumbers(t *testing.T) {
	got := plainNumbers(decoded([]byte(`{"a":[36,9007199254740993,18446744073709551615],"b":-1.5e3,"c":"36"}`)))
	want := map[string]any{"a": []any{int64(36), int64(9007199254740993), uint64(18446744073709551615)}, "b": -1500.0, "c": "36"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%#v, want %#v", got, want)
	}
}
