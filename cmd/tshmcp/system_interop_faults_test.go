// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: client and server of several SDKs with a fault between them.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// pendingCall is a tool call under way.
type pendingCall struct {
	client *goClient
	done   chan struct{}
	answer string
	err    error
}

// begin calls a tool that reports progress, and returns when it has.
func (c *goClient) begin(t *testing.T, tool string, args map[string]any) *pendingCall {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	p := &pendingCall{client: c, done: make(chan struct{})}
	before := c.counted(onProgress)
	go func() {
		defer close(p.done)
		defer cancel()
		p.answer, p.err = c.call(ctx, tool, args)
	}()
	if err := c.await(ctx, map[string]int{onProgress: before + 1}); err != nil {
		t.Fatalf("%s does not begin: %v", tool, err)
	}
	return p
}

// mayHaveRun holds that the call was answered with an error of the bridge that
// says that the server may have done the work.
func (p *pendingCall) mayHaveRun(t *testing.T) {
	t.Helper()
	<-p.done
	var failed *jsonrpc.Error
	if !errors.As(p.err, &failed) {
		t.Fatalf("the call ends with %q, %v", p.answer, p.err)
	}
	var data struct {
		Source, Executed string
		Retryable        bool
	}
	if err := json.Unmarshal(failed.Data, &data); err != nil || data.Source != "tshmcp" || data.Executed != "unknown" || data.Retryable {
		t.Errorf("the call ends with %v, data %s", p.err, failed.Data)
	}
}

// hearsAgain holds that the client is told again when the server changes its
// tools, once the bridge has opened so many streams to listen or to resume.
func (s *chain) hearsAgain(t *testing.T, client *goClient, streams int) {
	t.Helper()
	s.awaitListening(t, streams)
	before := client.counted(onTools)
	client.run(t, []step{
		{Call: "change", Await: map[string]int{onTools: before + 1}},
		{Call: "extra", Want: "extra"},
	})
}

// awaitListening waits until the bridge has opened so many streams.
func (s *chain) awaitListening(t *testing.T, times int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stepTime)
	defer cancel()
	if _, err := s.AwaitRequest(ctx, func(testcluster.RequestRecord) bool { return s.listening() >= times }); err != nil {
		t.Fatalf("the bridge has opened %d streams, want %d: %v", s.listening(), times, err)
	}
}

// awaitAsked waits until the bridge has asked for so many streams. A server may
// let it wait for the headers.
func (s *chain) awaitAsked(t *testing.T, times int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stepTime)
	defer cancel()
	_, err := s.AwaitRequest(ctx, func(testcluster.RequestRecord) bool {
		asked := 0
		for _, r := range s.Requests() {
			if r.Method == http.MethodGet {
				asked++
			}
		}
		return asked >= times
	})
	if err != nil {
		t.Fatalf("the bridge has not asked for %d streams: %v", times, err)
	}
}

// listening is how often the server has let the bridge listen or resume.
func (s *chain) listening() (n int) {
	for _, r := range s.Requests() {
		if (r.Method == http.MethodGet || r.MCPMethod == "subscriptions/listen") && r.Status == http.StatusOK {
			n++
		}
	}
	return n
}

// TestInteropRestart kills the server in the middle of a call and starts it
// again. The call is answered, and the client does not notice that it has a
// new session, but for being told that the lists may have changed. It reads
// first: a tool call would not be sent to a session that may have lost the
// state of the one before (transport.md 3.3).
func TestInteropRestart(t *testing.T) {
	t.Parallel()
	parts := needNPM(t)
	server := startEverything(t, parts, "")
	client := startChain(t, mcpApp, server.uri()).connectGo(t, v2511)
	client.loud = true
	call := client.begin(t, "trigger-long-running-operation", map[string]any{"duration": 60, "steps": 600})
	server.stop()
	startEverything(t, parts, server.addr)
	call.mayHaveRun(t)
	client.run(t, []step{
		{Read: "demo://resource/dynamic/text/1", Want: "Resource 1", Await: map[string]int{onTools: 1}},
		{Call: "echo", Args: map[string]any{"message": "again"}, Want: "again"},
	})
}

// cuts are the ways in which a proxy ends a stream: as if the server had, and
// without a word.
var cuts = map[string]func(*chain){
	"ended":   func(s *chain) { s.EndStreams() },
	"dropped": func(s *chain) { s.DropConnections() },
}

// TestInteropCutStreams has the proxy cut the streams in the middle of a call.
// With an event store the answer still comes; a modern server has no such
// thing, and the client gets to know that the call may have run. In both the
// bridge listens again.
func TestInteropCutStreams(t *testing.T) {
	t.Parallel()
	for name, cut := range cuts {
		t.Run("with an event store, "+name, func(t *testing.T) {
			t.Parallel()
			server := startGoServer(t, goServers["with an event store"].opts())
			s := startChain(t, plainApp, server.uri()) // an MCP app drops the event ids
			client := s.connectGo(t, v2511)
			s.awaitListening(t, 1)
			call := client.begin(t, "wait", nil)
			cut(s)
			s.awaitAsked(t, 3) // to listen again, and for the answer
			server.release()
			if <-call.done; call.err != nil || call.answer != "released" {
				t.Errorf("the call ends with %q, %v", call.answer, call.err)
			}
			s.hearsAgain(t, client, 3)
		})
		t.Run("2026-07-28, "+name, func(t *testing.T) {
			t.Parallel()
			s := startChain(t, mcpApp, startGoServer(t, goServers["stateless"].opts()).uri())
			client := s.connectGo(t, v2607)
			client.loud = true
			s.awaitListening(t, 1)
			call := client.begin(t, "wait", nil)
			cut(s)
			call.mayHaveRun(t)
			s.hearsAgain(t, client, 2)
		})
	}
}
