// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: client and server of the Go SDK with a raw app between them.

package testcluster

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// sdkServerArg makes a process of this test the SDK's server on stdio.
const sdkServerArg = "sdk-server"

// sdkServer is a server with tools that alice may use, all but delete_all. wait
// waits until it is cancelled, which the tool cancelled tells.
func sdkServer() *mcp.Server {
	server := mcp.NewServer(&mcp.Implementation{Name: "sdk", Version: "1"}, nil)
	cancelled := make(chan struct{})
	once := sync.OnceFunc(func() { close(cancelled) })
	add := func(name string, do func(ctx context.Context, req *mcp.CallToolRequest) (string, error)) {
		mcp.AddTool(server, &mcp.Tool{Name: name}, func(ctx context.Context, req *mcp.CallToolRequest, _ map[string]any) (*mcp.CallToolResult, any, error) {
			text, err := do(ctx, req)
			return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, err
		})
	}
	add("echo", func(_ context.Context, req *mcp.CallToolRequest) (string, error) {
		return string(req.Params.Arguments), nil
	})
	add("list_big", func(context.Context, *mcp.CallToolRequest) (string, error) {
		return strings.Repeat("x", 5_000_000), nil
	})
	add("query_progress", func(ctx context.Context, req *mcp.CallToolRequest) (string, error) {
		return "done", req.Session.NotifyProgress(ctx, &mcp.ProgressNotificationParams{ProgressToken: req.Params.GetProgressToken(), Progress: 1})
	})
	add("list_wait", func(ctx context.Context, _ *mcp.CallToolRequest) (string, error) {
		<-ctx.Done()
		once()
		return "", ctx.Err()
	})
	add("list_cancelled", func(ctx context.Context, _ *mcp.CallToolRequest) (string, error) {
		select {
		case <-cancelled:
			return "yes", nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	})
	add("delete_all", func(context.Context, *mcp.CallToolRequest) (string, error) { return "never", nil })
	return server
}

// runSDKServer serves on stdio until stdin ends.
func runSDKServer() int {
	if err := sdkServer().Run(context.Background(), &mcp.StdioTransport{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// framedWriter writes what a client says on a raw connection.
type framedWriter struct{ *rawClient }

func (w framedWriter) Write(p []byte) (int, error) {
	if _, err := w.Conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(p))), p...)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// startSDK starts a cluster with the SDK's server behind an app of either kind, and
// its client.
func startSDK(t *testing.T, kind string, options *mcp.ClientOptions) *mcp.ClientSession {
	t.Helper()
	app := App{Name: "sdk", URI: "mcp+stdio://", Command: []string{must(os.Executable()), sdkServerArg}}
	if kind == "sse" {
		server := sdkServer()
		up := httptest.NewServer(mcp.NewSSEHandler(func(*http.Request) *mcp.Server { return server }, nil))
		t.Cleanup(func() {
			for session := range server.Sessions() {
				session.Close()
			}
			up.CloseClientConnections()
			up.Close()
		})
		app.URI, app.Command = "mcp+sse+"+up.URL+"/sse", nil
	}
	c := startApps(t, app)
	client := dialRaw(t, c, appIdentity(c, "alice", "sdk", time.Hour))
	transport := &mcp.IOTransport{Reader: io.NopCloser(client), Writer: framedWriter{client}}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1"}, options).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close() })
	return session
}

// callSDK calls a tool and returns its text.
func callSDK(ctx context.Context, session *mcp.ClientSession, params *mcp.CallToolParams) (string, error) {
	result, err := session.CallTool(ctx, params)
	if err != nil {
		return "", err
	}
	return result.Content[0].(*mcp.TextContent).Text, nil
}

// TestRawInterop is what a client does at a server, through either kind of raw app:
// a list without what is denied, progress, a large answer, a call that is
// cancelled, fifty at once.
func TestRawInterop(t *testing.T) {
	for _, kind := range []string{"stdio", "sse"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			progress := make(chan float64, 1)
			session := startSDK(t, kind, &mcp.ClientOptions{
				ProgressNotificationHandler: func(_ context.Context, req *mcp.ProgressNotificationClientRequest) { progress <- req.Params.Progress },
			})
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			list, err := session.ListTools(ctx, nil)
			if err != nil || len(list.Tools) != 5 || slices.ContainsFunc(list.Tools, func(tool *mcp.Tool) bool { return tool.Name == "delete_all" }) {
				t.Errorf("list %+v, %v", list, err)
			}
			_, err = callSDK(ctx, session, &mcp.CallToolParams{Name: "delete_all"})
			if denied := (*jsonrpc.Error)(nil); !errors.As(err, &denied) || denied.Code != -32602 {
				t.Errorf("denied: %v", err)
			}
			if got, err := callSDK(ctx, session, &mcp.CallToolParams{Name: "query_progress", Meta: mcp.Meta{"progressToken": "p"}}); got != "done" {
				t.Errorf("progress: %q, %v", got, err)
			}
			select {
			case got := <-progress:
				if got != 1 {
					t.Errorf("progress %v", got)
				}
			case <-ctx.Done():
				t.Error("no progress")
			}
			if got, err := callSDK(ctx, session, &mcp.CallToolParams{Name: "list_big"}); len(got) != 5_000_000 {
				t.Errorf("big: %d bytes, %v", len(got), err)
			}
			wantCancelled(ctx, t, session)
			wantParallel(ctx, t, session, 50)
		})
	}
}

// wantCancelled cancels a call, and asks the server whether it knows.
func wantCancelled(ctx context.Context, t *testing.T, session *mcp.ClientSession) {
	t.Helper()
	for patience := 100 * time.Millisecond; ; patience *= 4 {
		brief, cancel := context.WithTimeout(ctx, patience)
		_, err := callSDK(brief, session, &mcp.CallToolParams{Name: "list_wait"})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the call that waits: %v", err)
		}
		got, err := callSDK(ctx, session, &mcp.CallToolParams{Name: "list_cancelled"})
		if got == "yes" {
			return
		}
		if patience > time.Second { // on a busy machine a call may be cancelled before it has left
			t.Fatalf("cancelled: %q, %v", got, err)
		}
	}
}

// wantParallel calls n times at once: each gets its own answer.
func wantParallel(ctx context.Context, t *testing.T, session *mcp.ClientSession, n int) {
	t.Helper()
	var calls sync.WaitGroup
	for i := range n {
		calls.Go(func() {
			want := fmt.Sprintf(`{"n":%d}`, i)
			if got, err := callSDK(ctx, session, &mcp.CallToolParams{Name: "echo", Arguments: map[string]int{"n": i}}); got != want {
				t.Errorf("call %d: %q, %v", i, got, err)
			}
		})
	}
	calls.Wait()
}
