// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the server behind the apps of a recording.

package testcluster

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// shortSecond stands for a second of a recording.
const shortSecond = 5 * time.Millisecond

// scriptedApp is the server behind the apps of a recording: it answers as the
// entry says that it did.
type scriptedApp struct {
	left chan struct{} // one for each request whose client left while it was held

	mu    sync.Mutex
	entry recorded
	serve http.HandlerFunc // in place of what the entry says
	seen  []seenRequest
	gates []chan struct{} // of hold: the nth request waits for the nth
	call  chan struct{}   // one for each request that is held
}

type seenRequest struct {
	recordedRequest
	body []byte
}

func newScriptedApp() *scriptedApp {
	return &scriptedApp{left: make(chan struct{}, 8), call: make(chan struct{}, 64)}
}

// play makes it answer as in an entry.
func (s *scriptedApp) play(e recorded) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entry, s.serve, s.seen, s.gates = e, nil, nil, nil
}

// playBy makes it answer like this.
func (s *scriptedApp) playBy(serve http.HandlerFunc) {
	s.play(recorded{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serve = serve
}

// hold makes it answer two requests only when they are released, each by its
// number. A call of a tool gets a text, a list two tools of which one is denied.
func (s *scriptedApp) hold() (release func(int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
	gates := []chan struct{}{make(chan struct{}), make(chan struct{})}
	s.gates = gates
	return func(i int) { close(gates[i]) }
}

// awaitCalls waits until n requests have come since hold.
func (s *scriptedApp) awaitCalls(t *testing.T, n int) {
	t.Helper()
	for {
		s.mu.Lock()
		have := len(s.seen)
		s.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-s.call:
		case <-time.After(limit):
			t.Fatalf("%d requests have reached the server, want %d", have, n)
		}
	}
}

func (s *scriptedApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	headers := map[string]string{"Host": r.Host}
	for name := range r.Header {
		headers[name] = strings.Join(r.Header.Values(name), "\n")
	}
	s.mu.Lock()
	s.seen = append(s.seen, seenRequest{recordedRequest{Method: r.Method, Path: r.RequestURI, Headers: headers}, body})
	e, serve, gates, n := s.entry, s.serve, s.gates, len(s.seen)
	s.mu.Unlock()
	switch {
	case gates != nil:
		s.call <- struct{}{}
		<-gates[n-1]
		answerHeld(w, body)
	case serve != nil:
		serve(w, r)
	case e.Upstream == nil:
		w.WriteHeader(http.StatusTeapot) // it should not have been asked
	case e.Upstream.Answers != nil:
		s.answer(w, r, e)
	default:
		misbehave(w, r, e.Upstream.Is)
	}
}

// answerHeld answers a request of hold.
func answerHeld(w http.ResponseWriter, body []byte) {
	msg, _, err := decodeRequest(body)
	if err != nil {
		panic(err)
	}
	result := `{"content":[{"type":"text","text":"ok"}]}`
	if msg.Method == "tools/list" {
		result = `{"tools":[{"name":"get_a","inputSchema":{"type":"object"}},{"name":"del_b","inputSchema":{"type":"object"}}]}`
	}
	answer(w, &rpcMessage{JSONRPC: "2.0", ID: msg.ID, Result: json.RawMessage(result)})
}

var pause = regexp.MustCompile(`<pause of ([0-9.]+m?s)>`)

// answer sends a recorded answer. Pauses in it are short; the last one lasts
// until the client has left, unless the recorded stream ended by itself after a
// time.
func (s *scriptedApp) answer(w http.ResponseWriter, r *http.Request, e recorded) {
	sent := e.Upstream.Answers
	w.Header()["Content-Type"] = nil
	for name, value := range sent.Headers {
		w.Header()[http.CanonicalHeaderKey(name)] = strings.Split(strings.ReplaceAll(value, "<port>", "8080"), "\n")
	}
	if e.Name == "upstream-early-hints" {
		w.WriteHeader(http.StatusEarlyHints)
	}
	text := sentText(sent.Body)
	if len(text) > 64<<10 {
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	}
	w.WriteHeader(sent.Status)
	for {
		at := pause.FindStringSubmatchIndex(text)
		if at == nil {
			io.WriteString(w, text)
			return
		}
		io.WriteString(w, text[:at[0]])
		http.NewResponseController(w).Flush()
		d, _ := time.ParseDuration(text[at[2]:at[3]])
		text = text[at[1]:]
		if text == "" && (strings.HasPrefix(e.Response.End, "open after") || e.Response.After == "") {
			<-r.Context().Done()
			s.left <- struct{}{}
			return
		}
		wait(r.Context(), d*shortSecond/time.Second)
	}
}

// sentText writes out what the server sent. Long answers are recorded by how
// they begin and their size; all of them were a text of many x.
func sentText(raw json.RawMessage) string {
	if len(raw) == 0 {
		return ""
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			panic(err)
		}
		return compact.String()
	}
	if m := cutOff.FindStringSubmatch(text); m != nil {
		size, _ := strconv.Atoi(m[2])
		if !strings.Contains(m[1], "{") {
			return strings.Repeat("x", size)
		}
		begin, end := `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"`, `"}]}}`
		if i := strings.Index(m[1], "{"); i > 0 {
			begin, end = m[1][:i]+begin, end+"\n\n"
		}
		return begin + strings.Repeat("x", size-len(begin)-len(end)) + end
	}
	return writeOut(text)
}

const okResult = `{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"ok"}]}}`

// misbehave does what words say that the server did.
func misbehave(w http.ResponseWriter, r *http.Request, is string) {
	switch is {
	case "closes the connection before any answer":
		panic(http.ErrAbortHandler)
	case "announces 100 bytes of JSON, sends 10, closes":
		raw(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"jsonrpc\"")
	case "announces 100 bytes, sends 5, closes":
		raw(w, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhello")
	case "sends one chunk of an event stream, closes without the last chunk":
		raw(w, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: x\n\n\r\n")
	case "answers no HTTP":
		raw(w, "nonsense\r\n\r\n")
	case "one notification, then the connection is closed without the last chunk":
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}\n\n")
		http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case "sends nothing for 75 s, then JSON":
		if wait(r.Context(), 75*shortSecond) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, okResult, 1)
		}
	case "sends the headers of an event stream at once, the answer after 70 s":
		late(w, r, 2, "")
	case "an event stream with a comment every 10 s, the answer after 70 s":
		late(w, r, 3, ": still at work\n\n")
	default:
		panic("the recording has words that are not played: " + is)
	}
}

