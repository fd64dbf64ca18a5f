// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"strconv"
	"strings"
	"unicode"
)

// arrow is the key that a sequence is of which ends with a letter.
func arrow(final byte) string {
	switch final {
	case 'A':
		return "up"
	case 'B':
		return "down"
	case 'C':
		return "right"
	case 'D':
		return "left"
	case 'F':
		return "end"
	case 'H':
		return "home"
	case 'Z':
		return "shift+tab"
	}
	return ""
}

// editing are the keys that have a number, which several terminals have their own of.
var editing = [...]string{1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pgup", 6: "pgdown", 7: "home", 8: "end"}

// The keys that are held with another, as they are in a sequence, one less.
const (
	shift = 1 << iota
	alt
	ctrl
	super
	hyper
	meta
)

// sequence is the key of a sequence for the terminal, none if it is not known or comes
// from no key. The parameters stand before its last byte.
func sequence(parameters string, final byte, short, withAlt bool) []Key {
	if strings.Trim(parameters, "0123456789;:") != "" {
		return nil // an answer
	}
	numbers, event := readNumbers(parameters)
	held := 0
	if n := len(numbers); n > 1 {
		held = max(numbers[1]-1, 0)
	} else if short && n == 1 { // ESC O 5 A
		held = max(numbers[0]-1, 0)
	}
	if withAlt {
		held |= alt
	}
	const release = 3
	if event == release || held&(super|hyper|meta) != 0 {
		return nil
	}
	return named(numbers, final, short, held)
}

func named(numbers []int, final byte, short bool, held int) []Key {
	first := 0
	if len(numbers) > 0 {
		first = numbers[0]
	}
	switch {
	case arrow(final) != "":
		return heldKey(arrow(final), held)
	case short && final == 'M': // of the keypad
		return heldKey("enter", held)
	case final >= 'a' && final <= 'd' && short: // rxvt
		return heldKey(arrow(final-'a'+'A'), held|ctrl)
	case final >= 'a' && final <= 'd':
		return heldKey(arrow(final-'a'+'A'), held|shift)
	case short:
		return nil
	case final == 'u':
		return coded(first, held)
	case final == '~' && first == 27 && len(numbers) == 3:
		return coded(numbers[2], held)
	case final == '$': // these three are rxvt's
		held |= shift
	case final == '^':
		held |= ctrl
	case final == '@':
		held |= shift | ctrl
	case final != '~':
		return nil
	}
	if first >= len(editing) {
		return nil
	}
	return heldKey(editing[first], held)
}

// readNumbers reads "1;5:3": the numbers, and what happened to the key. Of what stands
// behind a colon that is all that matters here.
func readNumbers(parameters string) (numbers []int, event int) {
	if parameters == "" {
		return nil, 0
	}
	for i, text := range strings.Split(parameters, ";") {
		text, more, _ := strings.Cut(text, ":")
		n := 1 // what is left out
		if text != "" {
			n, _ = strconv.Atoi(text)
		}
		numbers = append(numbers, n)
		if i == 1 {
			event, _ = strconv.Atoi(more)
		}
	}
	return numbers, event
}

// heldKey is a key that types nothing.
func heldKey(name string, held int) []Key {
	if name == "" {
		return nil
	}
	prefix := ""
	if held&ctrl != 0 {
		prefix += "ctrl+"
	}
	if held&alt != 0 {
		prefix += "alt+"
	}
	if held&shift != 0 && !strings.HasPrefix(name, "shift+") {
		prefix += "shift+"
	}
	return []Key{{Name: prefix + name}}
}

// coded is a key that a terminal has a code for, if another program has told it so and
// did not take that back: then Ctrl-C is one.
func coded(code, held int) []Key {
	key := plainKey(rune(code))
	switch {
	case code < ' ' && code != '\t' && code != '\r' && code != esc, code > unicode.MaxRune:
		return nil
	case code >= 0xd800 && code <= 0xf8ff: // surrogates, and keys that type nothing
		return nil
	case code == esc:
		key.Name = "esc"
	case held&(ctrl|alt) == 0 && held&shift != 0 && key.Text != "":
		return []Key{plainKey(unicode.ToUpper(rune(code)))}
	case held&(ctrl|alt|shift) == 0:
		return []Key{key}
	}
	return heldKey(key.Name, held)
}

// plainKey is the key of a character.
func plainKey(r rune) Key {
	switch {
	case r == ' ':
		return Key{Name: "space", Text: " "}
	case r == '\r', r == '\n':
		return Key{Name: "enter"}
	case r == '\t':
		return Key{Name: "tab"}
	case r == '\b', r == del:
		return Key{Name: "backspace"}
	case r == 0:
		return Key{Name: "ctrl+space"}
	case r < ' ':
		return Key{Name: "ctrl+" + strings.ToLower(string(r+'@'))}
	case unicode.IsControl(r):
		return Key{}
	}
	return Key{Name: string(r), Text: string(r)}
}
