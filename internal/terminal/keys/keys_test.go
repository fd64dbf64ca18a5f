// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// press decodes bytes with a pause behind some of them.
func press(text string, pause func(at int) bool) (d Decoder, all []Key) {
	for i := range len(text) {
		all = append(all, d.Byte(text[i])...)
		if pause(i + 1) {
			all = append(all, d.Pause()...)
		}
	}
	return d, all
}

func names(all []Key) string {
	var names []string
	for _, k := range all {
		names = append(names, k.Name)
	}
	return strings.Join(names, " ")
}

// decodeTests are bytes and the names of the keys that they are from.
var decodeTests = []struct{ name, bytes, want string }{
	{"letters", "aZ1/ é漢👩", "a Z 1 / space é 漢 👩"},
	{"controls", "\x01\x02\x03\x04\x08\t\n\r\x1a\x7f\x00\x1d", "ctrl+a ctrl+b ctrl+c ctrl+d backspace tab enter enter ctrl+z backspace ctrl+space ctrl+]"},
	{"arrows", "\x1b[A\x1b[B\x1b[C\x1b[D\x1bOA\x1bOB\x1bOC\x1bOD", "up down right left up down right left"},
	{"home and end", "\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "home end home end home end home end"},
	{"editing", "\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "insert delete pgup pgdown"},
	{"shift+tab", "\x1b[Z\x1b[1;2Z", "shift+tab shift+tab"},
	{"held", "\x1b[1;5A\x1b[1;2B\x1b[1;3C\x1b[1;6D\x1b[5;5~\x1bO5A\x1bO1;2P", "ctrl+up shift+down alt+right ctrl+shift+left ctrl+pgup ctrl+up"},
	{"num lock", "\x1b[1;129A", "up"},
	{"rxvt", "\x1b[7~\x1b[8$\x1b[5^\x1b[6@\x1b[a\x1bOb\x1b\x1b[A", "home shift+end ctrl+pgup ctrl+shift+pgdown shift+up ctrl+down alt+up"},
	{"keypad", "\x1bOM\x1bOp\x1bOk", "enter"},
	{"alt", "\x1ba\x1b\r\x1bé\x1b漢", "alt+a alt+enter alt+é alt+漢"},
	{"codes", "\x1b[99;5u\x1b[13u\x1b[27u\x1b[97u\x1b[97;2u\x1b[97;1:3u\x1b[32;1u\x1b[27;5;99~\x1b[57352u\x1b[97;9u", "ctrl+c enter esc a A space ctrl+c"},
	{"function keys", "\x1bOP\x1b[11~\x1b[15~\x1b[[A\x1b[24;2~", ""},
	{"mouse", "\x1b[M q!\x1b[<0;10;20M\x1b[<0;10;20m", ""},
	{"focus", "\x1b[I\x1b[O", ""},
	{"answers", "\x1b[?62;22c\x1b[24;80R\x1b[?2026;2$y\x1b[0n\x1b[>0;276;0c\x1b[8;24;80t\x1b[?0u\x1b[?997;1n", ""},
	{"texts", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b]0;a title\a\x1bP>|XTerm(370)\x1b\\\x1b_Gi=1;OK\x1b\\\x1b^q\x1b\\\x1bXq\x1b\\a", "a"},
	{"lines in a text", "\x1b]0;a\r\nq\aa", "a"},
	{"Ctrl-C in a text", "\x1b]0;a\x03q", "ctrl+c q"},
	{"a text cut off", "\x1b]0;a\x1b[Aq\x1bPa\x18q", "up q q"},
	{"a sequence cut off", "\x1b[1;\x1b[A\x1b[1\x03\x1b[5\r\x1bO\x1b[B", "up ctrl+c enter down"},
	{"unknown", "\x1b[99~\x1b[1;5x\x1b[38;5;1m\x1b[ q\x1b[5 ~\x1b[!p\x1bOz\x1b[1;2;3;4w", ""},
	{"too long", "\x1b[" + strings.Repeat("1", 1000) + "~\x1b[" + strings.Repeat("9", 20) + "~a", "a"},
	{"no UTF-8", "\xff\x80a\xe6\xbca\xc3\xe6\xbc\xa2\xf0\x9f\x91\xed\xa0\x80\xc0\xafb", "a a 漢 b"},
	{"joined", "👩\u200d👧\u200da", "👩 👧 a"},
	{"C1", "\u009bA", " A"},
	{"Esc and others", "\x1b\x1ba\x1b\x1b\x1b[A\x1b\x03", "esc alt+a esc alt+up esc ctrl+c"},
	{"Esc last", "a\x1b", "a esc"},
	{"Esc twice", "\x1b\x1b", "esc esc"},
	{"Esc thrice", "\x1b\x1b\x1b", "esc esc esc"},
	{"a paste", "a\x1b[200~q\r\x03 y\x1b[A\x1b\x1b[201~b", "a paste b"},
	{"an end alone", "\x1b[201~a", "a"},
}

func TestDecode(t *testing.T) {
	for _, tt := range decodeTests {
		d, all := press(tt.bytes, func(int) bool { return false })
		all = append(all, d.Pause()...)
		if got := names(all); got != tt.want {
			t.Errorf("%s: %q: %q, want %q", tt.name, tt.bytes, got, tt.want)
		}
		for _, k := range all {
			if len([]rune(k.Name)) == 1 && strings.TrimPrefix(k.Text, joiner) != k.Name || k.Name == "space" && k.Text != " " {
				t.Errorf("%s: %+v does not type what it is", tt.name, k)
			}
			if len([]rune(k.Name)) > 1 && k.Name != "space" && k.Name != Paste && k.Text != "" {
				t.Errorf("%s: %+v types something", tt.name, k)
			}
		}
	}
}

// TestSlow: what comes with pauses is the same, but where an Esc comes alone.
func TestSlow(t *testing.T) {
	for _, tt := range decodeTests {
		for at := 1; at < len(tt.bytes); at++ {
			if tt.bytes[at-1] == esc || tt.name == "joined" {
				continue
			}
			d, all := press(tt.bytes, func(i int) bool { return i == at })
			all = append(all, d.Pause()...)
			got, want := names(all), tt.want
			if strings.Contains("]P_^X", tt.bytes[at-1:at]) && at > 1 && tt.bytes[at-2] == esc {
				continue // Alt with that letter
			}
			if got != want {
				t.Errorf("%s: %.100q, a pause, %.100q: %q, want %q", tt.name, tt.bytes[:at], tt.bytes[at:], got, want)
			}
		}
	}
}

// TestGivenUp: what never ends keeps nobody from the keys for long.
func TestGivenUp(t *testing.T) {
	for _, begun := range []string{"\x1b", "\x1b\x1b", "\x1b[", "\x1b[1;", "\x1bO", "\x1b]", "\x1b]0;x", "\x1bPx\x1b", "\x1b[M", "\x1b[[", "\xe6\xbc", "\x1b\xe6", "\u200d"} {
		d, _ := press(begun, func(int) bool { return false })
		for range longPause {
			d.Pause()
		}
		if got := d.Byte('a'); !slices.Equal(got, []Key{{"a", "a"}}) {
			t.Errorf("%q: then %+v", begun, got)
		}
	}
	d, _ := press("\x1b]", func(int) bool { return false })
	d.Pause()
	if got := names(d.Byte('a')); got != "a" {
		t.Errorf("Alt-]: then %q", got)
	}
}

// TestPaste: its text is no keys, whatever is in it, and has a bound.
func TestPaste(t *testing.T) {
	const begin = "\x1b[200~"
	never := func(int) bool { return false }
	for text, want := range map[string]string{
		"":                         "",
		"two\r\nlines\x03\x1a":     "two\r\nlines\x03\x1a",
		"\x1b[31mred\x1b[0m":       "\x1b[31mred\x1b[0m",
		"\x1b[201\x1b[20\x1b":      "\x1b[201\x1b[20\x1b",
		"\x1b[200~a":               "\x1b[200~a",
		"a\xff漢\xe6":               "a漢",
		strings.Repeat("x", 1<<20): strings.Repeat("x", maxPaste),
		strings.Repeat("漢", 1<<20): strings.Repeat("漢", maxPaste/3),
	} {
		_, all := press(begin+text+pasteEnd+"a", never)
		if want := []Key{{Paste, want}, {"a", "a"}}; !slices.Equal(all, want) {
			t.Errorf("%.40q: %.200q", text, all)
		}
	}
	d, all := press(begin+"a\x03b", never)
	for range 10 * longPause {
		all = append(all, d.Pause()...)
	}
	if len(all) > 0 {
		t.Errorf("a paste that takes long is %v", all)
	}
	d.Byte(interrupt)
	if got := names(d.Pause()); got != "ctrl+c" {
		t.Errorf("Ctrl-C in a paste that does not end: %q", got)
	}
}

// TestJoined: what is typed is the same when it is put together.
func TestJoined(t *testing.T) {
	const family = "👩\u200d👧 e\u0301"
	_, all := press(family, func(int) bool { return false })
	text := ""
	for _, k := range all {
		text += k.Text
	}
	if text != family {
		t.Errorf("%q", text)
	}
}

// FuzzDecoder: whatever a terminal sends is keys that type what can be typed, and the
// keyboard works afterwards.
func FuzzDecoder(f *testing.F) {
	for _, tt := range decodeTests {
		f.Add(tt.bytes, uint64(0))
		f.Add(tt.bytes, ^uint64(0))
	}
	f.Add("\x1b[200~a\x03", uint64(1<<7|1<<8))
	f.Fuzz(func(t *testing.T, text string, pauses uint64) {
		d, all := press(text, func(at int) bool { return pauses&(1<<(at%64)) != 0 })
		for _, k := range all {
			if len(k.Text) > maxPaste || !utf8.ValidString(k.Text) || !utf8.ValidString(k.Name) || len(k.Name) > 32 {
				t.Errorf("%q: %+.100q", text, k)
			}
			if k.Name != Paste && strings.ContainsFunc(k.Text, unicode.IsControl) {
				t.Errorf("%q: %+q types a control character", text, k)
			}
		}
		if cap(d.text) > 2*maxPaste {
			t.Errorf("%d bytes are kept", cap(d.text))
		}
		for _, b := range []byte(pasteEnd) {
			d.Byte(b)
		}
		for range longPause {
			d.Pause()
		}
		if got := d.Byte('a'); !slices.Equal(got, []Key{{"a", "a"}}) {
			t.Errorf("after %q: %+q", text, got)
		}
	})
}
