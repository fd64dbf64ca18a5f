// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: SDK clients and servers.

//lint:file-ignore SA1019 what is deprecated is what the legacy eras consist of

package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// The tests of this file put the bridge between a client and a server of the
// Go SDK, over pipes and real HTTP.

// sdk is a server with one of everything. Its tool "wait" runs until it is
// cancelled, which is an event, or the server leaves.
type sdk struct {
	*mcp.Server
	events *events
	leave  chan struct{}
}

func sdkServer() *sdk {
	srv := &sdk{events: &events{wake: make(chan struct{}, 1)}, leave: make(chan struct{})}
	s := mcp.NewServer(&mcp.Implementation{Name: "sdk", Version: "1"}, &mcp.ServerOptions{
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	})
	type args struct {
		N int `json:"n,omitempty"`
	}
	add := func(name string, f func(ctx context.Context, r *mcp.CallToolRequest, a args) (string, error)) {
		mcp.AddTool(s, &mcp.Tool{Name: name, Description: name}, func(ctx context.Context, r *mcp.CallToolRequest, a args) (*mcp.CallToolResult, any, error) {
			text, err := f(ctx, r, a)
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, err
		})
	}
	add("echo", func(_ context.Context, _ *mcp.CallToolRequest, a args) (string, error) { return fmt.Sprint(a.N), nil })
	add("big", func(_ context.Context, _ *mcp.CallToolRequest, a args) (string, error) {
		return strings.Repeat("x", a.N), nil
	})
	add("wait", func(ctx context.Context, _ *mcp.CallToolRequest, _ args) (string, error) {
		srv.events.add("started")
		select {
		case <-ctx.Done():
			srv.events.add("cancelled")
		case <-srv.leave:
		}
		return "", ctx.Err()
	})
	add("progress", func(ctx context.Context, r *mcp.CallToolRequest, a args) (string, error) {
		for i := range a.N {
			err := r.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: r.Params.GetProgressToken(), Progress: float64(i + 1)})
			if err != nil {
				return "", err
			}
		}
		return "done", nil
	})
	add("log", func(ctx context.Context, r *mcp.CallToolRequest, _ args) (string, error) {
		return "logged", r.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "error", Data: "hello"})
	})
	add("sample", func(ctx context.Context, r *mcp.CallToolRequest, _ args) (string, error) {
		res, err := r.Session.CreateMessage(ctx, &mcp.CreateMessageParams{MaxTokens: 5, Messages: []*mcp.SamplingMessage{}})
		if err != nil {
			return "", err
		}
		return res.Model, nil
	})
	add("elicit", func(ctx context.Context, r *mcp.CallToolRequest, _ args) (string, error) {
		res, err := r.Session.Elicit(ctx, &mcp.ElicitParams{Message: "sure?", RequestedSchema: map[string]any{"type": "object"}})
		if err != nil {
			return "", err
		}
		return res.Action, nil
	})
	add("roots", func(ctx context.Context, r *mcp.CallToolRequest, _ args) (string, error) {
		res, err := r.Session.ListRoots(ctx, nil)
		if err != nil {
			return "", err
		}
		return fmt.Sprint(len(res.Roots)), nil
	})
	s.AddResource(&mcp.Resource{Name: "r", URI: "test://r"}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: "test://r", Text: "content"}}}, nil
	})
	srv.Server = s
	return srv
}

// events are the notifications an SDK client got.
type events struct {
	mu   sync.Mutex
	list []string
	wake chan struct{}
}

func (e *events) add(s string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, s)
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

func (e *events) await(t *testing.T, want string, n int) {
	t.Helper()
	e.provoke(t, want, n, func(int) {})
}

// provoke does something again and again until n events have come. The SDK's
// client does not wait until its subscription is in force.
func (e *events) provoke(t *testing.T, want string, n int, do func(i int)) {
	t.Helper()
	limit := time.After(20 * time.Second)
	again := time.NewTicker(200 * time.Millisecond)
	defer again.Stop()
	i := 0
	do(i)
	for {
		e.mu.Lock()
		got := 0
		for _, s := range e.list {
			if s == want {
				got++
			}
		}
		e.mu.Unlock()
		if got >= n {
			return
		}
		select {
		case <-e.wake:
		case <-again.C:
			i++
			do(i)
		case <-limit:
			t.Fatalf("%d times %s, want %d", got, want, n)
		}
	}
}

func clientOptions(e *events) *mcp.ClientOptions {
	return &mcp.ClientOptions{
		CreateMessageHandler: func(context.Context, *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
			return &mcp.CreateMessageResult{Model: "my-model", Role: "assistant", Content: &mcp.TextContent{}}, nil
		},
		ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept"}, nil
		},
		ToolListChangedHandler:      func(context.Context, *mcp.ToolListChangedRequest) { e.add("tools") },
		ResourceUpdatedHandler:      func(context.Context, *mcp.ResourceUpdatedNotificationRequest) { e.add("updated") },
		LoggingMessageHandler:       func(context.Context, *mcp.LoggingMessageRequest) { e.add("log") },
		ProgressNotificationHandler: func(context.Context, *mcp.ProgressNotificationClientRequest) { e.add("progress") },
	}
}

// interop is an SDK client behind a bridge in front of an SDK server.
type interop struct {
	session *mcp.ClientSession
	events  *events
	stats   *statistics
}

// statistics count what the server saw.
type statistics struct {
	http.Handler
	mu     sync.Mutex
	counts map[string]int
}

func (s *statistics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.counts[r.Method]++
	s.mu.Unlock()
	s.Handler.ServeHTTP(w, r)
}

func (s *statistics) count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[method]
}

func startInterop(t testing.TB, server *sdk, opts *mcp.StreamableHTTPOptions, version string) *interop {
	t.Helper()
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server.Server }, opts)
	st := &statistics{Handler: handler, counts: map[string]int{}}
	srv := httptest.NewServer(st)
	tr := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 50}

	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	log := &logBuffer{}
	go func() {
		done <- Run(context.Background(), Config{
			Transport: tr, URL: srv.URL, In: inR, Out: outW, closeIn: true,
			Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		outW.Close()
	}()
	e := &events{wake: make(chan struct{}, 1)}
	client := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, clientOptions(e))
	client.AddRoots(&mcp.Root{URI: "file:///a"}, &mcp.Root{URI: "file:///b"})
	session, err := client.Connect(context.Background(), &mcp.IOTransport{Reader: outR, Writer: inW}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatalf("connect: %v\n%s", err, log)
	}
	t.Cleanup(func() {
		close(server.leave)
		_ = session.Close()
		select {
		case err := <-done:
			if err != nil && !errors.Is(err, io.ErrClosedPipe) { // the client closes both pipes at once
				t.Errorf("Run: %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("Run did not end")
		}
		for ss := range server.Sessions() {
			_ = ss.Close()
		}
		tr.CloseIdleConnections()
		srv.CloseClientConnections()
		srv.Close()
		if strings.Contains(log.String(), "internal error") || t.Failed() {
			t.Errorf("log of the bridge:\n%s", log)
		}
	})
	return &interop{session: session, events: e, stats: st}
}

// tool calls a tool and returns its text.
func (i *interop) tool(t testing.TB, name string, n int) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	p := &mcp.CallToolParams{Name: name, Arguments: map[string]any{"n": n}}
	p.SetProgressToken("token-" + name)
	res, err := i.session.CallTool(ctx, p)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(res.Content) == 0 {
		return ""
	}
	return res.Content[0].(*mcp.TextContent).Text
}
