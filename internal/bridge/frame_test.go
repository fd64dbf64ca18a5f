// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

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
		kind     kind
		id       string
		method   string
		err      error
	}{
		{"request", `{"jsonrpc":"2.0","id":1,"method":"ping"}`, kindRequest, `1`, "ping", nil},
		{"id zero", `{"jsonrpc":"2.0","id":0,"method":"ping"}`, kindRequest, `0`, "ping", nil},
		{"id last", `{"method":"ping","params":{"id":9,"method":"no"},"jsonrpc":"2.0","id":7}`, kindRequest, `7`, "ping", nil},
		{"empty id", `{"jsonrpc":"2.0","id":"","method":"ping"}`, kindRequest, `""`, "ping", nil},
		{"negative id", `{"jsonrpc":"2.0","id":-1,"method":"ping"}`, kindRequest, `-1`, "ping", nil},
		{"long id", `{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}`, kindRequest, `9007199254740993`, "ping", nil},
		{"escaped id", `{"jsonrpc":"2.0","id":"a\u0022\\b","method":"ping"}`, kindRequest, `"a\u0022\\b"`, "ping", nil},
		{"escaped name", `{"jsonrpc":"2.0","\u0069d":3,"method":"ping"}`, kindRequest, `3`, "ping", nil},
		{"two ids", `{"jsonrpc":"2.0","id":3,"id":4,"method":"ping"}`, kindRequest, `4`, "ping", nil},
		{"names are case-sensitive", `{"jsonrpc":"2.0","id":3,"ID":4,"method":"ping","Method":"x"}`, kindRequest, `3`, "ping", nil},
		{"spaces", " \t{ \"jsonrpc\" : \"2.0\" ,\r\"id\" : 1 , \"method\" : \"ping\" } ", kindRequest, `1`, "ping", nil},
		{"notification", `{"jsonrpc":"2.0","method":"notifications/x"}`, kindNotification, ``, "notifications/x", nil},
		{"result", `{"jsonrpc":"2.0","id":1,"result":null}`, kindResponse, `1`, "", nil},
		{"error", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}`, kindResponse, `1`, "", nil},
		{"both", `{"jsonrpc":"2.0","id":1,"error":{},"result":{}}`, kindInvalid, `1`, "", errInvalid},
		{"request and result", `{"jsonrpc":"2.0","id":1,"method":"x","result":{}}`, kindInvalid, `1`, "x", errInvalid},
		{"null id", `{"jsonrpc":"2.0","id":null,"method":"x"}`, kindInvalid, `null`, "x", errInvalid},
		{"object id", `{"jsonrpc":"2.0","id":{},"method":"x"}`, kindInvalid, `{}`, "x", errInvalid},
		{"no version", `{"id":1,"method":"x"}`, kindInvalid, `1`, "x", errInvalid},
		{"other version", `{"jsonrpc":"1.0","id":1,"method":"x"}`, kindInvalid, `1`, "x", errInvalid},
		{"method no string", `{"jsonrpc":"2.0","id":1,"method":5}`, kindInvalid, `1`, "", errInvalid},
		{"number", `5`, kindInvalid, ``, "", errInvalid},
		{"string", `"x"`, kindInvalid, ``, "", errInvalid},
		{"empty object", `{}`, kindInvalid, ``, "", errInvalid},
		{"cut off", `{"jsonrpc":"2.0","id":1`, 0, ``, "", errParse},
		{"two values", `{} {}`, 0, ``, "", errParse},
		{"bad UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", 0, ``, "", errParse},
		{"line separator", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\u2028b\u0085\"}", kindRequest, `1`, "a\u2028b\u0085", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			messages, batch, err := parseFrame([]byte(tt.in))
			if !errors.Is(err, tt.err) || batch {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			if errors.Is(err, errParse) {
				return
			}
			m := messages[0]
			if m.kind != tt.kind || string(m.id) != tt.id || m.method != tt.method {
				t.Errorf("kind %d id %q method %q", m.kind, m.id, m.method)
			}
			if m.id != nil && string(m.idAt.of(m.doc)) != tt.id {
				t.Errorf("id is not at %v", m.idAt)
			}
		})
	}
}

func TestParseBatch(t *testing.T) {
	messages, batch, err := parseFrame([]byte(`[{"jsonrpc":"2.0","id":1,"method":"a"}, {"jsonrpc":"2.0","method":"b"}]`))
	if err != nil || !batch || len(messages) != 2 || messages[1].method != "b" {
		t.Errorf("%v %v %v", messages, batch, err)
	}
	for _, bad := range []string{`[]`, `[1]`, `[[]]`, `[{"jsonrpc":"2.0","id":1,"method":"a"},{}]`} {
		if _, batch, err := parseFrame([]byte(bad)); !errors.Is(err, errInvalid) || !batch {
			t.Errorf("%s: %v %v", bad, batch, err)
		}
	}
}

func TestIDKey(t *testing.T) {
	equal := [][2]string{
		{`1`, `1.0`}, {`100`, `1e2`}, {`0`, `-0`}, {`"a/b"`, `"a\/b"`}, {`"é"`, `"\u00e9"`}, {`-3`, `-3.0`},
	}
	for _, p := range equal {
		a, _ := idKey([]byte(p[0]))
		if b, _ := idKey([]byte(p[1])); a != b {
			t.Errorf("%s and %s differ: %q %q", p[0], p[1], a, b)
		}
	}
	distinct := []string{`1`, `"1"`, `2`, `""`, `"n1"`, `"s1"`, `1.5`, `9007199254740993`, `9007199254740992`, `-1`, `1e400`, `1e300`}
	keys := map[string]string{}
	for _, id := range distinct {
		k, ok := idKey([]byte(id))
		if other, dup := keys[k]; dup || !ok {
			t.Errorf("%s: key %q, ok %v, also of %s", id, k, ok, other)
		}
		keys[k] = id
	}
	for _, bad := range []string{``, `null`, `true`, `{}`, `[]`, `"`} {
		if _, ok := idKey([]byte(bad)); ok {
			t.Errorf("%s is an id", bad)
		}
	}
}

