// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: SDK clients and servers with the bridge between them.

//lint:file-ignore SA1019 what is deprecated is what the legacy eras consist of

package bridge

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	v03 = "2025-03-26"
	v06 = "2025-06-18"
	v11 = "2025-11-25"
	v26 = "2026-07-28"
)

func TestInteropStateful(t *testing.T) {
	for _, version := range []string{v03, v06, v11} {
		for _, store := range []bool{false, true} {
			t.Run(fmt.Sprint(version, " store ", store), func(t *testing.T) {
				opts := &mcp.StreamableHTTPOptions{}
				if store {
					opts.EventStore = mcp.NewMemoryEventStore(nil)
				}
				server := sdkServer()
				i := startInterop(t, server, opts, version)
				if got := i.session.InitializeResult().ProtocolVersion; got != version {
					t.Errorf("negotiated %s", got)
				}
				testLegacyFeatures(t, i, server)
			})
		}
	}
}

func testLegacyFeatures(t *testing.T, i *interop, server *sdk) {
	ctx := context.Background()
	if got := i.tool(t, "progress", 5); got != "done" {
		t.Errorf("progress: %s", got)
	}
	i.events.await(t, "progress", 5)
	if err := i.session.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: "debug"}); err != nil {
		t.Error(err)
	}
	if got := i.tool(t, "log", 0); got != "logged" {
		t.Errorf("log: %s", got)
	}
	i.events.await(t, "log", 1)
	for name, want := range map[string]string{"sample": "my-model", "elicit": "accept", "roots": "2"} {
		if got := i.tool(t, name, 0); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if err := i.session.Subscribe(ctx, &mcp.SubscribeParams{URI: "test://r"}); err != nil {
		t.Error(err)
	}
	if err := server.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: "test://r"}); err != nil {
		t.Error(err)
	}
	i.events.await(t, "updated", 1)
	if err := i.session.Unsubscribe(ctx, &mcp.UnsubscribeParams{URI: "test://r"}); err != nil {
		t.Error(err)
	}
	mcp.AddTool(server.Server, &mcp.Tool{Name: "extra"}, func(context.Context, *mcp.CallToolRequest, any) (*mcp.CallToolResult, any, error) {
		return nil, nil, nil
	})
	i.events.await(t, "tools", 1)
	if tools, err := i.session.ListTools(ctx, nil); err != nil || len(tools.Tools) != 9 {
		t.Errorf("tools: %v %v", tools, err)
	}
	if r, err := i.session.ReadResource(ctx, &mcp.ReadResourceParams{URI: "test://r"}); err != nil || r.Contents[0].Text != "content" {
		t.Errorf("resource: %v %v", r, err)
	}
	testCancelOneOfMany(t, i, server)
	if err := i.session.Ping(ctx, nil); err != nil {
		t.Error(err)
	}
}

func testCancelOneOfMany(t *testing.T, i *interop, server *sdk) {
	const n = 5
	var cancels [n]context.CancelFunc
	var results [n]chan error
	for k := range n {
		ctx, cancel := context.WithCancel(context.Background())
		cancels[k], results[k] = cancel, make(chan error, 1)
		go func() {
			_, err := i.session.CallTool(ctx, &mcp.CallToolParams{Name: "wait"})
			results[k] <- err
		}()
	}
	server.events.await(t, "started", n)
	cancels[2]()
	server.events.await(t, "cancelled", 1)
	if err := <-results[2]; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled call: %v", err)
	}
	if got := i.tool(t, "echo", 7); got != "7" {
		t.Errorf("echo: %s", got)
	}
	for k := range n {
		if k != 2 && len(results[k]) != 0 {
			t.Errorf("call %d ended: %v", k, <-results[k])
		}
		cancels[k]()
	}
	for k := range n {
		if k != 2 {
			<-results[k]
		}
	}
}

func TestInteropStateless(t *testing.T) {
	for _, version := range []string{v03, v06, v11} {
		for _, json := range []bool{false, true} {
			t.Run(fmt.Sprint(version, " json ", json), func(t *testing.T) {
				i := startInterop(t, sdkServer(), &mcp.StreamableHTTPOptions{Stateless: true, JSONResponse: json}, version)
				if got := i.tool(t, "echo", 3); got != "3" {
					t.Errorf("echo: %s", got)
				}
			})
		}
	}
}

func TestInteropModern(t *testing.T) {
	server := sdkServer()
	i := startInterop(t, server, &mcp.StreamableHTTPOptions{Stateless: true, PropagateRequestCancellation: true}, v26)
	if got := i.session.InitializeResult().ProtocolVersion; got != v26 {
		t.Errorf("negotiated %s", got)
	}
	if got := i.tool(t, "progress", 3); got != "done" {
		t.Errorf("progress: %s", got)
	}
	i.events.await(t, "progress", 3)
	i.events.provoke(t, "tools", 1, func(n int) {
		mcp.AddTool(server.Server, &mcp.Tool{Name: fmt.Sprint("extra", n)}, func(context.Context, *mcp.CallToolRequest, any) (*mcp.CallToolResult, any, error) {
			return nil, nil, nil
		})
	})
	if r, err := i.session.ReadResource(context.Background(), &mcp.ReadResourceParams{URI: "test://r"}); err != nil || r.Contents[0].Text != "content" {
		t.Errorf("resource: %v %v", r, err)
	}
	testCancelOneOfMany(t, i, server)
	if n := i.stats.count("GET") + i.stats.count("DELETE"); n != 0 {
		t.Errorf("%d GET and DELETE requests", n)
	}
}

// A client of the modern era falls back by itself when the server is legacy
// (transport.md 1G).
func TestInteropModernClientLegacyServer(t *testing.T) {
	i := startInterop(t, sdkServer(), nil, v26)
	if got := i.session.InitializeResult().ProtocolVersion; got != v11 {
		t.Errorf("negotiated %s", got)
	}
	if got := i.tool(t, "echo", 3); got != "3" {
		t.Errorf("echo: %s", got)
	}
}

func TestInteropManyCalls(t *testing.T) {
	i := startInterop(t, sdkServer(), nil, v11)
	var wg sync.WaitGroup
	for n := range 200 {
		wg.Go(func() {
			if got := i.tool(t, "echo", n+1); got != fmt.Sprint(n+1) {
				t.Errorf("call %d: %s", n+1, got)
			}
		})
	}
	wg.Wait()
}

func TestInteropBigResult(t *testing.T) {
	i := startInterop(t, sdkServer(), nil, v11)
	if got := i.tool(t, "big", 9<<20); len(got) != 9<<20 {
		t.Errorf("%d bytes", len(got))
	}
}
