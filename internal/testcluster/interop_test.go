// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: client and server of the Go SDK with the cluster between them.

package testcluster_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// toolServer is a stateful MCP server with tools that alice may use (get_*) and
// may not. giveUp ends the tools that wait for a client.
func toolServer(t *testing.T, options *mcp.StreamableHTTPOptions) (up *httptest.Server, giveUp func()) {
	t.Helper()
	waiting, giveUp := context.WithCancel(context.Background())
	server := mcp.NewServer(&mcp.Implementation{Name: "tools", Version: "1"}, nil)
	text := func(s string) (*mcp.CallToolResult, any, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: s}}}, nil, nil
	}
	mcp.AddTool(server, &mcp.Tool{Name: "get_progress"}, func(ctx context.Context, req *mcp.CallToolRequest, _ any) (*mcp.CallToolResult, any, error) {
		err := req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 1})
		if err != nil {
			return nil, nil, err
		}
		return text("halfway")
	})
	mcp.AddTool(server, &mcp.Tool{Name: "get_answer"}, func(ctx context.Context, req *mcp.CallToolRequest, _ any) (*mcp.CallToolResult, any, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(waiting, cancel)()
		result, err := req.Session.Elicit(ctx, &mcp.ElicitParams{Message: "sure?"})
		if err != nil {
			return nil, nil, err
		}
		return text(result.Action)
	})
	for _, name := range []string{"delete_all", "set_x"} {
		mcp.AddTool(server, &mcp.Tool{Name: name}, func(context.Context, *mcp.CallToolRequest, any) (*mcp.CallToolResult, any, error) {
			t.Errorf("the denied tool %s ran", name)
			return text("never")
		})
	}
	up = httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, options))
	t.Cleanup(func() {
		giveUp()
		for session := range server.Sessions() {
			session.Close()
		}
		up.CloseClientConnections()
		up.Close()
	})
	return up, giveUp
}

// connectTools starts a cluster with the server behind it, as an MCP app if
// scheme is "mcp+" and as a plain HTTP app if it is empty, and a client with a
// certificate that the auth service has issued.
func connectTools(t *testing.T, scheme string, options *mcp.StreamableHTTPOptions, clientOptions *mcp.ClientOptions) (*testcluster.Cluster, *mcp.ClientSession) {
	t.Helper()
	up, giveUp := toolServer(t, options)
	cluster := start(t, func(cfg *testcluster.Config) {
		cfg.Apps = []testcluster.App{{Name: "tools", URI: scheme + up.URL + "/mcp", Labels: map[string]string{"env": "dev"}}}
	})
	config := webConfig(t, cluster)
	config.GetClientCertificate = always(appCert(t, cluster, "tools"))
	transport := &mcp.StreamableClientTransport{Endpoint: cluster.URL() + "/mcp", HTTPClient: webClient(t, config), MaxRetries: -1}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, clientOptions).Connect(bounded(t), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		giveUp()
		session.Close()
	})
	return cluster, session
}

func bounded(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// TestRealClientAndServer runs the official SDK's client against its server,
// through the cluster: the list is filtered, calls work, denied ones do not
// reach the server.
func TestRealClientAndServer(t *testing.T) {
	for name, options := range map[string]*mcp.StreamableHTTPOptions{
		"events": nil, "json": {JSONResponse: true}, "stateless": {Stateless: true},
	} {
		t.Run(name, func(t *testing.T) {
			progress := make(chan float64, 2)
			cluster, session := connectTools(t, "mcp+", options, &mcp.ClientOptions{
				ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) { progress <- req.Params.Progress },
			})
			list, err := session.ListTools(bounded(t), nil)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, tool := range list.Tools {
				names = append(names, tool.Name)
			}
			if want := []string{"get_answer", "get_progress"}; !slices.Equal(names, want) {
				t.Errorf("tools = %v, want %v", names, want)
			}
			params := &mcp.CallToolParams{Name: "get_progress", Meta: mcp.Meta{"progressToken": "p"}}
			result, err := session.CallTool(bounded(t), params)
			if err != nil || result.IsError || result.Content[0].(*mcp.TextContent).Text != "halfway" {
				t.Errorf("get_progress = %+v, %v", result, err)
			}
			if name == "events" {
				if got := <-progress; got != 1 {
					t.Errorf("progress = %v", got)
				}
			}
			_, err = session.CallTool(bounded(t), &mcp.CallToolParams{Name: "delete_all"})
			var denied *jsonrpc.Error
			if !errors.As(err, &denied) || denied.Code != -32602 || !strings.HasPrefix(denied.Message, "RBAC is enforced") {
				t.Errorf("delete_all: %v", err)
			}
			if _, err := session.CallTool(bounded(t), params); err != nil {
				t.Errorf("call after a denied call: %v", err)
			}
			if rec := cluster.Requests()[0]; rec.User != "alice" || rec.App != "tools" || rec.MCPMethod == "" {
				t.Errorf("first request = %+v", rec)
			}
		})
	}
}

// TestElicitation shows that requests of a server end the call at an MCP app,
// whose client never sees them, and work at a plain HTTP app.
func TestElicitation(t *testing.T) {
	for name, scheme := range map[string]string{"MCP app": "mcp+", "HTTP app": ""} {
		t.Run(name, func(t *testing.T) {
			asked := make(chan struct{}, 1)
			_, session := connectTools(t, scheme, nil, &mcp.ClientOptions{
				ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
					asked <- struct{}{}
					return &mcp.ElicitResult{Action: "accept", Content: map[string]any{}}, nil
				},
			})
			result, err := session.CallTool(bounded(t), &mcp.CallToolParams{Name: "get_answer"})
			if errors.Is(err, context.DeadlineExceeded) {
				t.Fatal("the call hangs")
			}
			works := err == nil && !result.IsError && result.Content[0].(*mcp.TextContent).Text == "accept"
			if works != (scheme == "") || len(asked) > 0 != works {
				t.Errorf("get_answer = %+v, %v, asked %d times", result, err, len(asked))
			}
		})
	}
}
