// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// readEvents renders a stream's events and what is left in the cursor.
func readEvents(r io.Reader, limit int) (events []string, c Cursor) {
	c.Retry = -1
	s := NewEventReader(r, limit, &c)
	for {
		e, err := s.Next()
		if err != nil {
			return events, c
		}
		text := fmt.Sprintf("%s|%s", e.Name, e.Data)
		if e.TooLong != nil {
			text = fmt.Sprintf("%s|too long %d", e.Name, e.TooLong.Size)
		}
		events = append(events, text)
	}
}

func TestSSE(t *testing.T) {
	tests := []struct {
		name, in string
		want     string // events joined by ;
		lastID   string
		retry    time.Duration
	}{
		{"plain", "data: a\n\n", "|a", "", -1},
		{"P1 byte order mark", "\xef\xbb\xbfdata: a\n\n", "|a", "", -1},
		{"P1 only one mark", "\xef\xbb\xbf\xef\xbb\xbfdata: a\n\n", "", "", -1},
		{"P2 CRLF", "data: a\r\ndata: b\r\n\r\n", "|a\nb", "", -1},
		{"P2 CR", "data: a\r\rdata: b\r\r", "|a;|b", "", -1},
		{"P2 mixed", "data: a\r\n\ndata: b\n\rdata: c\r\r\n", "|a;|b;|c", "", -1},
		{"P3 comments", ":\n: keep-alive\ndata: a\n:x\n\n", "|a", "", -1},
		{"P4 no space", "data:a\n\n", "|a", "", -1},
		{"P4 one space only", "data:  a \n\n", "| a ", "", -1},
		{"P4 no colon", "data\ndata: a\n\n", "|\na", "", -1},
		{"P4 colon-less unknown field", "foo\ndata: a\n\n", "|a", "", -1},
		{"P4 colon in the value", "data: a:b\n\n", "|a:b", "", -1},
		{"P5 several lines", "data: {\ndata:  \"a\":1\ndata: }\n\n", "|{\n \"a\":1\n}", "", -1},
		{"P6 priming event", "id: 7\nretry: 500\ndata:\n\n", "", "7", 500 * time.Millisecond},
		{"P6 id without data", "id: 7\n\n", "", "7", -1},
		{"P6 two empty data lines", "data\ndata\n\n", "|\n", "", -1},
		{"P7 unfinished event", "data: a\n\ndata: {}\n", "|a", "", -1},
		{"P7 id of an unfinished event", "id: 1\ndata: a\n\nid: 2\ndata: b\n", "|a", "1", -1},
		{"P8 what no header takes", "id: 1\ndata: a\n\nid: 2\x013\ndata: b\n\nid: 3\x7f\ndata: c\n\n", "|a;|b;|c", "1", -1},
		{"P8 what a header takes", "id: a\té 1\ndata: a\n\n", "|a", "a\té 1", -1},
		{"P8 NUL", "id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n", "|a;|b", "1", -1},
		{"P8 reset", "id: 1\ndata: a\n\nid\ndata: b\n\n", "|a;|b", "", -1},
		{"P8 persists", "id: 1\ndata: a\n\ndata: b\n\n", "|a;|b", "1", -1},
		{"P9 no digits", "retry: 5x\nretry: -1\nretry:\ndata: a\n\n", "|a", "", -1},
		{"P9 absurd", "retry: 99999999999999999999\n\n", "", "", sseMaxRetry},
		{"P9 zero", "retry: 0\n\n", "", "", 0},
		{"P10 names", "event: ping\ndata: a\n\nevent: message\ndata: b\n\nevent\ndata: c\n\n", "ping|a;message|b;|c", "", -1},
		{"P10 name without data is forgotten", "event: ping\n\ndata: a\n\n", "|a", "", -1},
		{"too long", "data: " + strings.Repeat("x", 60) + "\ndata: y\n\ndata: z\n\n", "|too long 62;|z", "", -1},
		{"empty", "", "", "", -1},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(tt.in), "bytes": iotest.OneByteReader(strings.NewReader(tt.in)), "data with EOF": iotest.DataErrReader(strings.NewReader(tt.in)),
		} {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				got, c := readEvents(r, 50)
				if strings.Join(got, ";") != tt.want || c.LastID != tt.lastID || c.Retry != tt.retry {
					t.Errorf("got %q, id %q, retry %v", got, c.LastID, c.Retry)
				}
			})
		}
	}
}

