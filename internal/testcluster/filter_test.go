// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzStreamFilter: a stream that nothing is taken out of passes byte for byte,
// however it is cut into reads, with the error at its end.
func FuzzStreamFilter(f *testing.F) {
	f.Add([]byte("data: a\n\ndata: b\r\n\r\ndata:c\r\r: d\nid\n\n"))
	f.Add([]byte("\uFEFFdata\rdata\n\rdata: \r\n\nretry:1\n\n\n\n\r"))
	f.Add([]byte("event: message\nid: 1\ndata: {\"id\":1,\"result\":{}}\n:x\ndata: 2"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		want := errors.New("the end")
		for name, cut := range map[string]func(io.Reader) io.Reader{
			"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader,
		} {
			src := cut(io.MultiReader(bytes.NewReader(stream), iotest.ErrReader(want)))
			var seen [][]byte
			got, err := io.ReadAll(newStreamFilter(io.NopCloser(src), func(data []byte) []byte {
				seen = append(seen, data)
				return data
			}))
			if !bytes.Equal(got, stream) || !errors.Is(err, want) {
				t.Errorf("%s: %q, %v, want %q", name, got, err, stream)
			}
			if len(seen) > bytes.Count(stream, []byte("data")) {
				t.Errorf("%s: %d events", name, len(seen))
			}
		}
	})
}

// FuzzFilterTools: what comes out of the filter is the message without the
// tools that are not allowed.
func FuzzFilterTools(f *testing.F) {
	f.Add([]byte(withID(listed, "1")))
	f.Add([]byte(`{"result":{"tools":[{"name":"a"}],"tools":[{"name":"b"},{"name":"a"}]},"result":{"tools":[{"name":"b"}]}}`))
	f.Add([]byte(`[{"result":1}]`))
	f.Fuzz(func(t *testing.T, message []byte) {
		out, err := filterTools(message, func(name string) bool { return name == "a" || name == "echo" })
		if err != nil {
			if json.Valid(message) {
				t.Fatalf("error %v for valid JSON", err)
			}
			return
		}
		if !json.Valid(message) {
			return // it may be broken behind what matters
		}
		want, kept := toolsOf(t, message), toolsOf(t, out)
		for name := range want {
			if name != "a" && name != "echo" {
				delete(want, name)
			}
		}
		for name, n := range kept {
			if want[name] != n {
				t.Errorf("%d tools %q, want %d", n, name, want[name])
			}
			delete(want, name)
		}
		if len(want) > 0 {
			t.Errorf("tools missing: %v", want)
		}
	})
}

// toolsOf counts the tools of a message by name.
func toolsOf(t *testing.T, message []byte) map[string]int {
	t.Helper()
	names := map[string]int{}
	var fields, result map[string]json.RawMessage
	var tools []json.RawMessage
	if json.Unmarshal(message, &fields) != nil || json.Unmarshal(fields["result"], &result) != nil || json.Unmarshal(result["tools"], &tools) != nil {
		return names
	}
	for _, tool := range tools {
		var fields map[string]json.RawMessage
		json.Unmarshal(tool, &fields)
		names[stringField(fields, "name")]++
	}
	return names
}

func TestStreamFilterIsBounded(t *testing.T) {
	for name, stream := range map[string]string{
		"line":  "data: " + strings.Repeat("x", maxHeldEvent),
		"lines": strings.Repeat("data: "+strings.Repeat("x", 1<<20)+"\n", 11),
	} {
		src := io.NopCloser(strings.NewReader(stream))
		got, err := io.ReadAll(newStreamFilter(src, func(data []byte) []byte { return data }))
		if !errors.Is(err, errEventTooLarge) || len(got) != 0 {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
}

// TestStreamFilterDoesNotWait shows that everything up to the data of an
// unfinished event has gone out.
func TestStreamFilterDoesNotWait(t *testing.T) {
	r, w := io.Pipe()
	filter := newStreamFilter(r, func(data []byte) []byte { return data })
	defer filter.Close()
	read := func(want string) {
		t.Helper()
		got := make([]byte, len(want))
		if _, err := io.ReadFull(filter, got); err != nil || string(got) != want {
			t.Fatalf("read %q, %v, want %q", got, err, want)
		}
	}
	for _, part := range []struct{ in, out string }{
		{": keep-alive\n", ": keep-alive\n"},
		{"id: 1\nevent: message\ndata: {", "id: 1\nevent: message\n"},
		{"}\n\n: x\n", "data: {}\n\n: x\n"},
	} {
		go io.WriteString(w, part.in)
		read(part.out)
	}
}

// TestOpenListsAreBounded shows that requests that are never answered do not
// pile up in an app session.
func TestOpenListsAreBounded(t *testing.T) {
	s, sess := newSessions(), &appSession{lists: map[string]struct{}{}}
	for i := range 2 * maxOpenLists {
		s.pushList(sess, strings.Repeat("x", i))
	}
	if n := len(sess.lists); n != maxOpenLists {
		t.Errorf("%d open lists kept", n)
	}
	if last := strings.Repeat("x", 2*maxOpenLists-1); !s.popList(sess, last) || s.popList(sess, last) {
		t.Error("the latest list is not open exactly once")
	}
}
