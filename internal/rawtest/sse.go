// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rawtest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// SSE is a server over SSE, below any path: a GET opens an event stream with an
// endpoint, where messages are posted. Set the fields before it serves.
type SSE struct {
	Name     string                 // in serverInfo, by default ssedemo
	Tools    string                 // the result of tools/list; empty: one that lists echo and forbidden
	Absolute bool                   // the endpoint is a whole URL
	Delay    time.Duration          // before a GET is answered
	Second   time.Duration          // how long one is, by default 1 s
	Status   int                    // of the answer to a GET, if it is none with a stream
	OnPost   func(body []byte) bool // sees a message before it is handled; true: it is not handled

	Greeting func(endpoint string) string // what the stream begins with, nil: its endpoint
	Event    func(message []byte) string  // a message as an event, nil: as servers write it

	mu      sync.Mutex
	streams map[string]*stream
	count   int
}

// stream is one client's.
type stream struct {
	*server
	header http.Header // of the POST that is handled
	status int         // that it is answered with; 0: not decided
}

const sseTools = `{"tools":[{"name":"echo","inputSchema":{"type":"object"}},{"name":"forbidden","inputSchema":{"type":"object"}}]}`

func (s *SSE) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodPost:
		s.serveMessage(w, r)
	case s.Status != 0:
		w.WriteHeader(s.Status)
	default:
		s.serveEvents(w, r)
	}
}

// serveEvents is a client's event stream, until either side ends it.
func (s *SSE) serveEvents(w http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(s.Delay):
	case <-r.Context().Done():
		return
	}
	var mu sync.Mutex
	ctx, end := context.WithCancel(r.Context())
	emit := func(text string) {
		mu.Lock()
		defer mu.Unlock()
		if ctx.Err() == nil { // else the answer has ended
			io.WriteString(w, text)
			http.NewResponseController(w).Flush()
		}
	}
	defer func() { // after what is being written
		mu.Lock()
		defer mu.Unlock()
		end()
	}()
	id := s.add(ctx, emit, end)
	w.Header().Set("Content-Type", "text/event-stream")
	endpoint := url.URL{Path: r.URL.Path, RawQuery: "id=" + id}
	if s.Absolute {
		endpoint.Scheme, endpoint.Host = "http", r.Host
	}
	greeting := func(endpoint string) string { return "event: endpoint\ndata: " + endpoint + "\n\n" }
	if s.Greeting != nil {
		greeting = s.Greeting
	}
	emit(greeting(endpoint.String()))
	<-ctx.Done()
}

// add makes what handles the messages of a client.
func (s *SSE) add(ctx context.Context, emit func(string), end context.CancelFunc) (id string) {
	st := &stream{server: &server{
		name: cmp.Or(s.Name, "ssedemo"), tools: cmp.Or(s.Tools, sseTools), second: cmp.Or(s.Second, time.Second), gone: ctx.Done(),
	}}
	event := func(message []byte) string { return fmt.Sprintf("event: message\ndata: %s\n\n", message) }
	if s.Event != nil {
		event = s.Event
	}
	st.write = func(line []byte) { emit(event(line)) }
	st.raw = func(a arguments) { emit(strings.Join(a.Events, "")) }
	st.die = func(int) { end() }
	st.env = func() any { return st.header }
	st.post = func(a arguments) { st.status = a.Status }
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	id = strconv.Itoa(s.count)
	if s.streams == nil {
		s.streams = map[string]*stream{}
	}
	s.streams[id] = st
	return id
}

// serveMessage handles a message. Clients post one after the other.
func (s *SSE) serveMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	st := s.streams[r.URL.Query().Get("id")]
	s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if st == nil || err != nil {
		http.NotFound(w, r)
		return
	}
	if s.OnPost != nil && s.OnPost(body) {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	st.header, st.status = r.Header.Clone(), 0
	st.header.Set("Host", r.Host)
	st.receive(body)
	switch {
	case st.status >= 300 && st.status < 400:
		http.Redirect(w, r, r.URL.String(), st.status)
	case st.status != 0:
		w.WriteHeader(st.status)
	default:
		w.WriteHeader(http.StatusAccepted)
	}
}
