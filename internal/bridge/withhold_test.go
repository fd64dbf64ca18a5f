// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

func noServerRequests(c *Config) { c.NoServerRequests = true }

func hello(capabilities string) string {
	return `{"jsonrpc":"2.0", "id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":` + capabilities + `,"clientInfo":{"name":"sampling","version":"1"}}}`
}

// The server is not told of what it could not use, and of everything else as
// the client wrote it, in the first handshake and in those of a recovery.
func TestCapabilitiesAreWithheld(t *testing.T) {
	tests := []struct{ client, server string }{
		{`{}`, `{}`},
		{`{"sampling":{}}`, `{}`},
		{`{ "sampling" : {} }`, `{  }`},
		{`{"sampling":{"tools":{}},"elicitation":{"form":{},"url":{}},"roots":{"listChanged":true}}`, `{}`},
		{`{"roots":{}, "experimental":{"sampling":{}}}`, `{"experimental":{"sampling":{}}}`},
		{`{"experimental":{}, "roots":{} }`, `{"experimental":{} }`},
		{`{"a":1 , "elicitation":null,"b":2, "\u0072oots":{} , "c":3}`, `{"a":1 , "b":2, "c":3}`},
		{`{"tasks":{"list":{}}}`, `{"tasks":{"list":{}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.client, func(t *testing.T) {
			s := &mcpServer{}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.send(hello(tt.client))
				r.response("0")
				r.send(initializedLine)
				synctest.Wait()
				s.kill()
				r.send(call("1", "x"))
				r.response("1")
				hellos := s.seen(func(q recorded) bool { return q.Method == methodInitialize })
				if len(hellos) != 2 || hellos[0].Body != hello(tt.server) {
					t.Fatalf("got  %v\nwant %s", hellos, hello(tt.server))
				}
				if got := string(frame.Lookup([]byte(hellos[1].Body), "params")); got != string(frame.Lookup([]byte(hello(tt.server)), "params")) {
					t.Errorf("in the recovery: %s", got)
				}
				want := 1
				if tt.client == tt.server {
					want = 0
				}
				if n := strings.Count(r.log.String(), "cannot work on this way"); n != want {
					t.Errorf("said %d times in the log", n)
				}
			}, noServerRequests)
		})
	}
}

// Roots that the server was not told of do not change for it, and a modern
// request says what it likes.
func TestWithheldIsLegacyOnly(t *testing.T) {
	const changed = `{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`
	call := `{"jsonrpc":"2.0","id":"m","method":"initialize","params":{"_meta":{"` + metaVersion + `":"2026-07-28"},"capabilities":{"sampling":{}}}}`
	for _, withheld := range []bool{true, false} {
		s := &mcpServer{}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(changed, call)
			r.response(`"m"`)
			synctest.Wait()
			if n := s.count(methodRootsChanged); (n == 0) != withheld {
				t.Errorf("withheld %v: sent %d times", withheld, n)
			}
			if got := s.seen(func(q recorded) bool { return q.Body == call }); len(got) != 1 {
				t.Errorf("modern: %v", s.methods())
			}
		}, func(c *Config) { c.NoServerRequests = withheld })
	}
}

// Without the option nothing is taken out.
func TestCapabilitiesAreKept(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		line := hello(`{"sampling":{},"roots":{}}`)
		r.send(line)
		r.response("0")
		if got := s.seen(func(q recorded) bool { return q.Body == line }); len(got) != 1 {
			t.Errorf("got %v", s.seen(func(recorded) bool { return true }))
		}
	})
}

// What is cut out is gone, and everything else is there as it was.
func FuzzWithhold(f *testing.F) {
	f.Add([]byte(`{"sampling":{}, "a":1}`))
	f.Add([]byte(` { "a" : 1 , "roots":{} , "\u0065licitation":[] } `))
	f.Fuzz(func(t *testing.T, capabilities []byte) {
		var before, after map[string]json.RawMessage
		doc := []byte(hello(string(capabilities)))
		if json.Unmarshal(capabilities, &before) != nil || before == nil {
			return
		}
		out, cut := withoutCapabilities(doc)
		if len(cut) == 0 && string(out) != string(doc) {
			t.Fatalf("changed without a reason: %s", out)
		}
		if err := json.Unmarshal(frame.Lookup(out, "params", "capabilities"), &after); err != nil {
			t.Fatalf("%s became %s: %v", doc, out, err)
		}
		maps.DeleteFunc(before, func(name string, _ json.RawMessage) bool { return requestCapabilities[name] })
		if !maps.EqualFunc(before, after, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
			t.Fatalf("%s became %s", doc, out)
		}
	})
}
