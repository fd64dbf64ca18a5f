// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Whatever the client sends, its ids are answered and the next line is read
// (transport.md F-14, F-17).
func TestBadInput(t *testing.T) {
	long := strings.Repeat("x", 5000)
	tests := []struct {
		name, in string
		ids      []string
		code     int
		kind     Kind
	}{
		{"no JSON", `hello`, nil, 0, ""},
		{"cut off", `{"jsonrpc":"2.0","id":1,"method":"x"`, []string{"1"}, codeParse, kindParseError},
		{"id last", `{"jsonrpc":"2.0",oops,"method":"x","id":"z"}`, []string{`"z"`}, codeParse, kindParseError},
		{"bad UTF-8", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", []string{"1"}, codeParse, kindParseError},
		{"bad UTF-8 in the id", "{\"jsonrpc\":\"2.0\",\"id\":\"\xff\",\"method\":\"x\"}", nil, 0, ""},
		{"malformed response", `{"jsonrpc":"2.0","id":1,"result":{}`, nil, 0, ""},
		{"malformed batch", `[{"jsonrpc":"2.0","id":1,"method":"x"},{"jsonrpc":"2.0","id":2,"method":"y"}`, []string{"1", "2"}, codeParse, kindParseError},
		{"old version", `{"jsonrpc":"1.0","id":1,"method":"x"}`, []string{"1"}, codeInvalidRequest, kindInvalidRequest},
		{"no version", `{"id":1,"method":"x"}`, []string{"1"}, codeInvalidRequest, kindInvalidRequest},
		{"null id", `{"jsonrpc":"2.0","id":null,"method":"x"}`, nil, 0, ""},
		{"boolean id", `{"jsonrpc":"2.0","id":true,"method":"x"}`, nil, 0, ""},
		{"method no text", `{"jsonrpc":"2.0","id":1,"method":{}}`, []string{"1"}, codeInvalidRequest, kindInvalidRequest},
		{"number", `42`, nil, 0, ""},
		{"string", `"x"`, nil, 0, ""},
		{"too large", `{"jsonrpc":"2.0","method":"x","params":"` + long + `","id":"big"}`, []string{`"big"`}, codeInvalidRequest, kindRequestTooLarge},
		{"too large notification", `{"jsonrpc":"2.0","method":"x","params":"` + long + `"}`, nil, 0, ""},
		{"too large response", `{"jsonrpc":"2.0","id":1,"result":"` + long + `"}`, nil, 0, ""},
		{"too large batch", `[{"jsonrpc":"2.0","id":1,"method":"x","params":"` + long + `"},{"jsonrpc":"2.0","id":2,"method":"y"}]`, []string{"1", "2"}, codeInvalidRequest, kindRequestTooLarge},
		{"blank lines", "\n\r\n  \t\n", nil, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				before := len(s.methods())
				r.send(tt.in, `{"jsonrpc":"2.0","id":"next","method":"ping"}`)
				r.response(`"next"`)
				for _, id := range tt.ids {
					f := r.refused(id, tt.kind, NotExecuted)
					if f.Code != tt.code {
						t.Errorf("code %d", f.Code)
					}
					if tt.kind == kindRequestTooLarge && (f.Data.Limit != 4096 || f.Data.Size < 5000) {
						t.Errorf("limit %d size %d", f.Data.Limit, f.Data.Size)
					}
				}
				synctest.Wait()
				if n := len(r.seen); n != 2+len(tt.ids) {
					t.Errorf("%d answers", n)
				}
				if got := len(s.methods()); got != before+1 && got != before+2 { // initialized may come late
					t.Errorf("the server got %v", s.methods())
				}
			}, func(c *Config) { c.MaxMessageSize = 4096 })
		})
	}
}

// Lines of any size up to the limit pass unchanged, in both directions.
func TestLongLines(t *testing.T) {
	s := &mcpServer{Post: onPost("echo", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		respond(w, m.ID, string(m.Params))
	})}
	for _, size := range []int{16 << 10, 64<<10 - 1, 64 << 10, 1 << 20, 9 << 20} {
		bubble(t, s, func(t *testing.T, r *rig) {
			text := `"` + strings.Repeat("\u2028x", size/4) + `"`
			line := `{"jsonrpc":"2.0","id":1,"method":"echo","params":` + text + `}`
			r.send(line + "\r")
			if m := r.response("1"); string(m.raw) != result([]byte("1"), text) {
				t.Errorf("%d bytes came back as %d", len(text), len(m.Result))
			}
			if q := s.seen(func(recorded) bool { return true }); q[len(q)-1].Body != line {
				t.Errorf("the server got %d bytes of %d", len(q[len(q)-1].Body), len(line))
			}
		})
	}
}

