// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"strings"
	"testing"
)

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
		for _, m := range Scan([]byte(tt.in)) {
			s := string(m.ID) + ":"
			if m.HasMethod {
				s += "m"
			}
			if m.HasAnswer {
				s += "r"
			}
			got = append(got, s)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%.60s: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// The tolerant scanner must find what the strict one finds, however the text
// is cut into parts.
func FuzzScanIDs(f *testing.F) {
	f.Add([]byte(handshake), 3)
	f.Add([]byte(`[{"jsonrpc":"2.0","id":"x","method":"a"},{"id":2,"error":{}}]`), 1)
	f.Fuzz(func(t *testing.T, doc []byte, cut int) {
		whole := Scan(doc)
		var s Scanner
		cut = max(0, min(cut, len(doc)))
		_, _ = s.Write(doc[:cut])
		_, _ = s.Write(doc[cut:])
		parts := s.Messages()
		if len(parts) != len(whole) || s.Size != int64(len(doc)) {
			t.Fatalf("%d messages in parts, %d in one", len(parts), len(whole))
		}
		messages, _, err := Parse(doc)
		if err != nil || len(messages) > scanMaxMessages {
			return
		}
		if len(messages) != len(whole) {
			t.Fatalf("%d messages, want %d", len(whole), len(messages))
		}
		for i, m := range messages {
			got := whole[i]
			if len(m.ID) <= scanMaxID && !bytes.Equal(bytes.Join(bytes.Fields(m.ID), nil), bytes.Join(bytes.Fields(got.ID), nil)) {
				t.Errorf("id %q, want %q", got.ID, m.ID)
			}
			if got.HasMethod != (m.Method != "") {
				t.Errorf("method %v, want %q", got.HasMethod, m.Method)
			}
		}
	})
}
