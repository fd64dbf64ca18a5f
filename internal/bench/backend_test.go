// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the MCP server that all are measured on.

//go:build bench

package bench

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

const sessionHeader = "Mcp-Session-Id"

// logLine is what results are made of: text that JSON has to escape, as the
// results of real tools are.
const logLine = `{"level":"info","msg":"request served","status":200,"path":"/api/v1/query"}` + "\n"

// startBackend serves MCP with as little as it takes: sessions, a listening
// stream, and one tool that returns the size of text that it is asked for, in an
// event stream, as servers of the SDKs do by default.
func startBackend() *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/mcp", serveMCP)
	return httptest.NewServer(mux)
}

type rpcRequest struct {
	ID     json.RawMessage
	Method string
	Params struct{ Arguments struct{ Size int } }
}

func serveMCP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && r.Header.Get(sessionHeader) == "":
		http.Error(w, "no session", http.StatusBadRequest)
		return
	case r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(http.StatusOK)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		return
	case r.Method == http.MethodDelete:
		w.WriteHeader(http.StatusOK)
		return
	}
	var m rpcRequest
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, &m)
}

func answer(w http.ResponseWriter, m *rpcRequest) {
	if m.ID == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	result := `{"tools":[{"name":"text","inputSchema":{"type":"object"}}]}`
	switch m.Method {
	case "initialize":
		w.Header().Set(sessionHeader, "bench")
		result = `{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"}}`
	case "tools/call":
		result = textResult(m.Params.Arguments.Size)
	case "ping":
		result = `{}`
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, `event: message`+"\n"+`data: {"jsonrpc":"2.0","id":`+string(m.ID)+`,"result":`+result+"}\n\n")
}

// textResult is the result of a tool with that many bytes of JSON, about.
func textResult(size int) string {
	line, _ := json.Marshal(logLine)
	inner := string(line[1 : len(line)-1])
	return `{"content":[{"type":"text","text":"` + strings.Repeat(inner, max(1, size/len(inner))) + `"}]}`
}
