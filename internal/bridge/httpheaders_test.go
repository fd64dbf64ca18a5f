// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Every POST of the modern era repeats parts of its body in headers, and has
// no session (transport.md M3 to M7).
func TestModernHeaders(t *testing.T) {
	tests := []struct {
		send         string
		method, name string
	}{
		{modern("1", methodDiscover, ""), methodDiscover, ""},
		{modern("1", "tools/call", `"name":"get weather"`), "tools/call", "get weather"},
		{modern("1", "tools/call", `"name":" é"`), "tools/call", "=?base64?IMOp?="},
		{modern("1", "tools/call", `"name":"=?base64?eA==?="`), "tools/call", "=?base64?PT9iYXNlNjQ/ZUE9PT89?="},
		{modern("1", "tools/call", `"arguments":{"name":"no"}`), "tools/call", ""},
		{modern("1", "prompts/get", `"name":"p"`), "prompts/get", "p"},
		{modern("1", "resources/read", `"uri":"file:///a\u0020b"`), "resources/read", "file:///a b"},
		{modern("1", "tasks/get", `"taskId":"t1"`), "tasks/get", "t1"},
		{modern("1", "tasks/cancel", `"taskId":"t2"`), "tasks/cancel", "t2"},
		{modern("1", "tasks/list", `"taskId":"t2"`), "tasks/list", ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+tt.name, func(t *testing.T) {
			s := &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
				w.Header().Set(headerSession, "ignored")
				return false
			}}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.send(tt.send)
				r.response("1")
				r.send(modern("2", "x/y", ""))
				r.response("2")
				q := s.seen(func(recorded) bool { return true })
				if h := q[0].Header; h.Get(headerMethod) != tt.method || h.Get(headerName) != tt.name || h.Get(headerVersion) != "2026-07-28" || q[0].Body != tt.send {
					t.Errorf("headers %v body %s", h, q[0].Body)
				}
				for _, q := range q {
					if q.Header.Get(headerSession) != "" {
						t.Errorf("a session was sent: %v", q.Header)
					}
				}
			})
		})
	}
}

// Names that no header carries are refused without sending anything
// (transport.md 1D.2).
func TestModernHeaderRefused(t *testing.T) {
	bad := strings.Replace(modern("1", "x", ""), "2026-07-28", "2026-07-28\\n", 1)
	for _, line := range []string{modern("1", "bad é", ""), modern("1", " x", ""), bad} {
		s := &mcpServer{}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.send(line)
			if f := r.refused("1", kindInvalidRequest, NotExecuted); f.Code != codeInvalidRequest {
				t.Errorf("code %d", f.Code)
			}
			if n := s.count("POST"); n != 0 {
				t.Errorf("%d POSTs", n)
			}
		})
	}
}

// Both eras may be spoken on one connection.
func TestErasSideBySide(t *testing.T) {
	s := &mcpServer{Post: onPost(methodDiscover, status(404))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern(`"probe"`, methodDiscover, ""))
		r.failure(`"probe"`)
		r.hello()
		r.send(call("1", "x"), modern("2", "x/y", ""), `{"jsonrpc":"2.0","method":"notifications/x"}`)
		r.response("1")
		r.response("2")
		synctest.Wait()
		for _, q := range s.seen(func(q recorded) bool { return q.HTTP == "POST" }) {
			isModern := q.Method == methodDiscover || q.Method == "x/y"
			if isModern != (q.Header.Get(headerMethod) != "") || isModern && q.Header.Get(headerSession) != "" {
				t.Errorf("%s: %v", q.Method, q.Header)
			}
		}
		if s.sessions != 1 {
			t.Errorf("%d sessions", s.sessions)
		}
	})
}

// A notification of a client that only speaks the modern era is sent like its
// requests (transport.md M6); a response is never sent (transport.md M1), a
// server's request never passed on (transport.md M11).
func TestModernNotifications(t *testing.T) {
	s := &mcpServer{Post: onPost("x/y", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","id":1,"method":"roots/list"}`), data(result(m.ID, "{}")))
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", "x/y", ""))
		r.response("1")
		r.send(`{"jsonrpc":"2.0","method":"notifications/custom"}`, `{"jsonrpc":"2.0","id":1,"result":{}}`)
		synctest.Wait()
		q := s.seen(func(recorded) bool { return true })
		if len(q) != 2 || q[1].Header.Get(headerMethod) != "notifications/custom" || q[1].Header.Get(headerVersion) != "2026-07-28" {
			t.Errorf("the server got %+v", q)
		}
		if len(r.rest) != 0 {
			t.Errorf("the client got %s", r.rest[0].raw)
		}
	})
}

