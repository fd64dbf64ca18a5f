// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: each way in which a server can fail, by the rule that says what
// follows.

package bridge

import (
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// fault is one way a server fails to answer a tools/call, and what the client
// must be told.
type fault struct {
	name  string
	serve func(w http.ResponseWriter, r *http.Request, m frame.Message)
	// Of the answer: the kind and execution of the bridge's own error, or a
	// part of the answer the server gave.
	kind     Kind
	executed Execution
	answer   string
	posts    int // how often the server may see the call; 0 means once
	check    func(t *testing.T, f failureOf)
}

func status(code int, header ...string) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		http.Error(w, "page of the gateway", code)
	}
}

func body(code int, media, format string) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(code)
		fmt.Fprint(w, strings.ReplaceAll(format, "ID", string(m.ID)))
	}
}

// endless begins a body and leaves it at that.
func endless(media, begin string) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, r *http.Request, _ frame.Message) {
		w.Header().Set("Content-Type", media)
		emit(w, begin)
		<-r.Context().Done()
	}
}

// zipped answers with what nobody asked to be compressed.
func zipped(coding string) func(http.ResponseWriter, *http.Request, frame.Message) {
	return func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		w.Header().Set("Content-Encoding", coding)
		w.Header().Set("Content-Type", typeJSON)
		z := gzip.NewWriter(w)
		fmt.Fprint(z, result(m.ID, `{"zipped":true}`))
		_ = z.Close()
	}
}

// namesID wants an error that says which response came instead.
func namesID(id string) func(t *testing.T, f failureOf) {
	return func(t *testing.T, f failureOf) {
		if !strings.Contains(f.Message, "with the id "+id) || strings.Contains(f.Message, "sent no response") {
			t.Errorf("message %q", f.Message)
		}
	}
}

// abort breaks the connection off.
func abort() { panic(http.ErrAbortHandler) }

