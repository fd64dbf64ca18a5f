// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: an MCP server of the Go SDK with one of everything.

//lint:file-ignore SA1019 roots, sampling and logging are deprecated in the newest protocol, and the bridge carries the older ones

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// goServer is a server of the Go SDK with one of everything, over HTTP.
type goServer struct {
	*mcp.Server
	http      *httptest.Server
	waiting   atomic.Int32  // calls of wait so far
	cancelled chan struct{} // one for each that was cancelled
	released  chan struct{} // closed: the others end
	release   func()
	over      chan struct{} // closed at the end of the test
}

// startGoServer starts it.
func startGoServer(t *testing.T, opts *mcp.StreamableHTTPOptions) *goServer {
	t.Helper()
	s := newGoServer()
	s.http = httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return s.Server }, opts))
	t.Cleanup(s.stop)
	return s
}

// stop ends a server over HTTP, with the calls that hang.
func (s *goServer) stop() {
	s.release()
	close(s.over)
	for session := range s.Sessions() {
		session.Close()
	}
	s.http.CloseClientConnections()
	s.http.Close()
}

func (s *goServer) uri() string { return s.http.URL + "/mcp" }

func newGoServer() *goServer {
	s := &goServer{cancelled: make(chan struct{}, 16), released: make(chan struct{}), over: make(chan struct{})}
	s.release = sync.OnceFunc(func() { close(s.released) })
	s.Server = mcp.NewServer(&mcp.Implementation{Name: "interop", Version: "1"}, &mcp.ServerOptions{
		SubscribeHandler:   func(context.Context, *mcp.SubscribeRequest) error { return nil },
		UnsubscribeHandler: func(context.Context, *mcp.UnsubscribeRequest) error { return nil },
	})
	s.tool("echo", func(_ context.Context, _ *mcp.CallToolRequest, n int) (string, error) { return fmt.Sprint(n), nil })
	s.tool("big", func(_ context.Context, _ *mcp.CallToolRequest, n int) (string, error) {
		return strings.Repeat("x", n), nil
	})
	s.tool("progress", progressTool)
	s.tool("log", func(ctx context.Context, r *mcp.CallToolRequest, _ int) (string, error) {
		return "logged", r.Session.Log(ctx, &mcp.LoggingMessageParams{Level: "error", Data: "hello"})
	})
	s.tool("wait", s.wait)
	s.tool("release", s.releaseTool)
	s.tool("hang", func(ctx context.Context, r *mcp.CallToolRequest, _ int) (string, error) {
		if _, err := progressTool(ctx, r, 1); err != nil {
			return "", err
		}
		select {
		case <-ctx.Done():
		case <-s.over:
		}
		return "", errors.New("nobody waits for it")
	})
	s.tool("touch", func(ctx context.Context, _ *mcp.CallToolRequest, _ int) (string, error) {
		return "touched", s.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: "test://r"})
	})
	s.tool("change", func(context.Context, *mcp.CallToolRequest, int) (string, error) {
		s.tool("extra", func(context.Context, *mcp.CallToolRequest, int) (string, error) { return "extra", nil })
		return "changed", nil
	})
	mcp.AddTool(s.Server, &mcp.Tool{Name: "ask", Description: "elicitation, sampling and roots"}, ask)
	s.AddResource(&mcp.Resource{Name: "r", URI: "test://r"}, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: "test://r", Text: "content"}}}, nil
	})
	return s
}

// tool adds a tool that takes a number and answers with a text.
func (s *goServer) tool(name string, f func(ctx context.Context, r *mcp.CallToolRequest, n int) (string, error)) {
	type args struct {
		N int `json:"n,omitempty"`
	}
	mcp.AddTool(s.Server, &mcp.Tool{Name: name, Description: name}, func(ctx context.Context, r *mcp.CallToolRequest, a args) (*mcp.CallToolResult, any, error) {
		text, err := f(ctx, r, a.N)
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, err
	})
}

func progressTool(ctx context.Context, r *mcp.CallToolRequest, n int) (string, error) {
	for i := range n {
		err := r.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: r.Params.GetProgressToken(), Progress: float64(i + 1)})
		if err != nil {
			return "", err
		}
	}
	return "done", nil
}

// wait tells that it has begun by a progress notification and ends when it is
// cancelled or released.
func (s *goServer) wait(ctx context.Context, r *mcp.CallToolRequest, _ int) (string, error) {
	s.waiting.Add(1)
	if _, err := progressTool(ctx, r, 1); err != nil {
		return "", err
	}
	select {
	case <-ctx.Done():
		s.cancelled <- struct{}{}
		return "", ctx.Err()
	case <-s.released:
		return "released", nil
	}
}

// releaseTool lets the calls of wait end once one of them has been cancelled.
func (s *goServer) releaseTool(ctx context.Context, _ *mcp.CallToolRequest, _ int) (string, error) {
	select {
	case <-s.cancelled:
		s.release()
		return fmt.Sprintf("%d waited, 1 was cancelled", s.waiting.Load()), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// ask needs all that a client can be asked for. To a legacy client the SDK
// sends requests, a modern one has the questions in the result.
func ask(_ context.Context, r *mcp.CallToolRequest, _ any) (*mcp.CallToolResult, any, error) {
	answers := r.Params.InputResponses
	if answers == nil {
		return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{
			"name": &mcp.ElicitParams{Message: "Your name?", RequestedSchema: map[string]any{
				"type":       "object",
				"properties": map[string]any{"name": map[string]any{"type": "string"}},
			}},
			"greeting": &mcp.CreateMessageParams{MaxTokens: 5, Messages: []*mcp.SamplingMessage{
				{Role: "user", Content: &mcp.TextContent{Text: "Greet"}},
			}},
			"roots": &mcp.ListRootsParams{},
		}}, nil, nil
	}
	name, ok1 := answers["name"].(*mcp.ElicitResult)
	greeting, ok2 := answers["greeting"].(*mcp.CreateMessageWithToolsResult)
	roots, ok3 := answers["roots"].(*mcp.ListRootsResult)
	if !ok1 || !ok2 || !ok3 {
		return nil, nil, errors.New("an answer is missing or of another kind")
	}
	text := fmt.Sprintf("%v %v, %s, %d roots", name.Action, name.Content["name"], greeting.Model, len(roots.Roots))
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
}