const weather = `{"name":"weather","inputSchema":{"type":"object","properties":{"city":{"type":"string","x-mcp-header":"City"}}}}`

// The list of tools teaches the bridge, and what no client over HTTP may offer
// is cut out of it (transport.md M18, M19).
func TestToolsFilter(t *testing.T) {
	bad := `{ "name":"bad","inputSchema":{"properties":{"a":{"type":"number","x-mcp-header":"A"}}}}`
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		page := fmt.Sprintf(`{"ttlMs":5,"tools":[%s, %s,{"name":"plain"}],"nextCursor":"c"}`, weather, bad)
		if frame.Lookup(m.Params, "cursor") != nil {
			page = fmt.Sprintf(`{"tools":[ %s ]}`, bad)
		}
		if strings.Contains(string(m.Params), "stream") {
			startStream(w)
			emit(w, data(result(m.ID, page)))
			return
		}
		respond(w, m.ID, page)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		for i, params := range []string{"", `"stream":1`} {
			id := fmt.Sprint(i + 1)
			r.send(modern(id, "tools/list", params))
			want := result([]byte(id), fmt.Sprintf(`{"ttlMs":5,"tools":[%s, {"name":"plain"}],"nextCursor":"c"}`, weather))
			if got := string(r.response(id).raw); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		}
		r.send(modern("3", "tools/list", `"cursor":"c"`))
		if got := string(r.response("3").raw); got != result([]byte("3"), `{"tools":[  ]}`) {
			t.Errorf("got %s", got)
		}
		r.send(modern("4", "tools/call", `"name":"weather","arguments":{"city":"Köln"}`))
		r.response("4")
		q := s.seen(func(q recorded) bool { return q.Method == "tools/call" })[0]
		if got := q.Header.Get("Mcp-Param-City"); got != "=?base64?S8O2bG4=?=" {
			t.Errorf("Mcp-Param-City: %q", got)
		}
		if !strings.Contains(r.log.String(), "tool=bad") {
			t.Error("the hidden tool is not in the log")
		}
	})
}

// In the legacy eras lists of tools pass as they are.
func TestToolsFilterNotInLegacy(t *testing.T) {
	page := `{"tools":[{"name":"bad","inputSchema":{"x-mcp-header":1}}]}`
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, r *http.Request, m frame.Message) { respond(w, m.ID, page) })}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
		if got := string(r.response("1").raw); got != result([]byte("1"), page) {
			t.Errorf("got %s", got)
		}
	})
}

// strict makes a server that demands the headers of its tools.
func strict(pages int, tools string, fail func(w http.ResponseWriter, m frame.Message)) *mcpServer {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		switch m.Method {
		case "tools/call":
			if city, _ := frame.LookupString(m.Params, "arguments", "city"); r.Header.Get("Mcp-Param-City") != city {
				fail(w, m)
				return true
			}
		case "tools/list":
			n := len(frame.Lookup(m.Params, "cursor"))
			if n < pages {
				respond(w, m.ID, fmt.Sprintf(`{"tools":[],"nextCursor":%q}`, strings.Repeat("c", max(n-1, 0))))
			} else {
				respond(w, m.ID, `{"tools":[`+tools+`]}`)
			}
			return true
		}
		return false
	}
	return s
}

