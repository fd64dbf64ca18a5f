// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a bridge between a scripted client and a server.

package bridge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

func TestMain(m *testing.M) {
	inspect = mustHold
	goleak.VerifyTestMain(m)
}

// rig is a bridge between a scripted client and a server.
type rig struct {
	t    testing.TB
	in   *io.PipeWriter
	done chan error
	stop context.CancelFunc
	log  *logBuffer

	mu   sync.Mutex
	seen map[string][]reply // responses by raw id
	rest []reply            // the server's requests and notifications, in order
	wake chan struct{}
}

// reply is a message the client got.
type reply struct {
	raw []byte
	frame.Message
}

type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *logBuffer) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf.Reset()
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// bubble runs a test in fake time with a server in memory.
func bubble(t *testing.T, h http.Handler, test func(t *testing.T, r *rig), opts ...func(*Config)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		net := newMemory()
		net.serve(t, h)
		r := startRig(t, net.transport(t), "http://server.test/mcp", opts...)
		test(t, r)
		r.end()
	})
}

func startRig(t testing.TB, tr http.RoundTripper, url string, opts ...func(*Config)) *rig {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	r := &rig{
		t: t, in: inW, done: make(chan error, 1), log: &logBuffer{},
		seen: map[string][]reply{}, wake: make(chan struct{}, 1),
	}
	var w io.Writer = r.log
	if os.Getenv("BRIDGE_LOG") != "" {
		w = io.MultiWriter(r.log, os.Stderr)
	}
	cfg := Config{
		Transport: tr, URL: url, In: inR, Out: outW,
		Log: slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, opt := range opts {
		opt(&cfg)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() {
		r.done <- Run(ctx, cfg)
		outW.Close()
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		r.read(outR)
	}()
	t.Cleanup(func() {
		cancel()
		inW.Close()
		<-read
	})
	return r
}

// read checks that every line is one JSON-RPC message and sorts them.
func (r *rig) read(out io.Reader) {
	s := bufio.NewScanner(out)
	s.Buffer(nil, 64<<20)
	for s.Scan() {
		raw := bytes.Clone(s.Bytes())
		messages, batch, err := frame.Parse(raw)
		if err != nil {
			r.t.Errorf("the client got %q: %v", raw, err)
			continue
		}
		r.mu.Lock()
		for _, m := range messages {
			if m.Kind == frame.Response {
				r.seen[string(m.ID)] = append(r.seen[string(m.ID)], reply{raw, m})
			} else {
				r.rest = append(r.rest, reply{raw, m})
			}
		}
		if batch {
			r.rest = append(r.rest, reply{raw: raw})
		}
		r.mu.Unlock()
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
}

// send writes lines as the client.
func (r *rig) send(lines ...string) {
	r.t.Helper()
	for _, l := range lines {
		if _, err := io.WriteString(r.in, l+"\n"); err != nil {
			r.t.Fatalf("the bridge no longer reads: %v", err)
		}
	}
}

// until waits for a condition on what the client got.
func (r *rig) until(what string, ok func() bool) {
	r.t.Helper()
	limit := time.After(30 * time.Second)
	if isFakeTime() {
		limit = time.After(24 * time.Hour)
	}
	for {
		r.mu.Lock()
		met := ok()
		r.mu.Unlock()
		if met {
			return
		}
		select {
		case <-r.wake:
		case <-limit:
			r.t.Fatalf("no %s; log:\n%s", what, r.log)
		}
	}
}

// isFakeTime says whether the test runs in a bubble: its clock begins in 2000.
func isFakeTime() bool { return time.Now().Year() < 2020 }

// response waits for the response with the raw id.
func (r *rig) response(id string) reply {
	r.t.Helper()
	r.until("response "+id, func() bool { return len(r.seen[id]) > 0 })
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[id][0]
}

// other waits for the next message that is no response.
func (r *rig) other() (next reply) {
	r.t.Helper()
	r.until("message of the server", func() bool {
		if len(r.rest) == 0 {
			return false
		}
		next, r.rest = r.rest[0], r.rest[1:]
		return true
	})
	return next
}

// answers returns how many responses came for the id.
func (r *rig) answers(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.seen[id])
}

// hello performs a handshake of 2025-11-25.
func (r *rig) hello() {
	r.t.Helper()
	r.send(initializeLine)
	if m := r.response("0"); m.Result == nil {
		r.t.Fatalf("initialize failed: %s", m.raw)
	}
	r.send(initializedLine)
}

const (
	initializeLine  = `{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}},"jsonrpc":"2.0","id":0}`
	initializedLine = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
)

// call returns a tools/call line.
func call(id, tool string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":%q,"arguments":{}}}`, id, tool)
}

// end closes the client's side and checks that Run returns in time and that no
// request was answered twice.
func (r *rig) end() {
	r.t.Helper()
	began := time.Now()
	r.in.Close()
	select {
	case err := <-r.done:
		r.done <- err
		if err != nil {
			r.t.Errorf("Run: %v", err)
		}
	case <-time.After(10 * time.Second):
		r.t.Fatalf("Run did not return; log:\n%s", r.log)
	}
	if took := time.Since(began); took > 2*time.Second {
		r.t.Errorf("the end took %v", took)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, got := range r.seen {
		if len(got) != 1 {
			r.t.Errorf("%d answers for %s", len(got), id)
		}
	}
	if strings.Contains(r.log.String(), "internal error") {
		r.t.Errorf("internal error:\n%s", r.log)
	}
}

// failureOf decodes an error the bridge made.
type failureOf struct {
	Code    int
	Message string
	Data    struct {
		Source, Kind, Code, Executed, WWWAuthenticate, RetryAfter string
		Retryable                                                 bool
		HTTPStatus, Attempts                                      int
		Limit, Size                                               int64
	}
}

func (r *rig) failure(id string) failureOf {
	r.t.Helper()
	m := r.response(id)
	var f failureOf
	if m.Failure == nil {
		r.t.Fatalf("request %s was not refused: %.200s", id, m.raw)
	}
	if err := json.Unmarshal(m.Failure, &f); err != nil {
		r.t.Fatalf("%s: %v", m.raw, err)
	}
	return f
}

// refused checks the error for an id. Its message comes without the code, in which
// each of them ends.
func (r *rig) refused(id string, kind Kind, executed Execution) failureOf {
	r.t.Helper()
	f := r.failure(id)
	if f.Data.Kind != string(kind) || f.Data.Executed != string(executed) {
		r.t.Errorf("request %s: kind %q executed %q, want %q %q (%s)", id, f.Data.Kind, f.Data.Executed, kind, executed, f.Message)
	}
	if f.Data.Source != "tshmcp" || !strings.HasPrefix(f.Message, "tshmcp: ") {
		r.t.Errorf("request %s: the error does not name its source: %+v", id, f)
	}
	message, coded := strings.CutSuffix(f.Message, errcode.Code(f.Data.Code).Bracketed())
	if !coded || f.Data.Code == "" {
		r.t.Errorf("request %s: the error does not end with its code: %+v", id, f)
	}
	f.Message = message
	return f
}