func TestSSEIsMessage(t *testing.T) {
	for name, want := range map[string]bool{"": true, "message": true, "ping": false, "endpoint": false, "Message": false} {
		if (&Event{Name: name}).IsMessage() != want {
			t.Errorf("%q: want %v", name, want)
		}
	}
}

func FuzzSSE(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfid: 1\r\nretry: 5\rdata: a\ndata\n\n:c\nevent: x\n\rdata: b\n\n"), 4)
	f.Add([]byte("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\r\n\r\n"), 100)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		limit = max(1, min(limit, 1<<16))
		want, wantCursor := readEvents(bytes.NewReader(in), limit)
		for name, r := range map[string]io.Reader{
			"bytes": iotest.OneByteReader(bytes.NewReader(in)), "halves": iotest.HalfReader(bytes.NewReader(in)),
		} {
			got, c := readEvents(r, limit)
			if strings.Join(got, "\x00") != strings.Join(want, "\x00") || c != wantCursor {
				t.Fatalf("%s: got %q %v, want %q %v", name, got, c, want, wantCursor)
			}
		}
		for _, e := range want {
			if _, data, _ := strings.Cut(e, "|"); len(data) > limit && !strings.HasPrefix(data, "too long ") {
				t.Errorf("an event over the limit of %d: %q", limit, e)
			}
		}
	})
}

// reads notes the sizes of the reads of an endless text.
type reads []int

func (r *reads) Read(b []byte) (int, error) {
	*r = append(*r, len(b))
	return copy(b, bytes.Repeat([]byte{'x'}, len(b))), nil
}

// TestReadsGrow: most answers are short and get a small buffer, long ones are read in
// larger parts.
func TestReadsGrow(t *testing.T) {
	var r reads
	s := NewEventReader(io.MultiReader(strings.NewReader("data: "), io.LimitReader(&r, 100<<10)), 1<<20, &Cursor{})
	if _, err := s.Next(); err == nil {
		t.Error("an event without an end")
	}
	if len(r) < 2 || r[0] != sseFirstRead || slices.Max(r) != sseRead || len(r) > 10 {
		t.Errorf("reads of %d bytes", r)
	}
}

// TestRelease: what a reader has returned stays as it was while others use its buffer.
func TestRelease(t *testing.T) {
	read := func(fill string) (e, long Event, c *Cursor) {
		c = &Cursor{Retry: -1}
		message := `{"jsonrpc":"2.0","id":"` + fill + `","result":"` + fill + `"}`
		s := NewEventReader(strings.NewReader("event: "+fill+"\nid: "+fill+"\ndata: "+message+"\n\ndata: "+strings.Replace(message, fill, fill+fill, 1)+"\n\n"), len(message), c)
		defer s.Release()
		var err, errLong error
		e, err = s.Next()
		if long, errLong = s.Next(); err != nil || errLong != nil || long.TooLong == nil {
			t.Fatalf("%v, %v, %+v", err, errLong, long)
		}
		return e, long, c
	}
	told := func(e, long Event, c *Cursor) string {
		return fmt.Sprintf("%s %s %s %s", e.Name, e.Data, c.LastID, long.TooLong.Messages()[0].ID)
	}
	e, long, c := read("one")
	before := told(e, long, c)
	for range 10 { // the pool may give another one
		read("two")
	}
	if after := told(e, long, c); after != before || strings.Contains(after, "two") {
		t.Errorf("%s\nbefore %s", after, before)
	}
}
