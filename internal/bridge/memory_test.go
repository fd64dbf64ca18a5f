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

const remembered = `{"protocolVersion":"2025-11-25",
 "capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"fake","version":"1"}}`

// withMemory gives a bridge a memory that knows one result and collects new ones.
func withMemory(result string, kept *[]string) func(*Config) {
	return func(c *Config) {
		c.Memory = &Memory{
			Recall: func(params []byte) []byte {
				if v, _ := frame.LookupString(params, "protocolVersion"); v != "2025-11-25" || result == "" {
					return nil
				}
				return []byte(result)
			},
			Keep: func(_, result []byte) { *kept = append(*kept, string(result)) },
		}
	}
}

// slowly makes every initialize of the server wait until open is closed.
func slowly(open <-chan struct{}) func(http.ResponseWriter, *http.Request, frame.Message) bool {
	return func(_ http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if m.Method == methodInitialize {
			select {
			case <-open:
			case <-r.Context().Done():
				return true
			}
		}
		return false
	}
}

// A client that cannot wait is answered from memory after 4 s; its requests
// wait for the real handshake, and it is told to look at the lists again.
func TestMemoryAnswersInTime(t *testing.T) {
	s := &mcpServer{}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		open := make(chan struct{})
		s.Post = slowly(open)
		began := time.Now()
		r.send(initializeLine)
		m := r.response("0")
		if took := time.Since(began); took != defaultPatience {
			t.Errorf("initialize was answered after %v, want %v", took, defaultPatience)
		}
		if v, _ := frame.LookupString(m.Result, "protocolVersion"); v != "2025-11-25" || strings.Contains(string(m.raw), "\n") {
			t.Errorf("answered %q", m.raw)
		}
		r.send(initializedLine, call("1", "x"))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if r.answers("1") != 0 {
			t.Error("a call was answered before there was a session")
		}
		close(open)
		if m := r.response("1"); m.Result == nil {
			t.Errorf("the call got %s", m.raw)
		}
		if m := r.other(); string(m.raw) != listChanged {
			t.Errorf("the client was told %s", m.raw)
		}
		synctest.Wait() // it is handed over beside the answers
		if len(kept) != 1 || !strings.Contains(kept[0], "protocolVersion") {
			t.Errorf("kept %q", kept)
		}
	}, withMemory(remembered, &kept))
	if got := s.trace(); !strings.Contains(got, "tools/call@") || !strings.Contains(got, "initialized@") {
		t.Errorf("the server got %s", got)
	}
}

// Without a memory of this version the client waits for the server.
func TestMemoryKnowsNothing(t *testing.T) {
	s := &mcpServer{}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		open := make(chan struct{})
		s.Post = slowly(open)
		r.send(initializeLine)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if r.answers("0") != 0 {
			t.Error("initialize was answered by nobody")
		}
		close(open)
		if m := r.response("0"); m.Result == nil {
			t.Errorf("initialize got %s", m.raw)
		}
	}, withMemory("", &kept))
	if len(kept) != 1 {
		t.Errorf("kept %q, want the server's answer", kept)
	}
}

// A quick server is never forestalled, and its answer is kept.
func TestMemoryOfAQuickServer(t *testing.T) {
	s := &mcpServer{}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		time.Sleep(2 * defaultPatience)
		synctest.Wait()
		if n := r.answers("0"); n != 1 {
			t.Errorf("%d answers to initialize", n)
		}
	}, withMemory(remembered, &kept))
	if got := s.trace(); strings.Count(got, "initialize ") != 1 || len(kept) != 1 {
		t.Errorf("the server got %s, kept %q", got, kept)
	}
}

// The client does not wait for what is kept of its answers, which Run waits for, in order.
func TestAnswersDoNotWaitForMemory(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, _ *http.Request, m frame.Message) { respond(w, m.ID, `{"tools":[]}`) })}
	answered := make(chan struct{})
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
		r.response("1")
		close(answered)
	}, func(c *Config) {
		c.Memory = &Memory{
			Recall:    func([]byte) []byte { return nil },
			Keep:      func([]byte, []byte) { <-answered; kept = append(kept, "server") },
			KeepTools: func([]string, bool) { kept = append(kept, "tools") },
		}
	})
	if got := strings.Join(kept, " "); got != "server tools" {
		t.Errorf("kept %q", got)
	}
}

