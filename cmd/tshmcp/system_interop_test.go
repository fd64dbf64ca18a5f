// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: clients and servers of several SDKs, through connect.

package main

import (
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// The tests of this file put the whole chain, tshmcp connect as a process and
// the proxy, between clients and servers that others have written.

const (
	v2511 = "2025-11-25"
	v2607 = "2026-07-28"
)

// onceSteps are what any server of ours answers, also without a session.
var onceSteps = []step{
	{Call: "echo", Args: map[string]any{"n": 7}, Want: "7"},
	{Call: "progress", Args: map[string]any{"n": 4}, Await: map[string]int{onProgress: 4}, Want: "done"},
	{Read: "test://r", Want: "content"},
}

// These two are heavy, and made with one client in each era.
var (
	bigStep  = step{Call: "big", Args: map[string]any{"n": 9 << 20}, Want: "9437184 characters"}
	manyStep = step{Call: "echo", Times: 200, Want: "200 answers"}
)

// askSteps need a client that is asked back.
var askSteps = []step{{Call: "ask", Want: "accept Ada, my-model, 2 roots"}}

// changeSteps need a client that is told what changes.
var changeSteps = []step{
	{Subscribe: "test://r"},
	{Call: "touch", Await: map[string]int{onUpdated: 1}},
	{Call: "change", Await: map[string]int{onTools: 1}},
	{Call: "extra", Want: "extra"},
	{Call: "wait", Times: 5, Cancel: 2, Want: "5 waited, 1 was cancelled"},
}

// logSteps is what 2026-07-28 has in another form.
var logSteps = []step{
	{Level: "debug"},
	{Call: "log", Await: map[string]int{onLog: 1}, Want: "logged"},
}

func join(parts ...[]step) (all []step) {
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

// goServers are the ways in which a server of the Go SDK can be run. An MCP app
// lets no server ask a client of the session era back.
var goServers = map[string]struct {
	opts    func() *mcp.StreamableHTTPOptions
	version string            // the newest that it speaks
	steps   map[string][]step // by the kind of app
}{
	"stateful": {
		opts:    func() *mcp.StreamableHTTPOptions { return nil },
		version: v2511, steps: sessionSteps,
	},
	"with an event store": {
		opts: func() *mcp.StreamableHTTPOptions {
			return &mcp.StreamableHTTPOptions{EventStore: mcp.NewMemoryEventStore(nil)}
		},
		version: v2511, steps: sessionSteps,
	},
	"stateless": {
		opts: func() *mcp.StreamableHTTPOptions {
			return &mcp.StreamableHTTPOptions{Stateless: true, PropagateRequestCancellation: true}
		},
		version: v2607, steps: map[string][]step{
			plainApp: join(onceSteps, askSteps, changeSteps),
			mcpApp:   join(onceSteps, askSteps, changeSteps),
		},
	},
}

var sessionSteps = map[string][]step{
	plainApp: join(onceSteps, askSteps, changeSteps, logSteps),
	mcpApp:   join(onceSteps, changeSteps, logSteps),
}

// appKinds are both kinds of apps that a server is put behind.
var appKinds = []string{plainApp, mcpApp}

func TestInteropGo(t *testing.T) {
	t.Parallel()
	for name, server := range goServers {
		for _, kind := range appKinds {
			t.Run(name+", "+kind, func(t *testing.T) {
				s := startChain(t, kind, startGoServer(t, server.opts()).uri())
				client := s.connectGo(t, server.version)
				checkVersion(t, client, server.version)
				client.run(t, server.steps[kind])
				switch name {
				case "stateful":
					client.run(t, []step{bigStep})
				case "stateless":
					client.run(t, []step{manyStep})
				}
			})
		}
	}
	t.Run("stateless, legacy", func(t *testing.T) {
		s := startChain(t, mcpApp, startGoServer(t, goServers["stateless"].opts()).uri())
		client := s.connectGo(t, v2511)
		checkVersion(t, client, v2511)
		client.run(t, onceSteps)
	})
	t.Run("a modern client falls back", func(t *testing.T) {
		s := startChain(t, mcpApp, startGoServer(t, nil).uri())
		client := s.connectGo(t, v2607)
		checkVersion(t, client, v2511)
		client.run(t, onceSteps[:1])
	})
}

func checkVersion(t *testing.T, client *goClient, want string) {
	t.Helper()
	if got := client.InitializeResult().ProtocolVersion; got != want {
		t.Errorf("client and server speak %s, want %s", got, want)
	}
}

func TestInteropTypeScript(t *testing.T) {
	t.Parallel()
	parts := needNPM(t)
	for _, run := range []struct {
		server, mode, version string
		more                  []step
	}{
		{"stateful", "legacy", v2511, []step{manyStep}},
		{"with an event store", "auto", v2511, nil},
		{"stateless", "auto", v2607, []step{bigStep}},
		{"stateless", v2607, v2607, nil},
	} {
		for _, kind := range appKinds {
			t.Run(run.server+" "+run.mode+", "+kind, func(t *testing.T) {
				t.Parallel()
				server := goServers[run.server]
				s := startChain(t, kind, startGoServer(t, server.opts()).uri())
				s.runTypeScript(t, parts, run.mode, run.version, join(server.steps[kind], run.more))
			})
		}
	}
}

// everythingAsks are what the reference server of npm asks back, and
// everythingSteps what else it does.
var everythingAsks = []step{
	{Call: "trigger-sampling-request", Args: map[string]any{"prompt": "hi"}, Want: "my-model"},
	{Call: "trigger-elicitation-request", Want: "Name: Ada"},
	{Call: "get-roots-list", Want: "file:///b"},
}

var everythingSteps = []step{
	{Call: "echo", Args: map[string]any{"message": "hello"}, Want: "hello"},
	{Call: "get-sum", Args: map[string]any{"a": 2, "b": 40}, Want: "42"},
	{Call: "trigger-long-running-operation", Args: map[string]any{"duration": 0.2, "steps": 4}, Await: map[string]int{onProgress: 4}, Want: "completed"},
	{Level: "debug"},
	{Subscribe: "demo://resource/dynamic/text/1", Await: map[string]int{onLog: 1}},
	{Call: "toggle-subscriber-updates", Await: map[string]int{onUpdated: 1}},
	{Read: "demo://resource/dynamic/text/1", Want: "Resource 1"},
	{Call: "gzip-file-as-resource", Args: map[string]any{"name": "a.txt.gz", "data": "data:text/plain,hello", "outputType": "resourceLink"}, Await: map[string]int{onResources: 1}},
}

func TestInteropServerEverything(t *testing.T) {
	t.Parallel()
	parts := needNPM(t)
	server := startEverything(t, parts, "")
	for kind, steps := range map[string][]step{plainApp: join(everythingAsks, everythingSteps), mcpApp: everythingSteps} {
		t.Run("go, "+kind, func(t *testing.T) {
			client := startChain(t, kind, server.uri()).connectGo(t, v2511)
			checkVersion(t, client, v2511)
			client.run(t, steps)
		})
		for _, mode := range []string{"legacy", "auto"} {
			t.Run("typescript "+mode+", "+kind, func(t *testing.T) {
				startChain(t, kind, server.uri()).runTypeScript(t, parts, mode, v2511, steps)
			})
		}
	}
}

// goConformanceSteps are for the conformance server of the Go SDK.
var goConformanceSteps = []step{
	{Call: "test_simple_text", Want: "simple text"},
	{Call: "test_tool_with_progress", Await: map[string]int{onProgress: 3}},
	{Call: "test_trigger_tool_change", Await: map[string]int{onTools: 1}},
	{Read: "test://static-text", Want: "static text resource"},
}

// goConformanceInput is asked back in a result in 2026-07-28, and by requests
// before.
var goConformanceInput = []step{{Call: "test_input_required_result_multiple_inputs", Want: "Hello Ada — 2 root(s) visible"}}

// goConformanceSession needs a session. The resource changes by itself, every
// three seconds.
var goConformanceSession = []step{
	{Subscribe: "test://watched-resource"},
	{Level: "debug"},
	{Call: "test_tool_with_logging", Await: map[string]int{onLog: 3}},
	{Await: map[string]int{onUpdated: 1}},
}

var goConformanceAsks = []step{
	{Call: "test_sampling", Args: map[string]any{"prompt": "hi"}, Want: "Hello"},
	{Call: "test_elicitation", Args: map[string]any{"message": "who?"}, Want: "accept"},
}

func TestInteropConformanceServer(t *testing.T) {
	t.Parallel()
	exe := buildEverythingServer(t)
	for _, run := range []struct {
		args    string
		version string
		kind    string
		steps   []step
	}{
		{"-stateless=false", v2511, plainApp, join(goConformanceSteps, goConformanceInput, goConformanceSession, goConformanceAsks)},
		{"-stateless=false", v2511, mcpApp, join(goConformanceSteps, goConformanceSession)},
		{"-stateless=true", v2607, plainApp, join(goConformanceSteps, goConformanceInput)},
		{"-stateless=true", v2607, mcpApp, join(goConformanceSteps, goConformanceInput)},
	} {
		t.Run(run.args+", "+run.kind, func(t *testing.T) {
			t.Parallel()
			server := startEverythingServer(t, exe, run.args)
			t.Run("go", func(t *testing.T) {
				client := startChain(t, run.kind, server.uri()).connectGo(t, run.version)
				checkVersion(t, client, run.version)
				client.run(t, run.steps)
			})
			t.Run("typescript", func(t *testing.T) {
				startChain(t, run.kind, server.uri()).runTypeScript(t, needNPM(t), "auto", run.version, run.steps)
			})
		})
	}
}