var faults = []fault{
	{name: "F-4 401", serve: status(401, "WWW-Authenticate", `Bearer realm="x", resource_metadata="https://h/.well-known/x", token="secret"`),
		kind: kindUnauthorized, executed: NotExecuted, check: func(t *testing.T, f failureOf) {
			if f.Data.WWWAuthenticate != `Bearer resource_metadata="https://h/.well-known/x"` {
				t.Errorf("wwwAuthenticate: %q", f.Data.WWWAuthenticate)
			}
		}},
	{name: "F-5 403", serve: status(403), kind: KindForbidden, executed: NotExecuted},
	{name: "F-7 405", serve: status(405), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 406", serve: status(406), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 410", serve: status(410), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 413", serve: status(413), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 415", serve: status(415), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 431", serve: status(431), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-7 501", serve: status(501), kind: KindHTTPStatus, executed: NotExecuted},
	{name: "F-8 400", serve: status(400), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-8 409", serve: status(409), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-9b 500", serve: status(500), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-9b 502", serve: status(502), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-9b 504", serve: status(504), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-20 302", serve: status(302, "Location", "https://elsewhere.test/?secret"), kind: KindRedirect, executed: NotExecuted},
	{name: "F-20 307", serve: status(307, "Location", "/mcp"), kind: KindRedirect, executed: NotExecuted},
	{name: "305 is no redirect", serve: status(305, "Location", "http://elsewhere.test:3128"), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "306 is no redirect", serve: status(306), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "399 is no redirect", serve: status(399, "Location", "/mcp/"), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "2.1-3 JSON-RPC answer at 500", serve: body(500, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32099,"message":"own"}}`), answer: `"code":-32099,"message":"own"`},
	{name: "2.1-3 result at 404", serve: body(404, typeJSON, `{"jsonrpc":"2.0","id":ID,"result":{"odd":1}}`), answer: `{"odd":1}`},
	{name: "2.1-3 answer as text/plain", serve: body(200, "text/plain", `{"jsonrpc":"2.0","id":ID,"result":{"odd":1}}`), answer: `{"odd":1}`},
	{name: "2.1-4 null id", serve: body(400, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"m","data":{"z":1.50,"a":[ 1]}}}`), answer: `"error":{"code":-32000,"message":"m","data":{"z":1.50,"a":[ 1]}}`},
	{name: "2.1-4 no id", serve: body(503, typeJSON, `{"jsonrpc":"2.0","error":{"code":-32000,"message":"m"}}`), answer: `"error":{"code":-32000,"message":"m"}`},
	{name: "2.1-4 server-error id", serve: body(400, typeJSON, `{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"m"}}`), answer: `"code":-32600`},
	{name: "2.1-4 null id at 200", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"m"}}`), answer: `"code":-32601`},
	{name: "error that is none", serve: body(500, typeJSON, `{"error":{"message":"access denied"}}`), kind: KindHTTPStatus, executed: MayHaveRun},
	{name: "F-10 stream without an id cut", serve: func(w http.ResponseWriter, _ *http.Request, _ frame.Message) { startStream(w) }, kind: kindStreamLost, executed: MayHaveRun},
	{name: "F-10 stream broken off", serve: func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
		startStream(w)
		emit(w, "data: {\"jsonrpc\"")
		abort()
	}, kind: kindStreamLost, executed: MayHaveRun},
	{name: "F-13 connection lost", serve: func(http.ResponseWriter, *http.Request, frame.Message) { abort() }, kind: KindConnectionLost, executed: MayHaveRun},
	{name: "F-15 JSON malformed", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"result":`), kind: KindMalformed, executed: MayHaveRun},
	{name: "F-15 bad UTF-8", serve: body(200, typeJSON, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"\xff\"}"), kind: KindMalformed, executed: MayHaveRun},
	{name: "F-15 two values", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"result":1}{}`), kind: KindMalformed, executed: MayHaveRun},
	{name: "F-15 no version", serve: body(200, typeJSON, `{"id":ID,"result":1}`), kind: KindMalformed, executed: MayHaveRun},
	{name: "F-15 malformed event", serve: body(200, typeStream, "data: {oops\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"\xff\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}\n\n"), answer: `"result":{}`},
	{name: "F-16 truncated", serve: func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		w.Header().Set("Content-Type", typeJSON)
		w.Header().Set("Content-Length", "1000")
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID)
	}, kind: kindTruncated, executed: MayHaveRun},
	{name: "F-16 chunked cut", serve: func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		w.Header().Set("Content-Type", typeJSON)
		emit(w, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID))
		abort()
	}, kind: kindTruncated, executed: MayHaveRun},
	{name: "F-17b body too large", serve: func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		respond(w, m.ID, `"`+strings.Repeat("x", 5000)+`"`)
	}, kind: KindResponseTooLarge, executed: MayHaveRun, check: func(t *testing.T, f failureOf) {
		if f.Data.Limit != 4096 || f.Data.Size < 4097 {
			t.Errorf("limit %d size %d", f.Data.Limit, f.Data.Size)
		}
	}},
	{name: "F-17b event too large", serve: func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","method":"notifications/message","params":"`+strings.Repeat("x", 5000)+`"}`))
		emit(w, data(`{"jsonrpc":"2.0","result":"`+strings.Repeat("x", 5000)+`","id":`+string(m.ID)+`}`))
		emit(w, ": on and on\n")
	}, kind: KindResponseTooLarge, executed: MayHaveRun},
	{name: "F-18 page without an end", serve: endless("text/html", "<html>secret"), kind: kindContentType, executed: MayHaveRun},
	{name: "F-18 events under another name", serve: endless("application/x-ndjson", "data: secret\n\n"), kind: kindContentType, executed: MayHaveRun},
	{name: "F-18 page that breaks off", serve: func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
		w.Header().Set("Content-Type", "text/html")
		emit(w, "<html>secret")
		abort()
	}, kind: kindContentType, executed: MayHaveRun},
	{name: "F-18 answer under another name that breaks off", serve: func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		w.Header().Set("Content-Type", "text/plain")
		emit(w, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":`, m.ID))
		abort()
	}, kind: kindTruncated, executed: MayHaveRun},
	{name: "F-18 login page", serve: body(200, "text/html", "<html>secret</html>"), kind: kindContentType, executed: MayHaveRun},
	{name: "F-19 200 empty", serve: body(200, typeJSON, ""), kind: kindNoResponse, executed: MayHaveRun},
	{name: "F-19 202", serve: body(202, "", ""), kind: kindNoResponse, executed: MayHaveRun},
	{name: "F-19 204", serve: body(204, "", ""), kind: kindNoResponse, executed: MayHaveRun},
	{name: "F-21 id as a string", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":"ID","result":{}}`), answer: `"id":1,"result":{}`},
	{name: "F-21 id as a string in a stream", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":\"ID\",\"result\":{}}\n\n"), answer: `"id":1,"result":{}`},
	{name: "F-21 id as a string with an error", serve: body(500, typeJSON, `{"jsonrpc":"2.0","id":" ID.0 ","error":{"code":-5,"message":"m"}}`), answer: `"id":1,"error":{"code":-5`},
	{name: "F-21 id as another number", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":ID.0,"result":{}}`), answer: `"result":{}`},
	{name: "a mark before the answer", serve: body(200, typeJSON, "\xef\xbb\xbf{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}"), answer: `{"jsonrpc":"2.0","id":1,"result":{}}`},
	{name: "a mark before an event's data", serve: body(200, typeStream, "data: \xef\xbb\xbf{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}\n\n"), answer: `{"jsonrpc":"2.0","id":1,"result":{}}`},
	{name: "F-21 foreign response", serve: body(200, typeJSON, `{"jsonrpc":"2.0","id":"xID","result":{}}`), kind: KindMalformed, executed: MayHaveRun, check: namesID(`"x1"`)},
	{name: "F-21 foreign response in a stream", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":12345,\"result\":{}}\n\n"), kind: kindStreamLost, executed: MayHaveRun, check: namesID("12345")},
	{name: "F-21 null id in a stream", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"result\":{}}\n\n"), kind: kindStreamLost, executed: MayHaveRun, check: namesID("null")},
	{name: "F-21 no id in a stream", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"result\":{}}\n\n"), kind: kindStreamLost, executed: MayHaveRun, check: namesID("none")},
	{name: "F-21 null id of an error in a stream", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-5,\"message\":\"m\"}}\n\n"), answer: `"id":1,"error":{"code":-5`},
	{name: "only a notification", serve: body(200, typeJSON, `{"jsonrpc":"2.0","method":"notifications/x"}`), kind: kindNoResponse, executed: MayHaveRun},
	{name: "answered twice", serve: body(200, typeStream, "data: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}\n\n"), answer: `"result":{}`},
	{name: "unasked gzip", serve: zipped("gzip"), answer: `{"zipped":true}`},
	{name: "unasked gzip by its old name", serve: zipped("X-Gzip"), answer: `{"zipped":true}`},
	{name: "foreign endings", serve: body(200, typeStream, "\xef\xbb\xbf: hi\rbogus\revent: ping\rdata: x\r\rdata: {\"jsonrpc\":\"2.0\",\rdata: \"id\":ID,\"result\":{}}\r\r"), answer: `{"jsonrpc":"2.0", "id":1,"result":{}}`},
}