// TestMemoryHangs: what waits for a memory that hangs has a bound, and of a list that was
// left out in part the rest is left out, too.
func TestMemoryHangs(t *testing.T) {
	name := strings.Repeat("x", 200<<10)
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		respond(w, m.ID, `{"tools":[{"name":"`+name+`"}]}`)
	})}
	goesOn := make(chan struct{})
	kept := "" // f for a first page, p for another one
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		next := 0
		list := func(params string) {
			next++
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/list","params":%s}`, next, params))
			r.response(fmt.Sprint(next))
		}
		list(`{}`)
		for range 50 {
			list(`{"cursor":"next"}`)
		}
		close(goesOn)
		synctest.Wait()
		if n := len(kept) * len(name); !strings.HasPrefix(kept, "fpp") || n > maxRemembering {
			t.Errorf("%q: %d bytes have waited, at most %d", kept, n, maxRemembering)
		}
		kept = ""
		for _, params := range []string{`{"cursor":"next"}`, `{}`, `{"cursor":"next"}`} {
			list(params)
			synctest.Wait()
		}
		if kept != "fp" {
			t.Errorf("then %q", kept)
		}
	}, func(c *Config) {
		c.Memory = &Memory{
			Recall: func([]byte) []byte { return nil },
			Keep:   func([]byte, []byte) { <-goesOn },
			KeepTools: func(_ []string, first bool) {
				if first {
					kept += "f"
				} else {
					kept += "p"
				}
			},
		}
	})
}

// A server that is not what it was makes the requests fail with the advice to
// restart the client, and is remembered as it is now.
func TestMemoryOfAnotherServer(t *testing.T) {
	s := &mcpServer{Version: "2025-06-18"}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		open := make(chan struct{})
		s.Post = slowly(open)
		r.send(initializeLine)
		r.response("0")
		close(open)
		r.send(initializedLine, call("1", "x"))
		f := r.refused("1", kindSessionLost, NotExecuted)
		if !strings.Contains(f.Message, "restart the client") {
			t.Errorf("the call got %q", f.Message)
		}
	}, withMemory(remembered, &kept))
	if len(kept) == 0 || !strings.Contains(kept[0], "2025-06-18") {
		t.Errorf("kept %q, want the server as it is", kept)
	}
}

// Requests that come while the server cannot be reached are answered, and one
// that comes later opens the session after all.
func TestMemoryWhileUnreachable(t *testing.T) {
	down := true
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, _ *http.Request, m frame.Message) bool {
		if down {
			http.Error(w, "proxy is down", http.StatusBadGateway)
		}
		return down
	}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		r.response("0")
		r.send(initializedLine, call("1", "x"))
		if f := r.refused("1", kindSessionLost, NotExecuted); !f.Data.Retryable {
			t.Errorf("the call got %+v", f)
		}
		down = false
		r.send(call("2", "x"))
		if m := r.response("2"); m.Result == nil {
			t.Errorf("the later call got %s", m.raw)
		}
	}, withMemory(remembered, &kept))
}

// The names of the tools in lists that reach the client are kept page by page;
// what is no list of tools is not.
func TestMemoryOfTools(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
		switch cursor, _ := frame.LookupString(m.Params, "cursor"); cursor {
		case "":
			respond(w, m.ID, `{"tools":[{"name":"a"},{"no":"name"},{"inputSchema":{"name":"x"},"name":"b\u00e9"}],"nextCursor":"2"}`)
		case "2":
			respond(w, m.ID, `{"tools":[{"name":"c"}]}`)
		default:
			respond(w, m.ID, `{"tools":"none"}`)
		}
	})}
	var kept []string
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i, params := range []string{`{}`, `{"cursor":"2"}`, `{"cursor":"3"}`} {
			id := fmt.Sprint(i + 1)
			r.send(`{"jsonrpc":"2.0","id":` + id + `,"method":"tools/list","params":` + params + `}`)
			r.response(id)
		}
		r.send(call("4", "x"))
		r.response("4")
	}, func(c *Config) {
		c.Memory = &Memory{
			Recall:    func([]byte) []byte { return nil },
			KeepTools: func(names []string, first bool) { kept = append(kept, fmt.Sprint(first, names)) },
		}
	})
	if got, want := strings.Join(kept, " "), "true [a bé] false [c] false []"; got != want {
		t.Errorf("kept %q, want %q", got, want)
	}
}
