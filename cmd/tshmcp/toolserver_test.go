// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: an MCP server of the SDK with a tool for each thing that call has to do.

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rogpeppe/go-internal/testscript"
)

// toolServer is the program that is the server of a stdio app.
const toolServer = "tshmcp-tool-server"

// runToolServer is the process. It ends its tools before it ends because of a signal.
func runToolServer() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return newToolServer().Run(ctx, &mcp.StdioTransport{})
}

// startToolServer serves the same over HTTP: with sessions at /mcp, without, as the
// newest protocol has it, at /new. It returns its host:port.
func startToolServer() (*httptest.Server, string) {
	s := newToolServer()
	serve := func(*http.Request) *mcp.Server { return s }
	mux := http.NewServeMux()
	mux.Handle("/mcp", mcp.NewStreamableHTTPHandler(serve, nil))
	mux.Handle("/new", mcp.NewStreamableHTTPHandler(serve, &mcp.StreamableHTTPOptions{Stateless: true}))
	web := httptest.NewServer(mux)
	return web, web.Listener.Addr().String()
}

const typedSchema = `{"type":"object","required":["text"],"$defs":{"Mode":{"enum":["fast","slow"]}},"properties":{
	"text":{"type":"string","description":"any text"},"count":{"type":"integer","default":10},"ratio":{"type":"number"},
	"on":{"anyOf":[{"type":"boolean"},{"type":"null"}]},"tags":{"type":"array","items":{"type":"string"}},
	"ids":{"type":"array","items":{"type":"integer"}},"mode":{"$ref":"#/$defs/Mode"},"nested":{"type":"object"},"free":{}}}`

const png = "\x89PNG\r\n\x1a\n not really"

func newToolServer() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "tools", Version: "1"}, nil)
	add := func(name, schema string, handle func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error)) {
		s.AddTool(&mcp.Tool{Name: name, Description: "Does " + name, InputSchema: json.RawMessage(schema)}, handle)
	}
	says := func(texts ...string) *mcp.CallToolResult {
		r := &mcp.CallToolResult{}
		for _, text := range texts {
			r.Content = append(r.Content, &mcp.TextContent{Text: text})
		}
		return r
	}
	add("typed", typedSchema, func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return says(string(r.Params.Arguments)), nil
	})
	add("terrors", `{"type":"object"}`, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return says("a\x1b]0;title\x07b\x1b[2J\nsecond\u202e", "third\n"), nil
	})
	add("fails", `{"type":"object"}`, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		r := says("no such\nnote")
		r.IsError = true
		return r, nil
	})
	add("picture", `{"type":"object"}`, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		r := says("a picture")
		r.Content = append(r.Content, &mcp.ImageContent{MIMEType: "image/png", Data: []byte(png)},
			&mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "file:///../../etc/evil.sh", MIMEType: "../../x", Blob: []byte("evil")}},
			&mcp.EmbeddedResource{Resource: &mcp.ResourceContents{URI: "file:///a.txt", MIMEType: "text/plain", Text: "embedded text"}},
			&mcp.ResourceLink{URI: "https://example.com/more", Name: "more"})
		return r, nil
	})
	add("structured", `{"type":"object"}`, func(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{StructuredContent: map[string]any{"answer": 42}}, nil
	})
	add("progress", `{"type":"object"}`, toolProgress)
	add("wait", `{"type":"object","properties":{"dir":{"type":"string"}}}`, toolWait)
	add("ask", `{"type":"object"}`, toolAsk)
	add("page", `{"type":"object"}`, toolPage())
	s.AddResource(&mcp.Resource{URI: "notes://wiki", Name: "wiki", Description: "The wiki\x1b[2J", MIMEType: "text/plain"}, toolRead)
	s.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: "notes://{name}", Name: "any"}, toolRead)
	s.AddPrompt(&mcp.Prompt{Name: "review", Description: "Reviews something", Arguments: []*mcp.PromptArgument{{Name: "what", Required: true}, {Name: "how"}}}, toolPrompt)
	return s
}

// toolProgress tells how far it is.
func toolProgress(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	token := r.Params.GetProgressToken()
	for i := range 3 {
		p := &mcp.ProgressNotificationParams{ProgressToken: token, Progress: float64(i + 1), Total: 3, Message: "step\x1b[2J"}
		if err := r.Session.NotifyProgress(ctx, p); err != nil {
			return nil, err
		}
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: fmt.Sprintf("token %v", token)}}}, nil
}

// toolRead is a resource: its URI, or bytes.
func toolRead(_ context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	content := &mcp.ResourceContents{URI: r.Params.URI, MIMEType: "text/plain", Text: "this is " + r.Params.URI}
	if r.Params.URI == "notes://picture" {
		content = &mcp.ResourceContents{URI: r.Params.URI, MIMEType: "image/png", Blob: []byte(png)}
	}
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{content}}, nil
}

// toolPrompt is a prompt of two messages.
func toolPrompt(_ context.Context, r *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
	return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{
		{Role: "user", Content: &mcp.TextContent{Text: "Review " + r.Params.Arguments["what"]}},
		{Role: "assistant", Content: &mcp.TextContent{Text: "How: " + r.Params.Arguments["how"]}},
	}}, nil
}

// toolWait waits until it is cancelled, and says in files that it has begun and ended.
func toolWait(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	var in struct{ Dir string }
	if err := json.Unmarshal(r.Params.Arguments, &in); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(in.Dir, "started"), nil, 0o600); err != nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
	case <-time.After(scriptTime):
		return nil, fmt.Errorf("nobody has cancelled this")
	}
	return nil, os.WriteFile(filepath.Join(in.Dir, "cancelled"), nil, 0o600)
}

// toolAsk wants to know something, and says what it was told.
func toolAsk(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	answer, ok := r.Params.InputResponses["who"].(*mcp.ElicitResult)
	if !ok {
		return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"who": &mcp.ElicitParams{
			Mode: "form", Message: "Who are\x1b[2J you?",
			RequestedSchema: json.RawMessage(`{"type":"object","required":["name"],"properties":{
				"size":{"type":"string","oneOf":[{"const":"s","title":"Small"},{"const":"l","title":"Large"}],"default":"s"},
				"name":{"type":"string","title":"Full name","description":"your name","minLength":2},
				"age":{"type":"integer","minimum":0,"maximum":150}}}`),
		}}}, nil
	}
	text, err := json.Marshal(answer.Content)
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: answer.Action + " " + string(text)}}}, err
}

// toolPage wants a page opened, by the error of the session era, and then by a result.
func toolPage() mcp.ToolHandler {
	var refused atomic.Bool
	return func(_ context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		ask := &mcp.ElicitParams{Mode: "url", Message: "Pay first", URL: "https://pay.example.com/1?a=b", ElicitationID: "1"}
		if !refused.Swap(true) {
			return nil, mcp.URLElicitationRequiredError([]*mcp.ElicitParams{ask})
		}
		answer, ok := r.Params.InputResponses["page"].(*mcp.ElicitResult)
		if !ok {
			return &mcp.CallToolResult{InputRequests: mcp.InputRequestMap{"page": ask}}, nil
		}
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: answer.Action}}}, nil
	}
}

// cmdAwait waits until a file is there: "await FILE".
func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: await FILE")
	}
	for end := time.Now().Add(scriptTime); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("%s is not there", args[0])
		}
	}
}