func TestFaults(t *testing.T) {
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				if strings.Contains(string(m.Params), `"good"`) {
					respond(w, m.ID, `{}`)
					return
				}
				f.serve(w, r, m)
			})}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "bad"))
				f.verify(t, r)
				r.send(call("2", "good"))
				if m := r.response("2"); m.Result == nil {
					t.Errorf("the bridge is not well afterwards: %s", m.raw)
				}
				synctest.Wait()
				want := max(f.posts, 1)
				if n := len(s.seen(func(q recorded) bool { return strings.Contains(q.Body, `"bad"`) })); n != want {
					t.Errorf("the server saw the call %d times, want %d", n, want)
				}
			}, func(c *Config) { c.MaxMessageSize = 4096 })
		})
	}
}

func (f *fault) verify(t *testing.T, r *rig) {
	t.Helper()
	if f.answer != "" {
		if m := r.response("1"); !strings.Contains(string(m.raw), f.answer) {
			t.Errorf("got %s, want %s", m.raw, f.answer)
		}
		return
	}
	got := r.refused("1", f.kind, f.executed)
	if strings.Contains(string(r.response("1").raw), "secret") {
		t.Errorf("the answer gives something away: %s", r.response("1").raw)
	}
	if got.Data.HTTPStatus > 299 && !strings.Contains(got.Message, `; the server says: "`) {
		t.Errorf("the answer does not say what the server said: %s", got.Message)
	}
	if f.check != nil {
		f.check(t, got)
	}
}

// The body of an HTTP error may never end; the answer does not wait for it.
func TestEndlessErrorPage(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		w.WriteHeader(502)
		emit(w, "<html>")
		<-r.Context().Done()
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		began := time.Now()
		r.send(call("1", "x"))
		r.refused("1", KindHTTPStatus, MayHaveRun)
		if d := time.Since(began); d > defaultTiming.refusal {
			t.Errorf("took %v", d)
		}
	})
}

