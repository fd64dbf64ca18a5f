// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// recordedWebApp is the server behind the web apps of a recording: it answers as
// the entry that is played says that it did.
type recordedWebApp struct {
	mu     sync.Mutex
	answer http.HandlerFunc
	seen   []recordedRequest // with bodies as JSON texts, unlike those of recordings
}

// play makes it answer like this, and forget what it saw.
func (a *recordedWebApp) play(answer http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer, a.seen = answer, nil
}

func (a *recordedWebApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	saw := recordedRequest{Method: r.Method, Path: r.RequestURI, Headers: map[string]string{"Host": r.Host}, Body: body}
	for name, values := range r.Header {
		saw.Headers[name] = strings.Join(values, "\n")
	}
	a.mu.Lock()
	a.seen = append(a.seen, saw)
	answer := a.answer
	a.mu.Unlock()
	answer(w, r)
}

// check compares what it saw with what it saw when it was recorded.
func (a *recordedWebApp) check(t *testing.T, e recorded, words *strings.Replacer) {
	t.Helper()
	if e.Upstream == nil {
		return
	}
	a.mu.Lock()
	seen := a.seen
	a.mu.Unlock()
	if len(seen) != e.Upstream.Calls {
		t.Fatalf("the app was asked %d times, want %d", len(seen), e.Upstream.Calls)
	}
	wanted := e.Upstream.SawMore
	if e.Upstream.Saw != nil {
		wanted = append([]recordedRequest{*e.Upstream.Saw}, wanted...)
	}
	for i, want := range wanted {
		got := seen[i]
		if got.Method != want.Method || got.Path != want.Path {
			t.Errorf("the app saw %s %s, want %s %s", got.Method, got.Path, want.Method, want.Path)
		}
		if body := strings.Replace(bodyText(t, want.Body), "=request", bodyText(t, e.Request.Body), 1); string(got.Body) != body {
			t.Errorf("the app saw %.300q, want %.300q", got.Body, body)
		}
		for name, value := range want.Headers {
			if !matchText(value, got.Headers[name], words) {
				t.Errorf("the app saw %s: %q, want %q", name, got.Headers[name], value)
			}
		}
		for name := range got.Headers {
			if _, ok := want.Headers[name]; !ok && want.Headers != nil {
				t.Errorf("the app saw %s: %q, which is too much", name, got.Headers[name])
			}
		}
	}
}

var recordedPause = regexp.MustCompile(`<pause of [0-9.]+m?s>`)

// answering sends a recorded answer; pauses in it are short.
func answering(t *testing.T, e recorded) http.HandlerFunc {
	if e.Upstream == nil || e.Upstream.Answers == nil {
		return misbehaving(t, e)
	}
	sent := *e.Upstream.Answers
	text := bodyText(t, sent.Body)
	if cutOff.MatchString(text) { // what came through is written out
		text = bodyText(t, e.Response.Body)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		for name, values := range sent.Headers {
			w.Header()[name] = strings.Split(strings.ReplaceAll(values, "<port>", "41234"), "\n")
		}
		if e.Name == "upstream-early-hints" {
			w.WriteHeader(http.StatusEarlyHints)
		}
		w.WriteHeader(sent.Status)
		for i, part := range recordedPause.Split(text, -1) {
			if i > 0 {
				http.NewResponseController(w).Flush()
				wait(r.Context(), 10*time.Millisecond)
			}
			io.WriteString(w, part)
		}
	}
}

// misbehaving does what words say that the app did. An app that nothing is said
// of is not asked.
func misbehaving(t *testing.T, e recorded) http.HandlerFunc {
	raw := ""
	switch {
	case e.Upstream == nil || e.Upstream.Is == "":
		return func(http.ResponseWriter, *http.Request) { t.Error("the app is asked") }
	case e.Upstream.Is == "closes the connection before any answer":
	case e.Upstream.Is == "announces 100 bytes, sends 5, closes":
		raw = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhello"
	case e.Upstream.Is == "sends one chunk of an event stream, closes without the last chunk":
		raw = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: x\n\n\r\n"
	case e.Upstream.Is == "answers no HTTP":
		raw = "nonsense\r\n\r\n"
	default:
		t.Fatalf("the recording has words that are not played: %s", e.Upstream.Is)
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		io.WriteString(conn, raw)
	}
}

// heldStream is an event stream that stops behind its first events until it is
// let go on, and in the end stays open until its client is gone, unless it ends.
type heldStream struct {
	parts []string
	first int
	ends  bool
	goOn  chan struct{}
}

// holding makes a stream of the recorded events, which stops behind the first of
// them.
func holding(t *testing.T, e recorded, first int, ends bool) *heldStream {
	parts := strings.SplitAfter(bodyText(t, e.Response.Body), "\n\n")
	return &heldStream{parts: parts, first: first, ends: ends, goOn: make(chan struct{})}
}

func (s *heldStream) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for i, part := range s.parts {
		if i == s.first {
			select {
			case <-s.goOn:
			case <-r.Context().Done():
				return
			}
		}
		io.WriteString(w, part)
		http.NewResponseController(w).Flush()
	}
	if !s.ends {
		<-r.Context().Done()
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
