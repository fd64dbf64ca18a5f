// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect behind a load balancer that comes and goes.

package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestBridgeBehindABalancer holds a session open behind a load balancer over
// many pings: what the server says by itself arrives, and when the connections
// break and the load balancer goes, the session goes on.
func TestBridgeBehindABalancer(t *testing.T) {
	t.Parallel()
	server := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1"}, nil)
	echo := func(_ context.Context, _ *mcp.CallToolRequest, in struct{ Text string }) (*mcp.CallToolResult, any, error) {
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: in.Text}}}, nil, nil
	}
	mcp.AddTool(server, &mcp.Tool{Name: "echo"}, echo)
	app := httptest.NewServer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil))
	defer app.Close()
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps:     []testcluster.App{{Name: "notes", URI: "mcp+" + app.URL}},
		Balancer: testcluster.BalancerHTTP, UpgradePing: 5 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	home := t.TempDir()
	if err := storeLogin(ctx, cluster, home, "alice"); err != nil {
		t.Fatal(err)
	}
	changed := make(chan struct{}, 10)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { changed <- struct{}{} },
	})
	cmd := tshmcp(t, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TSHMCP_HOME=" + home, "GORACE=atexit_sleep_ms=0"}, "connect", "notes")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	say := func(text string) error {
		result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "echo", Arguments: map[string]any{"Text": text}})
		if err == nil && result.Content[0].(*mcp.TextContent).Text != text {
			t.Errorf("%s came back as %v", text, result.Content[0])
		}
		return err
	}
	if err := say("first"); err != nil {
		t.Fatal(err)
	}
	for start := cluster.Pongs(); cluster.Pongs() < start+50; {
		select {
		case <-ctx.Done():
			t.Fatalf("%d pongs", cluster.Pongs()-start)
		case <-time.After(time.Millisecond):
		}
	}
	mcp.AddTool(server, &mcp.Tool{Name: "late"}, echo)
	select {
	case <-changed:
	case <-ctx.Done():
		t.Fatal("the server was not heard")
	}
	if err := cluster.SetBalancer(""); err != nil {
		t.Fatal(err)
	}
	cluster.DropConnections()
	for err = say("after"); err != nil && ctx.Err() == nil; {
		err = say("after") // a call in flight may be lost with its connection
	}
	if err != nil {
		t.Error(err)
	}
	if err := session.Close(); err != nil {
		t.Errorf("%v\n%s", err, stderr.String())
	}
}
