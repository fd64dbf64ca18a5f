// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// TestLongTextIsLookedAtAsItComes holds that the messages of a long text are known with
// its last byte, and are what they are in one.
func TestLongTextIsLookedAtAsItComes(t *testing.T) {
	tail := strings.Repeat("é \\\"", walkFrom) + `"},"id":7}`
	for name, doc := range map[string]string{
		"message": `{"jsonrpc":"2.0","result":{"x":"` + tail, "not JSON": `{"jsonrpc":"2.0","result":{"x":"\x` + tail,
		"cut off": `{"jsonrpc":"2.0","result":{"x":{"` + tail, "no message": `{"result":{"x":"` + tail,
		"batch": `[{"jsonrpc":"2.0","result":{"x":"` + tail + `]`,
	} {
		want, wantBatch, wantErr := Parse([]byte(doc))
		e, err := NewEventReader(strings.NewReader("data: "+doc+"\n\n"), 1<<20, &Cursor{}).Next()
		ln, lineErr := NewLineReader(strings.NewReader(doc+" \r\n"), 1<<20).Next()
		ln.Data = Trim(ln.Data)
		if err := errors.Join(err, lineErr); err != nil {
			t.Fatal(err)
		}
		for _, text := range []Text{e.Text, ln} {
			if looked := text.seen != nil && text.seen.at > len(doc)-walkFrom; looked == wantBatch && name != "not JSON" {
				t.Errorf("%s: that it was looked at is %t", name, looked)
			}
			for range 2 { // who keeps a message parses it again
				if got, batch, err := text.Parse(); !reflect.DeepEqual(got, want) || batch != wantBatch || err != wantErr {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
}

// TestLongTextTooLong holds that nothing of it is kept.
func TestLongTextTooLong(t *testing.T) {
	doc := `{"jsonrpc":"2.0","id":7,"result":"` + strings.Repeat("x", 3*walkFrom) + `"}`
	e, err := NewEventReader(strings.NewReader("data: "+doc+"\n\n"), 2*walkFrom, &Cursor{}).Next()
	if err != nil || e.Data != nil || e.seen != nil || e.TooLong == nil || string(e.TooLong.Messages()[0].ID) != "7" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestReadText(t *testing.T) {
	for _, size := range []int{0, 1, 510, 511, 512, 100_000} {
		text := strings.Repeat("x", size)
		for name, tt := range map[string]struct {
			known int64
			r     io.Reader
			err   error
		}{
			"known": {int64(size), strings.NewReader(text), nil}, "unknown": {-1, strings.NewReader(text), nil},
			"data with EOF": {int64(size), iotest.DataErrReader(strings.NewReader(text)), nil}, "in bytes": {-1, iotest.OneByteReader(strings.NewReader(text)), nil},
			"longer": {int64(size), strings.NewReader(text + "y"), nil}, "shorter": {int64(size) + 1, strings.NewReader(text), io.ErrUnexpectedEOF},
			"broken": {-1, io.MultiReader(strings.NewReader(text), iotest.ErrReader(io.ErrClosedPipe)), io.ErrClosedPipe},
		} {
			got, err := ReadText(tt.r, tt.known)
			if string(got.Data) != text || got.Data == nil || err != tt.err || cap(got.Data) == len(got.Data) {
				t.Errorf("%s, %d: %d bytes, room for %d, %v", name, size, len(got.Data), cap(got.Data), err)
			}
		}
	}
}

// TestFlattenText holds that line ends outside of strings do not get through, whether
// the text was looked at before or not.
func TestFlattenText(t *testing.T) {
	for _, size := range []int{1, 2 * walkFrom} {
		for _, space := range []string{"", " ", "\n", "\r"} {
			doc := `{"jsonrpc":"2.0","result":"` + strings.Repeat("x", size) + `",` + space + `"id":7}`
			text, _ := ReadText(strings.NewReader(doc), -1)
			if _, _, err := text.Parse(); err != nil {
				t.Fatal(err)
			}
			if text.Flatten(); string(text.Data) != strings.NewReplacer("\n", " ", "\r", " ").Replace(doc) {
				t.Errorf("%d bytes with %q: %.60q", size, space, text.Data)
			}
			ln, _ := NewLineReader(strings.NewReader(doc+"\r\n"), 1<<20).Next()
			if ln.seen != nil && space != "\n" && ln.seen.lineEnds != (space == "\r") {
				t.Errorf("a line of %d bytes with %q: that there are line ends in it is %t", size, space, ln.seen.lineEnds)
			}
		}
	}
}
