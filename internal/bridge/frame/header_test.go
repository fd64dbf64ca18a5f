// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestEncodeHeader(t *testing.T) {
	b64 := func(s string) string { return "=?base64?" + base64.StdEncoding.EncodeToString([]byte(s)) + "?=" }
	plain := []string{"a", "get_weather", "a b", "x=y", "=?base64?", "=?base64?abc", "abc?=", "=?BASE64?YQ==?=", "~!@#$%^&*()", "file:///a%20b"}
	for _, s := range plain {
		if got := EncodeHeader(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	encoded := []string{"", " ", " a", "a ", "\ta", "a\tb", "a\t", "é", "日本", "a\nb", "a\r\nX: y", "\x00", "\x7f", "=?base64?YQ==?=", "=?base64??=", "=?base64?x?="}
	for _, s := range encoded {
		if got := EncodeHeader(s); got != b64(s) {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// decodeHeader is the server's side of the codec.
func decodeHeader(v string) (string, bool) {
	inner, ok := strings.CutPrefix(v, base64Prefix)
	if inner, ok2 := strings.CutSuffix(inner, base64Suffix); ok && ok2 {
		raw, err := base64.StdEncoding.DecodeString(inner)
		return string(raw), err == nil
	}
	return v, true
}

func FuzzHeader(f *testing.F) {
	f.Add("get_weather")
	f.Add(" =?base64?é?=\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		v := EncodeHeader(text)
		if got, ok := decodeHeader(v); !ok || got != text {
			t.Fatalf("%q became %q, which is %q", text, v, got)
		}
		if v == "" || v != strings.TrimSpace(v) || strings.ContainsFunc(v, func(r rune) bool { return r < 0x20 || r > 0x7e }) {
			t.Fatalf("%q became %q, which no header carries", text, v)
		}
	})
}
