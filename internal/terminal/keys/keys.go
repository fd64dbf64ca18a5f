// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package keys tells which keys were pressed from the bytes that a terminal sends
// for them. It goes byte by byte, so that nothing behind a key has to be read.
package keys

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Key is one that was pressed, or a text that was pasted.
type Key struct {
	Name string // such as "a", "space", "enter", "ctrl+a", "shift+tab", or [Paste]
	Text string // what it types, "" for a key that types nothing; what was pasted
}

// Paste is the name of a paste.
const Paste = "paste"

// The bounds of what a terminal sends.
const (
	maxPaste      = 4096 // bytes; the rest is dropped
	maxParameters = 32   // bytes; no longer sequence is known
	longPause     = 10   // pauses after which the rest of a sequence is not waited for
)

const (
	interrupt = 0x03 // Ctrl-C
	esc       = 0x1b
	del       = 0x7f
	pasteEnd  = "\x1b[201~"
	joiner    = "\u200d" // makes one picture of two
)

// state is what the bytes before were the beginning of.
type state int

const (
	ground     state = iota
	letter           // a character of several bytes
	escape           // a sequence, or the key Esc, or another with Alt
	control          // a sequence with parameters: ESC [
	single           // a short one: ESC O
	message          // what the terminal tells, perhaps a late answer: ESC ]
	messageEnd       // that, and an ESC which may end it
	pasting          // a paste
	skipping         // bytes that are no keys, whatever they are
)

// Decoder makes keys of bytes. The zero one is ready.
type Decoder struct {
	state  state
	text   []byte // of a character, of a paste, or the parameters of a sequence
	alt    bool   // an Esc came before
	joined bool   // a joiner came before
	skip   int    // bytes
	pauses int    // since the last byte
	since  int    // bytes since the last pause
	last   byte
}

// Byte takes the next byte and returns the keys that are complete with it.
func (d *Decoder) Byte(b byte) []Key {
	d.pauses, d.last = 0, b
	d.since++
	switch d.state {
	case letter:
		return d.letter(b)
	case escape:
		return d.escaped(b)
	case control, single:
		return d.parameter(b)
	case message, messageEnd:
		return d.told(b)
	case pasting:
		return d.pasted(b)
	case skipping:
		if d.skip--; d.skip == 0 {
			d.reset()
		}
		return nil
	}
	return d.begin(b)
}

// Pause tells that nothing has come for a tenth of a second. An Esc is a key then and
// no beginning, and what never ends is given up after some of them.
func (d *Decoder) Pause() []Key {
	alone := d.since == 1 && d.last == interrupt
	d.since = 0
	d.pauses++
	switch {
	case d.state == pasting:
		// Whoever sees that nothing goes on presses Ctrl-C. In a paste it is not alone.
		if alone {
			return d.anew(interrupt)
		}
	case d.state == escape:
		keys := []Key{{Name: "esc"}}
		if d.alt {
			keys = append(keys, keys[0])
		}
		d.reset()
		return keys
	case d.pauses >= longPause, d.state == message && len(d.text) == 0: // Alt and a letter
		d.reset()
	}
	d.joined = false
	return nil
}

func (d *Decoder) reset() {
	d.state, d.text, d.alt, d.joined, d.skip = ground, d.text[:0], false, false, 0
}

// begin is a byte before which nothing is unfinished.
func (d *Decoder) begin(b byte) []Key {
	switch {
	case b == esc:
		d.state, d.joined = escape, false
		return nil
	case b >= utf8.RuneSelf:
		d.state = letter
		return d.letter(b)
	}
	d.joined = false
	return []Key{plainKey(rune(b))}
}

// anew is a byte that does not go on with what is unfinished.
func (d *Decoder) anew(b byte) []Key {
	d.reset()
	return d.begin(b)
}