// What a server says about itself cannot break the requests that repeat it.
func TestOddHandshakes(t *testing.T) {
	for name, odd := range map[string]func(w http.ResponseWriter, m frame.Message){
		"version no header carries": func(w http.ResponseWriter, m frame.Message) {
			w.Header().Set(headerSession, "id")
			respond(w, m.ID, `{"protocolVersion":"2025\n-11-25","capabilities":{}}`)
		},
		"no version": func(w http.ResponseWriter, m frame.Message) { respond(w, m.ID, `{}`) },
		"odd result": func(w http.ResponseWriter, m frame.Message) { respond(w, m.ID, `[7]`) },
		"id with space": func(w http.ResponseWriter, m frame.Message) {
			w.Header().Set(headerSession, "a b")
			respond(w, m.ID, `{"protocolVersion":"2025-11-25"}`)
		},
		"id not ASCII": func(w http.ResponseWriter, m frame.Message) {
			w.Header().Set(headerSession, "é")
			respond(w, m.ID, `{"protocolVersion":"2025-11-25"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Post: onPost(methodInitialize, func(w http.ResponseWriter, r *http.Request, m frame.Message) { odd(w, m) })}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "x"))
				if m := r.response("1"); m.Result == nil {
					t.Errorf("got %s", m.raw)
				}
				if q := s.seen(func(q recorded) bool { return q.Method == "tools/call" })[0]; strings.ContainsAny(q.Header.Get(headerSession), " é") {
					t.Errorf("session %q", q.Header.Get(headerSession))
				}
			})
		})
	}
}

// A session id counts only in a successful answer to initialize (transport.md B20).
func TestSessionIDElsewhere(t *testing.T) {
	s := &mcpServer{NoID: true}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method != methodInitialize || s.count(methodInitialize) == 1 {
			w.Header().Set(headerSession, "elsewhere")
		}
		if m.Method == methodInitialize && s.count(methodInitialize) == 1 {
			body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"not yet"}}`)(w, r, m)
			return true
		}
		return false
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		r.failure("0")
		r.send(strings.Replace(initializeLine, `"id":0`, `"id":"again"`, 1), initializedLine, call("1", "x"), call("2", "x"))
		r.response("1")
		r.response("2")
		r.end()
		for _, q := range s.seen(func(recorded) bool { return true }) {
			if q.HTTP == "DELETE" || q.Header.Get(headerSession) != "" {
				t.Errorf("%s %s: %v", q.HTTP, q.Method, q.Header)
			}
		}
	})
}

// However much a server sends, only the limit is kept of it (transport.md F-17b).
func TestHugeAnswers(t *testing.T) {
	const mega = 1 << 20
	part := strings.Repeat("x", mega)
	flood := func(w http.ResponseWriter) {
		for range 20 {
			emit(w, part)
		}
	}
	for name, serve := range map[string]func(w http.ResponseWriter, m frame.Message){
		"announced body": func(w http.ResponseWriter, m frame.Message) {
			w.Header().Set("Content-Type", typeJSON)
			w.Header().Set("Content-Length", fmt.Sprint(100*mega))
			flood(w)
		},
		"body": func(w http.ResponseWriter, m frame.Message) {
			w.Header().Set("Content-Type", typeJSON)
			flood(w)
		},
		"event": func(w http.ResponseWriter, m frame.Message) {
			startStream(w)
			emit(w, `data: {"jsonrpc":"2.0","result":"`)
			flood(w)
			emit(w, `","id":`+string(m.ID)+"}\n\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) { serve(w, m) })}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "x"))
				f := r.refused("1", KindResponseTooLarge, MayHaveRun)
				if f.Data.Limit != DefaultMaxMessageSize || f.Data.Size <= f.Data.Limit {
					t.Errorf("limit %d size %d", f.Data.Limit, f.Data.Size)
				}
				r.send(`{"jsonrpc":"2.0","id":2,"method":"ping"}`)
				r.response("2")
			})
		})
	}
}

// A server of the oldest transport is another kind of app, and the answer says so
// (transport.md 1E).
func TestOldTransport(t *testing.T) {
	bubble(t, &mcpServer{Post: onPost(methodInitialize, status(405))}, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		if f := r.refused("0", KindHTTPStatus, NotExecuted); !strings.Contains(f.Message, "HTTP+SSE") || !strings.Contains(f.Message, "register it as mcp+sse+http") || strings.Contains(f.Message, "not supported") {
			t.Errorf("message %q", f.Message)
		}
	})
}
