// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a scripted MCP server of the legacy eras.

package bridge

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// mcpServer is a scripted MCP server of the legacy eras. Every hook may take a
// request over by returning true.
type mcpServer struct {
	Version string // negotiated; default 2025-11-25
	NoID    bool   // issues no session id
	// Post, Get and Delete see a request before the server does.
	Post   func(w http.ResponseWriter, r *http.Request, m frame.Message) bool
	Get    func(w http.ResponseWriter, r *http.Request) bool
	Delete func(w http.ResponseWriter, r *http.Request) bool
	Batch  func(w http.ResponseWriter) // answers batches

	mu       sync.Mutex
	requests []recorded
	sessions int
	dead     map[string]bool
}

// recorded is a request the server saw.
type recorded struct {
	HTTP   string
	Header http.Header
	Body   string
	Method string // of the JSON-RPC message
}

func (s *mcpServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	rec := recorded{HTTP: r.Method, Header: r.Header.Clone(), Body: string(body)}
	var m frame.Message
	if messages, _, err := frame.Parse(body); err == nil {
		m = messages[0]
	}
	rec.Method = m.Method
	s.mu.Lock()
	s.requests = append(s.requests, rec)
	s.mu.Unlock()
	switch {
	case len(body) > 0 && body[0] == '[' && s.Batch != nil:
		s.Batch(w)
	case r.Method == "POST" && s.Post != nil && s.Post(w, r, m):
	case r.Method == "GET" && s.Get != nil && s.Get(w, r):
	case r.Method == "DELETE" && s.Delete != nil && s.Delete(w, r):
	case s.isDead(r.Header.Get(headerSession)):
		http.Error(w, "session not found", http.StatusNotFound)
	case r.Method == "POST":
		s.post(w, m)
	case r.Method == "GET":
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *mcpServer) isDead(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead[id]
}

func (s *mcpServer) post(w http.ResponseWriter, m frame.Message) {
	switch {
	case m.Method == methodInitialize:
		s.initialize(w, m)
	case m.Kind != frame.Request:
		w.WriteHeader(http.StatusAccepted)
	default:
		respond(w, m.ID, `{}`)
	}
}

func (s *mcpServer) initialize(w http.ResponseWriter, m frame.Message) {
	s.mu.Lock()
	s.sessions++
	id := fmt.Sprintf("session-%d", s.sessions)
	s.mu.Unlock()
	if !s.NoID {
		w.Header().Set(headerSession, id)
	}
	version := s.Version
	if version == "" {
		version = "2025-11-25"
	}
	respond(w, m.ID, fmt.Sprintf(`{"protocolVersion":%q,"capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"fake","version":"1"}}`, version))
}

// respond writes a JSON response.
func respond(w http.ResponseWriter, id []byte, result string) {
	w.Header().Set("Content-Type", typeJSON)
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, id, result)
}

// startStream begins an event stream.
func startStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", typeStream)
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
}

// emit writes raw parts of an event stream.
func emit(w http.ResponseWriter, parts ...string) {
	for _, p := range parts {
		_, _ = io.WriteString(w, p)
	}
	w.(http.Flusher).Flush()
}

// data makes an event of a message.
func data(message string) string { return "data: " + message + "\n\n" }

func result(id []byte, value string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":%s}`, id, value)
}

// seen returns the recorded requests for which ok holds.
func (s *mcpServer) seen(ok func(recorded) bool) []recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []recorded
	for _, r := range s.requests {
		if ok(r) {
			out = append(out, r)
		}
	}
	return out
}

// methods returns the JSON-RPC methods of all POSTs, in order; responses are
// "response".
func (s *mcpServer) methods() []string {
	var out []string
	for _, r := range s.seen(func(r recorded) bool { return r.HTTP == "POST" }) {
		if r.Method == "" {
			r.Method = "response"
		}
		out = append(out, r.Method)
	}
	return out
}

func (s *mcpServer) count(method string) int {
	return len(s.seen(func(r recorded) bool { return r.Method == method || r.HTTP == method }))
}

// onPost makes a hook for one method.
func onPost(method string, f func(w http.ResponseWriter, r *http.Request, m frame.Message)) func(http.ResponseWriter, *http.Request, frame.Message) bool {
	return func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		if !slices.Contains(strings.Split(method, " "), m.Method) {
			return false
		}
		f(w, r, m)
		return true
	}
}