// raw answers with these bytes and closes the connection.
func raw(w http.ResponseWriter, text string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	io.WriteString(conn, text)
}

// late answers with an event stream in which the answer takes 70 s.
func late(w http.ResponseWriter, r *http.Request, id int, comment string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for range 7 {
		io.WriteString(w, comment)
		http.NewResponseController(w).Flush()
		wait(r.Context(), 10*shortSecond)
	}
	fmt.Fprintf(w, "event: message\ndata: "+okResult+"\n\n", id)
}

// check compares what the server saw with what it saw when it was recorded.
func (s *scriptedApp) check(t *testing.T, e recorded) {
	t.Helper()
	s.mu.Lock()
	seen := s.seen
	s.mu.Unlock()
	var up recordedUpstream
	if e.Upstream != nil {
		up = *e.Upstream
	}
	if len(seen) != up.Calls {
		t.Fatalf("the server was asked %d times, want %d", len(seen), up.Calls)
	}
	if up.Saw == nil {
		return
	}
	for i, want := range append([]recordedRequest{*up.Saw}, up.SawMore...) {
		got := seen[i]
		if got.Method != want.Method || got.Path != want.Path {
			t.Errorf("the server saw %s %s, want %s %s", got.Method, got.Path, want.Method, want.Path)
		}
		if want.Headers != nil {
			diffSeen(t, want.Headers, got.Headers)
		}
		sent := bodyText(t, e.Request.Body)
		if text := bodyText(t, want.Body); text != "=request" {
			sent = text
		}
		if string(got.body) != sent {
			t.Errorf("the server saw %.300q, want %.300q", got.body, sent)
		}
	}
}

// diffSeen compares all headers that a server saw.
func diffSeen(t *testing.T, want, got map[string]string) {
	t.Helper()
	for name := range maps.Keys(got) {
		if _, ok := want[name]; !ok {
			t.Errorf("the server saw %s: %s, which is too much", name, got[name])
		}
	}
	for name, value := range want {
		if !matchText(value, got[name], nil) {
			t.Errorf("the server saw %s: %q, want %q", name, got[name], value)
		}
	}
}

// splitToken decodes the two halves of a JWT.
func splitToken(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	parts := strings.Split(token, ".")
	for i, into := range []*map[string]any{&header, &claims} {
		data, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}
