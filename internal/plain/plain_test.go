// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts that something obeys, or takes for something else.
func hostile(t testing.TB) []string {
	t.Helper()
	var all []string
	text, err := os.ReadFile("testdata/hostile.json")
	if err == nil {
		err = json.Unmarshal(text, &all)
	}
	if err != nil || len(all) < 100 {
		t.Fatalf("%d texts, %v", len(all), err)
	}
	return append(all, "\xff", "a\xffb", "\xe2\x80", "\xed\xa0\x80")
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"Grafana für 日本 😀":               "Grafana für 日本 😀",
		"a\x1b[31mb\r\n\tc\u009bd":       "a [31mb   c d",
		"a\u202etxt.exe\u2066\u200f":     "atxt.exe",              // what turns the line around
		"no\u200bt\ufeffes\U000e0041":    "notes",                 // what nobody sees
		"👩\u200d👧 and ❤\ufe0f\u200d🔥":    "👩\u200d👧 and ❤\u200d🔥", // one picture each
		"a\u200d👧\u200d b\u200dc👩\u200d": "a👧 bc👩",
		"👩\u200d\u200d👧\u200d\u202e👧":    "👩\u200d👧👧",
		"no\u200dt\u3164es\ufe0f":        "notes",
		"a\u2028b\u2029c\u0085d":         "a b c d",
		"a\xffb":                         "a\ufffdb",
		"\x00\x7f":                       "  ",
	} {
		if got := Line(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Text("a\tb\r\nc\rd\x1b\u202e\n"); got != "a\tb\nc d \n" {
		t.Errorf("text: %q", got)
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"  a\n\n b\t\u00a0c ":                      "a b c",
		"\x1b[31mred\x1b[0m \u009b2Jx":             "red x",
		"\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b": "ab",
		"\x1b]0;unterminated":                      "",
		"a\xffb\u202e":                             "ab",
		"zero\u200bwidth":                          "zerowidth",
		"\x1bPq#0\x1b\\after":                      "after",
		"one\u2028two":                             "one two",
		"":                                         "",
		"\x1b":                                     "",
		"tail \x1b[":                               "tail",
		"\u0090private\u009cseen":                  "seen",
		"\x1b(Bcharset":                            "Bcharset",
		"a\x00b":                                   "a b",
	} {
		if got := Words(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		in, want string
	}{{"äöü", "äöü"}, {"äöüß", "äöüß"}, {"äöüßa", "äöü…"}, {"äö ßa", "äö…"}} {
		if got := Cut(test.in, 4); got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

// pair is two pictures that are joined.
var pair = regexp.MustCompile(`([\x{2190}-\x{27bf}\x{2b00}-\x{2bff}\x{1f000}-\x{1faff}])\x{200d}([\x{2190}-\x{27bf}\x{2b00}-\x{2bff}\x{1f000}-\x{1faff}])`)

// unjoined is a text without the joiners that may be there.
func unjoined(s string) string {
	return pair.ReplaceAllString(pair.ReplaceAllString(s, "$1$2"), "$1$2")
}

// FuzzPlain holds what everybody here promises of whatever text.
func FuzzPlain(f *testing.F) {
	for _, text := range hostile(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for name, got := range map[string]string{"line": Line(text), "words": Words(text), "cut": Cut(Words(text), 10)} {
			if strings.ContainsFunc(unjoined(got), Hidden) || !utf8.ValidString(got) {
				t.Errorf("%s of %q: %q", name, text, got)
			}
		}
		if got := Text(text); strings.ContainsFunc(unjoined(got), notText) || !utf8.ValidString(got) || Text(got) != got {
			t.Errorf("text of %q: %q", text, got)
		}
		if got := Line(text); Line(got) != got {
			t.Errorf("line of %q, twice: %q", text, Line(got))
		}
		if got := Words(text); Words(got) != got {
			t.Errorf("words of %q, twice: %q, %q", text, got, Words(got))
		}
		if n := utf8.RuneCountInString(Cut(Line(text), 10)); n > 10 {
			t.Errorf("%q is cut to %d characters", text, n)
		}
	})
}
