// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a language model for MCP clients that need one.

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// startModel serves a language model by the protocol that most of them have. All
// that it ever says is which tools it has been told of.
func startModel(t *testing.T) (url string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			Stream bool
			Tools  []struct{ Function struct{ Name string } }
		}
		if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		var names []string
		for _, tool := range request.Tools {
			names = append(names, tool.Function.Name)
		}
		slices.Sort(names)
		says := map[string]any{"role": "assistant", "content": "My tools: " + strings.Join(names, " ")}
		answer := map[string]any{"id": "1", "object": "chat.completion", "model": "test", "choices": []any{
			map[string]any{"index": 0, "message": says, "delta": says, "finish_reason": "stop"},
		}}
		text, err := json.Marshal(answer)
		if err != nil {
			panic(err) // there is nothing in it that JSON cannot hold
		}
		if !request.Stream {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, "%s\n", text)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: %s\n\ndata: [DONE]\n\n", text)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/v1/"
}