// 20 MB without an end must not be kept.
func TestEndlessLine(t *testing.T) {
	bubble(t, &mcpServer{}, func(t *testing.T, r *rig) {
		_, _ = io.WriteString(r.in, `{"jsonrpc":"2.0","method":"x","params":"`)
		part := strings.Repeat("x", 1<<20)
		for range 20 {
			_, _ = io.WriteString(r.in, part)
		}
		r.send(`","id":"end"}`, call("1", "x"))
		if f := r.refused(`"end"`, kindRequestTooLarge, NotExecuted); f.Data.Size < 20<<20 {
			t.Errorf("size %d", f.Data.Size)
		}
		r.response("1")
	})
}

// Ids come back exactly as they were written, whatever the server makes of
// them.
func TestIDs(t *testing.T) {
	ids := []string{`0`, `""`, `-1`, `9007199254740993`, `"1"`, `1`, `"a\/b"`, `"\u00e9"`, `2.0`, `1e2`, `"` + strings.Repeat("i", 300) + `"`}
	s := &mcpServer{Post: onPost("echo", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if text, ok := frame.DecodeString(m.ID); ok {
			m.ID = encodeJSON(text) // as a server that decodes and encodes ids
		}
		respond(w, m.ID, string(m.ID))
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		for _, id := range ids {
			r.send(fmt.Sprintf(`{"method":"echo","jsonrpc":"2.0","id":%s}`, id))
		}
		r.until("all answers", func() bool { return len(r.seen) == len(ids) })
	})
}

// Equal ids at the same time are each answered (transport.md F-25).
func TestDuplicateIDs(t *testing.T) {
	goOn := make(chan struct{})
	s := &mcpServer{Post: onPost("wait", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		<-goOn
		respond(w, m.ID, string(m.Params))
	})}
	synctest.Test(t, func(t *testing.T) {
		goOn = make(chan struct{})
		net := newMemory()
		net.serve(t, s)
		r := startRig(t, net.transport(t), "http://server.test")
		for i := range 3 {
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":7,"method":"wait","params":[%d]}`, i))
		}
		synctest.Wait()
		close(goOn)
		r.until("three answers", func() bool { return len(r.seen["7"]) == 3 })
		got := map[string]bool{}
		for _, m := range r.seen["7"] {
			got[string(m.Result)] = true
		}
		if len(got) != 3 {
			t.Errorf("answers %v", got)
		}
		if !strings.Contains(r.log.String(), "no answer yet") {
			t.Error("the log says nothing")
		}
		r.in.Close()
		<-r.done
	})
}

// What is in Config.Header is on every request and cannot replace the bridge's
// own.
func TestExtraHeaders(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		r.end()
		for _, q := range s.seen(func(recorded) bool { return true }) {
			if q.Header.Get("Authorization") != "Bearer t" || q.Header.Get("X-Many") != "a" || len(q.Header.Values("X-Many")) != 2 {
				t.Errorf("%s: %v", q.HTTP, q.Header)
			}
			if q.Header.Get("Accept-Encoding") != "identity" || q.Header.Get("Origin") != "" || q.Header.Get("Idempotency-Key") != "" {
				t.Errorf("%s: %v", q.HTTP, q.Header)
			}
		}
	}, func(c *Config) { c.Header = http.Header{"authorization": {"Bearer t"}, "X-Many": {"a", "b"}} })
}

// Cookies of a load balancer come back to it (3.5).
func TestCookies(t *testing.T) {
	s := &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		http.SetCookie(w, &http.Cookie{Name: "AWSALB", Value: "sticky", Path: "/"})
		return false
	}}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		if q := s.seen(func(q recorded) bool { return q.Method == "tools/call" })[0]; q.Header.Get("Cookie") != "AWSALB=sticky" {
			t.Errorf("headers %v", q.Header)
		}
	})
}

// The session id never reaches the log or the client.
func TestSecretsStaySecret(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", status(500))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.failure("1")
		r.end()
		if log := r.log.String(); strings.Contains(log, "session-1") || strings.Contains(log, "Bearer t") {
			t.Errorf("log:\n%s", log)
		}
	}, func(c *Config) {
		c.Header = http.Header{"Authorization": {"Bearer t"}}
		c.URL += "?token=session-1"
	})
}