func TestScanIDs(t *testing.T) {
	tests := []struct {
		in   string
		want string // id/method/response, one per message
	}{
		{`{"jsonrpc":"2.0","method":"x","params":{"id":5},"id":3}`, `3:m`},
		{`{"method":"x","id":"a,}\"{"}`, `"a,}\"{":m`},
		{`{"id":1,"result":{"method":"x"}}`, `1:r`},
		{`{"id":1,"error":[{"id":2}]}`, `1:r`},
		{`{"id":12`, `:`},
		{`{"id":12,"method":"x`, `12:m`},
		{`{"id":"abc`, `:`},
		{`{"id":null,"method":"x"}`, `:m`},
		{`{"id":1 2,"method":"x"}`, `12:m`},
		{`{"\u0069d":4,"method":1}`, `4:m`},
		{`{"ID":4,"method":1}`, `:m`},
		{`{"id":4,"id":5,"method":1}`, `5:m`},
		{`[{"id":1,"method":"a"},{"id":2,"method":"b"},{"method":"c"}]`, `1:m 2:m :m`},
		{`[[{"id":1}]]`, ``},
		{`nonsense`, ``},
		{`{"method":"x","params":"` + strings.Repeat("y", 5000) + `","id":9}`, `9:m`},
		{`{"` + strings.Repeat("id", 500) + `":1,"id":2}`, `2:`},
		{`{"id":"` + strings.Repeat("z", 2000) + `","method":"m"}`, `:m`},
	}
	for _, tt := range tests {
		var got []string
		for _, m := range scanIDs([]byte(tt.in)) {
			s := string(m.id) + ":"
			if m.method {
				s += "m"
			}
			if m.response {
				s += "r"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%.60s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestFindAndSplice(t *testing.T) {
	doc := []byte(`{"a":{"b":[1,{"c":2}],"c":"x\"y"},"a2":null}`)
	if got := string(lookup(doc, "a", "c")); got != `"x\"y"` {
		t.Errorf("lookup: %s", got)
	}
	if lookup(doc, "a", "z") != nil || lookup(doc, "a2", "b") != nil || lookup([]byte(`[]`), "a") != nil {
		t.Error("lookup found something")
	}
	at, _ := find(doc, "a", "b")
	if got := string(splice(doc, at, []byte("7"))); got != `{"a":{"b":7,"c":"x\"y"},"a2":null}` {
		t.Errorf("splice: %s", got)
	}
}

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
	f.Add([]byte(initializeLine))
	f.Add([]byte(`[{"jsonrpc":"2.0","id":1,"method":"a"}]`))
	f.Add([]byte(`{"jsonrpc":"2.0","\u0069d":"\u00e9","result":{"id":[1,2,{"x":"\\\""}]}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		before := bytes.Clone(doc)
		messages, batch, err := parseFrame(doc)
		want, valid := oracle(t, doc)
		if !bytes.Equal(before, doc) {
			t.Fatal("the frame was changed")
		}
		if valid == errors.Is(err, errParse) {
			t.Fatalf("valid %v, error %v", valid, err)
		}
		if !valid || batch {
			return
		}
		m := messages[0]
		for name, got := range map[string][]byte{"id": m.id, "params": m.params, "result": m.result, "error": m.failure} {
			if raw, ok := want[name]; ok != (got != nil) || !bytes.Equal(raw, got) {
				t.Errorf("%s: got %q, encoding/json has %q", name, got, raw)
			}
		}
		var method string
		_ = json.Unmarshal(want["method"], &method)
		if m.method != method {
			t.Errorf("method %q, want %q", m.method, method)
		}
		if m.id != nil && !bytes.Equal(splice(doc, m.idAt, m.id), doc) {
			t.Error("splicing the id in changes the frame")
		}
	})
}

// The tolerant scanner must find what the strict one finds, however the text
// is cut into parts.
func FuzzScanIDs(f *testing.F) {
	f.Add([]byte(initializeLine), 3)
	f.Add([]byte(`[{"jsonrpc":"2.0","id":"x","method":"a"},{"id":2,"error":{}}]`), 1)
	f.Fuzz(func(t *testing.T, doc []byte, cut int) {
		whole := scanIDs(doc)
		var s idScanner
		cut = max(0, min(cut, len(doc)))
		_, _ = s.Write(doc[:cut])
		_, _ = s.Write(doc[cut:])
		parts := s.messages()
		if len(parts) != len(whole) || s.size != int64(len(doc)) {
			t.Fatalf("%d messages in parts, %d in one", len(parts), len(whole))
		}
		messages, _, err := parseFrame(doc)
		if err != nil || len(messages) > scanMaxMessages {
			return
		}
		if len(messages) != len(whole) {
			t.Fatalf("%d messages, want %d", len(whole), len(messages))
		}
		for i, m := range messages {
			got := whole[i]
			if len(m.id) <= scanMaxID && !bytes.Equal(bytes.Join(bytes.Fields(m.id), nil), bytes.Join(bytes.Fields(got.id), nil)) {
				t.Errorf("id %q, want %q", got.id, m.id)
			}
			if got.method != (m.method != "") {
				t.Errorf("method %v, want %q", got.method, m.method)
			}
		}
	})
}
