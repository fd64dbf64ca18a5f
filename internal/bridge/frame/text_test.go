// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"errors"
	"reflect"
	"strings"
	"testing"
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