func mismatch(w http.ResponseWriter, m frame.Message) {
	w.Header().Set("Content-Type", typeJSON)
	w.WriteHeader(400)
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32020,"message":"header mismatch"}}`, m.ID)
}

// A host that keeps its list of tools calls what the bridge has never seen
// listed: the refusal makes the bridge look, and the call is sent once more
// (transport.md M20).
func TestHeaderMismatch(t *testing.T) {
	tests := []struct {
		name  string
		s     *mcpServer
		ok    bool
		calls int
		lists int
	}{
		{"learned", strict(0, weather, mismatch), true, 2, 1},
		{"learned on the fifth page", strict(5, weather, mismatch), true, 2, 5},
		{"null id", strict(0, weather, func(w http.ResponseWriter, m frame.Message) { m.ID = []byte("null"); mismatch(w, m) }), true, 2, 1},
		{"not the parameters", strict(0, `{"name":"weather"}`, mismatch), false, 1, 1},
		{"pages without end", strict(1<<30, weather, mismatch), false, 1, maxPages},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, tt.s, func(t *testing.T, r *rig) {
				r.send(modern("1", "tools/call", `"name":"weather","arguments":{"city":"Bonn"}`))
				m := r.response("1")
				if tt.ok != (m.Result != nil) {
					t.Errorf("got %s", m.raw)
				}
				if f := m.Failure; !tt.ok && !strings.Contains(string(f), `"code":-32020,"message":"header mismatch"`) {
					t.Errorf("got %s", m.raw)
				}
				if calls, lists := tt.s.count("tools/call"), tt.s.count("tools/list"); calls != tt.calls || lists != tt.lists {
					t.Errorf("%d calls and %d lists, want %d and %d", calls, lists, tt.calls, tt.lists)
				}
				for _, q := range tt.s.seen(func(q recorded) bool { return q.Method == "tools/list" }) {
					if q.Header.Get(headerVersion) != "2026-07-28" || !strings.Contains(q.Body, modernMeta) {
						t.Errorf("list: %v %s", q.Header, q.Body)
					}
				}
				for _, q := range tt.s.seen(func(q recorded) bool { return q.Method == "tools/call" }) {
					if !strings.Contains(q.Body, `"id":1,`) {
						t.Errorf("call: %s", q.Body)
					}
				}
			})
		})
	}
}

// A server that changes its mind about the headers is asked once per call.
func TestHeaderMismatchForEver(t *testing.T) {
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		switch m.Method {
		case "tools/call":
			mismatch(w, m)
		case "tools/list":
			respond(w, m.ID, `{"tools":[`+strings.Replace(weather, "City", fmt.Sprint("City", s.count("tools/list")), 1)+`]}`)
		default:
			return false
		}
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", "tools/call", `"name":"weather","arguments":{"city":"Bonn"}`))
		r.failure("1")
		if calls := s.count("tools/call"); calls != 2 {
			t.Errorf("%d calls", calls)
		}
	})
}

// What a legacy stream brings never answers a modern request.
func TestErasDoNotMix(t *testing.T) {
	goOn := make(chan struct{})
	s := &mcpServer{}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		<-goOn
		emit(w, data(result([]byte("1"), `{"wrong":1}`)))
		<-r.Context().Done()
		return true
	}
	s.Post = onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		time.Sleep(time.Minute)
		respond(w, m.ID, `{"right":1}`)
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		goOn = make(chan struct{})
		r.hello()
		r.send(modern("1", "tools/call", `"name":"x"`))
		synctest.Wait()
		close(goOn)
		if m := r.response("1"); string(m.Result) != `{"right":1}` {
			t.Errorf("got %s", m.raw)
		}
	})
}

// After a change of the tools nothing old is known any more.
func TestToolsForgotten(t *testing.T) {
	s := strict(0, weather, mismatch)
	inner := s.Post
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method != "x/y" {
			return inner(w, r, m)
		}
		startStream(w)
		emit(w, data(listChanged), data(result(m.ID, "{}")))
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		ask := func(id string) {
			r.send(modern(id, "tools/call", `"name":"weather","arguments":{"city":"Bonn"}`))
			if m := r.response(id); m.Result == nil {
				t.Errorf("got %s", m.raw)
			}
		}
		ask("1")
		ask("2")
		r.send(modern("3", "x/y", ""))
		r.response("3")
		ask("4")
		if calls := s.count("tools/call"); calls != 5 {
			t.Errorf("%d calls", calls)
		}
	})
}

// The answer to a legacy handshake that only a modern server can have given is
// passed on, and the log says what it means (transport.md 1G).
func TestLegacyClientModernServer(t *testing.T) {
	s := &mcpServer{Post: onPost(methodInitialize, body(400, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32022,"message":"m","data":{"supported":["2026-07-28"]}}}`))}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		if m := r.response("0"); !strings.Contains(string(m.Failure), "-32022") {
			t.Errorf("got %s", m.raw)
		}
		if !strings.Contains(r.log.String(), "only speaks 2026-07-28") {
			t.Error("the log does not explain it")
		}
	})
}

// A stream of the modern era is never closed by the bridge while it is quiet
// (transport.md M9, M13).
func TestModernStreamStaysOpen(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		for range 48 {
			select {
			case <-time.After(time.Hour):
				emit(w, ": still here\n\n")
			case <-r.Context().Done():
				return
			}
		}
		emit(w, data(result(m.ID, `{"slow":1}`)))
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", "tools/call", `"name":"x"`))
		r.until("answer", func() bool { return true })
		time.Sleep(49 * time.Hour)
		if m := r.response("1"); string(m.Result) != `{"slow":1}` {
			t.Errorf("got %s", m.raw)
		}
	})
}
