// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseFrame(t *testing.T) {
	tests := []struct {
		name, in string
		kind     Kind
		id       string
		method   string
		err      error
	}{
		{"request", `{"jsonrpc":"2.0","id":1,"method":"ping"}`, Request, `1`, "ping", nil},
		{"id zero", `{"jsonrpc":"2.0","id":0,"method":"ping"}`, Request, `0`, "ping", nil},
		{"id last", `{"method":"ping","params":{"id":9,"method":"no"},"jsonrpc":"2.0","id":7}`, Request, `7`, "ping", nil},
		{"empty id", `{"jsonrpc":"2.0","id":"","method":"ping"}`, Request, `""`, "ping", nil},
		{"negative id", `{"jsonrpc":"2.0","id":-1,"method":"ping"}`, Request, `-1`, "ping", nil},
		{"long id", `{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}`, Request, `9007199254740993`, "ping", nil},
		{"escaped id", `{"jsonrpc":"2.0","id":"a\u0022\\b","method":"ping"}`, Request, `"a\u0022\\b"`, "ping", nil},
		{"escaped name", `{"jsonrpc":"2.0","\u0069d":3,"method":"ping"}`, Request, `3`, "ping", nil},
		{"two ids", `{"jsonrpc":"2.0","id":3,"id":4,"method":"ping"}`, Request, `4`, "ping", nil},
		{"names are case-sensitive", `{"jsonrpc":"2.0","id":3,"ID":4,"method":"ping","Method":"x"}`, Request, `3`, "ping", nil},
		{"spaces", " \t{ \"jsonrpc\" : \"2.0\" ,\r\"id\" : 1 , \"method\" : \"ping\" } ", Request, `1`, "ping", nil},
		{"notification", `{"jsonrpc":"2.0","method":"notifications/x"}`, Notification, ``, "notifications/x", nil},
		{"result", `{"jsonrpc":"2.0","id":1,"result":null}`, Response, `1`, "", nil},
		{"error", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}`, Response, `1`, "", nil},
		{"both", `{"jsonrpc":"2.0","id":1,"error":{},"result":{}}`, Invalid, `1`, "", ErrInvalid},
		{"request and result", `{"jsonrpc":"2.0","id":1,"method":"x","result":{}}`, Invalid, `1`, "x", ErrInvalid},
		{"null id", `{"jsonrpc":"2.0","id":null,"method":"x"}`, Invalid, `null`, "x", ErrInvalid},
		{"object id", `{"jsonrpc":"2.0","id":{},"method":"x"}`, Invalid, `{}`, "x", ErrInvalid},
		{"no version", `{"id":1,"method":"x"}`, Invalid, `1`, "x", ErrInvalid},
		{"other version", `{"jsonrpc":"1.0","id":1,"method":"x"}`, Invalid, `1`, "x", ErrInvalid},
		{"method no string", `{"jsonrpc":"2.0","id":1,"method":5}`, Invalid, `1`, "", ErrInvalid},
		{"number", `5`, Invalid, ``, "", ErrInvalid},
		{"string", `"x"`, Invalid, ``, "", ErrInvalid},
		{"empty object", `{}`, Invalid, ``, "", ErrInvalid},
		{"cut off", `{"jsonrpc":"2.0","id":1`, 0, ``, "", ErrParse},
		{"two values", `{} {}`, 0, ``, "", ErrParse},
		{"bad UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", 0, ``, "", ErrParse},
		{"line separator", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\u2028b\u0085\"}", Request, `1`, "a\u2028b\u0085", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			messages, batch, err := Parse([]byte(tt.in))
			if !errors.Is(err, tt.err) || batch {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if errors.Is(err, ErrParse) {
				return
			}
			m := messages[0]
			if m.Kind != tt.kind || string(m.ID) != tt.id || m.Method != tt.method {
				t.Errorf("kind %d id %q method %q", m.Kind, m.ID, m.Method)
			}
			if m.ID != nil && string(m.IDAt.Of(m.Doc)) != tt.id {
				t.Errorf("id is not at %v", m.IDAt)
			}
		})
	}
}

func TestParseBatch(t *testing.T) {
	messages, batch, err := Parse([]byte(`[{"jsonrpc":"2.0","id":1,"method":"a"}, {"jsonrpc":"2.0","method":"b"}]`))
	if err != nil || !batch || len(messages) != 2 || messages[1].Method != "b" {
		t.Errorf("%v %v %v", messages, batch, err)
	}
	for _, bad := range []string{`[]`, `[1]`, `[[]]`, `[{"jsonrpc":"2.0","id":1,"method":"a"},{}]`} {
		if _, batch, err := Parse([]byte(bad)); !errors.Is(err, ErrInvalid) || !batch {
			t.Errorf("%s: %v %v", bad, batch, err)
		}
	}
}

// handshake is a request as clients write it.
const handshake = `{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}},"jsonrpc":"2.0","id":0}`

// oracle is what encoding/json says about a message.
func oracle(t *testing.T, doc []byte) (map[string]json.RawMessage, bool) {
	if !json.Valid(doc) || !utf8.Valid(doc) {
		return nil, false
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(doc, &members) != nil {
		return nil, true
	}
	return members, true
}

func FuzzParseFrame(f *testing.F) {
	f.Add([]byte(handshake))
	f.Add([]byte(`[{"jsonrpc":"2.0","id":1,"method":"a"}]`))
	f.Add([]byte(`{"jsonrpc":"2.0","\u0069d":"\u00e9","result":{"id":[1,2,{"x":"\\\""}]}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		before := bytes.Clone(doc)
		messages, batch, err := Parse(doc)
		want, valid := oracle(t, doc)
		if !bytes.Equal(before, doc) {
			t.Fatal("the frame was changed")
		}
		if valid == errors.Is(err, ErrParse) {
			t.Fatalf("valid %v, error %v", valid, err)
		}
		if !valid || batch {
			return
		}
		m := messages[0]
		for name, got := range map[string][]byte{"id": m.ID, "params": m.Params, "result": m.Result, "error": m.Failure} {
			if raw, ok := want[name]; ok != (got != nil) || !bytes.Equal(raw, got) {
				t.Errorf("%s: got %q, encoding/json has %q", name, got, raw)
			}
		}
		var method string
		_ = json.Unmarshal(want["method"], &method)
		if m.Method != method {
			t.Errorf("method %q, want %q", m.Method, method)
		}
		if m.ID != nil && !bytes.Equal(Splice(doc, m.IDAt, m.ID), doc) {
			t.Error("splicing the id in changes the frame")
		}
	})
}

// What is kept of a batch does not grow with the number of its messages.
func TestParseBoundsBatches(t *testing.T) {
	const note = `{"jsonrpc":"2.0","method":"x"}`
	for n, want := range map[int]error{1: nil, maxBatch: nil, maxBatch + 1: ErrInvalid, 300_000: ErrInvalid} {
		messages, batch, err := Parse([]byte("[" + strings.Repeat(note+",", n-1) + note + "]"))
		if !batch || !errors.Is(err, want) || len(messages) != min(n, maxBatch) {
			t.Errorf("%d messages: %d known, %v", n, len(messages), err)
		}
	}
	if _, _, err := Parse([]byte("[" + strings.Repeat("{},", 3_000_000) + "{}]")); !errors.Is(err, ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestTrim(t *testing.T) {
	for in, want := range map[string]string{"\xef\xbb\xbf {}\r\n": "{}", "\t{} ": "{}", "\xef\xbb": "\xef\xbb", "": ""} {
		if got := string(Trim([]byte(in))); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