// letter is a byte of a character. What is no UTF-8 is dropped.
func (d *Decoder) letter(b byte) []Key {
	if len(d.text) > 0 && utf8.RuneStart(b) {
		return d.anew(b)
	}
	d.text = append(d.text, b)
	if !utf8.FullRune(d.text) {
		return nil
	}
	r, size := utf8.DecodeRune(d.text)
	alt, joined := d.alt, d.joined
	d.reset()
	switch {
	case size == 1:
		return nil
	case alt:
		return []Key{{Name: "alt+" + string(r)}}
	case string(r) == joiner:
		d.joined = true
		return nil
	case joined && !unicode.IsControl(r):
		return []Key{{Name: string(r), Text: joiner + string(r)}}
	}
	return []Key{plainKey(r)}
}

// escaped is the byte behind an ESC. A second ESC is kept as well: with some terminals
// it is Alt with a key that has a sequence.
func (d *Decoder) escaped(b byte) []Key {
	switch b {
	case '[':
		d.state = control
		return nil
	case 'O':
		d.state = single
		return nil
	}
	var before []Key
	if d.alt {
		before = []Key{{Name: "esc"}}
	}
	d.alt = true
	switch {
	case b == esc:
	case b == interrupt: // who presses it wants out
		before = append([]Key{{Name: "esc"}}, d.anew(b)...)
	case bytes.IndexByte([]byte("]P_^X"), b) >= 0:
		d.state, d.alt = message, false
	case b >= utf8.RuneSelf:
		d.state = letter
		d.letter(b)
	default:
		d.reset()
		return append(before, Key{Name: "alt+" + plainKey(rune(b)).Name})
	}
	return before
}

// parameter is a byte of a sequence, at its end the one that says what it is.
func (d *Decoder) parameter(b byte) []Key {
	first := len(d.text) == 0 && d.state == control
	switch {
	case b < ' ', b >= del:
		return d.anew(b)
	case first && b == 'M': // the mouse: button and place
		d.reset()
		d.state, d.skip = skipping, 3
		return nil
	case first && b == '[': // a function key of Linux' console
		d.reset()
		d.state, d.skip = skipping, 1
		return nil
	case b < '@' && !(b == '$' && number(d.text)): // rxvt has that at the end
		if len(d.text) < maxParameters {
			d.text = append(d.text, b)
		}
		return nil
	}
	if d.state == control && b == '~' && string(d.text) == "200" {
		d.reset()
		d.state = pasting
		return nil
	}
	var keys []Key
	if len(d.text) < maxParameters {
		keys = sequence(string(d.text), b, d.state == single, d.alt)
	}
	d.reset()
	return keys
}

// number reports whether a text is one, without a second and without signs.
func number(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, "0123456789")) == 0
}

// told is a byte of what a terminal tells. It ends with BEL or ST.
func (d *Decoder) told(b byte) []Key {
	const cancel, substitute, bell = 0x18, 0x1a, 0x07
	switch {
	case b == interrupt:
		return d.anew(b)
	case b == bell, b == cancel, b == substitute, d.state == messageEnd && b == '\\':
		d.reset()
	case b == esc:
		d.state = messageEnd
	case d.state == messageEnd:
		d.reset()
		d.state = escape
		return d.escaped(b)
	default:
		d.text = append(d.text[:0], b) // there is something
	}
	return nil
}

// pasted is a byte of a paste, or of its end.
func (d *Decoder) pasted(b byte) []Key {
	if d.skip > 0 && b != pasteEnd[d.skip] {
		d.paste(pasteEnd[:d.skip])
		d.skip = 0
	}
	if b != pasteEnd[d.skip] {
		d.paste(string([]byte{b}))
		return nil
	}
	if d.skip++; d.skip < len(pasteEnd) {
		return nil
	}
	key := Key{Name: Paste, Text: string(bytes.ToValidUTF8(d.text, nil))}
	d.reset()
	return []Key{key}
}

func (d *Decoder) paste(text string) {
	d.text = append(d.text, text[:min(len(text), maxPaste-len(d.text))]...)
}
