// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the real mcp-grafana, which takes users by the JWT of Teleport.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/grafanatest"
	"github.com/tshmcp/tshmcp/internal/inventory"
)

const (
	grafanaApp = "grafana-mcp"
	readTools  = `^(get|query|list|search|find)_.*$`
	// rbacText is what Teleport says of a tool that no role allows
	// (protocol.md 8.3).
	rbacText = "RBAC is enforced by your Teleport roles"
)

// noRaceSleep spares a second per process: under the race detector, a process
// waits at its end for reports of others of its threads.
const noRaceSleep = "GORACE=atexit_sleep_ms=0"

// grafanaPerson is what the roles of a user come to.
type grafanaPerson struct {
	tools      []string // patterns allowed by Teleport
	role       string   // in Grafana
	dashboards []string // visible in Grafana
	update     string   // what becomes of update_dashboard
}

var grafanaPeople = map[string]grafanaPerson{
	"alice": {[]string{readTools}, grafanatest.Viewer, []string{"Service Health"}, "refused by Teleport"},
	"bob":   {[]string{readTools, "^update_dashboard$"}, grafanatest.Editor, []string{"Service Health", "Service Costs"}, "saved"},
	"dave":  {[]string{"^.*$"}, grafanatest.Viewer, []string{"Service Health"}, "refused by Grafana"},
}

// TestGrafanaScenario is what the program is for: the real Grafana MCP server
// behind the cluster, and Grafana, which trusts the cluster's tokens. People
// log in, set up their MCP client, and their tools and their data are those
// that their roles allow.
func TestGrafanaScenario(t *testing.T) {
	t.Parallel()
	stage := startGrafanaStage(t)
	for user, person := range grafanaPeople {
		entry := stage.setUp(t, user, person.tools)
		for _, version := range []string{"2025-11-25", "2026-07-28"} {
			t.Run(user+" "+version, func(t *testing.T) {
				session := startEntry(t, entry, version)
				stage.checkTools(t, session, person.tools)
				stage.checkSearch(t, session, user, person)
				stage.checkUpdate(t, session, user, person)
			})
		}
	}
	t.Run("carol may nothing", stage.checkOutsider)
}

// shell is a user's environment, with a home and a state of its own.
func (s *grafanaStage) shell(t *testing.T) []string {
	home := t.TempDir()
	var environ []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "TSHMCP_") {
			environ = append(environ, v)
		}
	}
	return append(environ, "HOME="+home, "USERPROFILE="+home, "TSHMCP_HOME="+filepath.Join(home, "state"), noRaceSleep)
}

func (s *grafanaStage) login(t *testing.T, shell []string, user string) {
	t.Helper()
	var out bytes.Buffer
	cmd := tshmcp(t, shell, "login", "--proxy="+s.cluster.Addr(), "--ca-file="+s.ca, "--store=file", "--browser=none", "--force")
	if err := runLogin(cmd, &out, user, rootPool(s.cluster.WebCA())); err != nil {
		t.Fatalf("login: %v\n%s", err, out.String())
	}
}

// setUp logs a user in, finds the server in the list and writes it into the
// file of an MCP client, whose entry it returns.
func (s *grafanaStage) setUp(t *testing.T, user string, tools []string) *demo.Entry {
	t.Helper()
	shell := s.shell(t)
	s.login(t, shell, user)
	proxy := "--proxy=" + s.cluster.Addr()
	var list []inventory.Server
	if err := json.Unmarshal([]byte(output(t, tshmcp(t, shell, "ls", proxy, "--format=json"))), &list); err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Name != grafanaApp || !slices.Equal(list[0].AllowedTools, tools) {
		t.Errorf("ls shows %s %+v", user, list)
	}
	file := filepath.Join(t.TempDir(), "claude_desktop_config.json")
	output(t, tshmcp(t, shell, "config", grafanaApp, proxy, "--client-config="+file))
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var claude struct {
		Servers map[string]*demo.Entry `json:"mcpServers"`
	}
	if err := json.Unmarshal(data, &claude); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	entry := claude.Servers["teleport-mcp-grafana-mcp"]
	if entry == nil {
		t.Fatalf("no entry in\n%s", data)
	}
	if want := []string{"connect", grafanaApp, proxy}; !slices.Equal(entry.Args, want) {
		t.Errorf("the client will run tshmcp %q, want %q", entry.Args, want)
	}
	return entry
}

// startEntry does what an MCP client does at its start: it runs the entry's
// command and offers a protocol version.
func startEntry(t *testing.T, entry *demo.Entry, version string) *mcp.ClientSession {
	t.Helper()
	cmd := exec.Command(entry.Command, entry.Args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"), noRaceSleep}
	for k, v := range entry.Env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	log := logFile(t)
	cmd.Stderr = log
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: cmd}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatalf("%v\n%s", err, said(log))
	}
	t.Cleanup(func() {
		closeWell(t, session) // waits for the process
		if text := said(log); text != "" {
			t.Errorf("the bridge said\n%s", text)
		}
	})
	if got := session.InitializeResult(); got.ProtocolVersion != version || got.ServerInfo.Name != "mcp-grafana" {
		t.Errorf("%s speaks %s, want mcp-grafana and %s", got.ServerInfo.Name, got.ProtocolVersion, version)
	}
	return session
}

// checkTools holds that the list has exactly those of the server's tools that
// match a pattern.
func (s *grafanaStage) checkTools(t *testing.T, session *mcp.ClientSession, patterns []string) {
	t.Helper()
	allowed := regexp.MustCompile(strings.Join(patterns, "|"))
	want := slices.DeleteFunc(slices.Clone(s.tools), func(name string) bool { return !allowed.MatchString(name) })
	if len(want) < 10 {
		t.Fatalf("the server has %d tools that match %s, want at least 10", len(want), allowed)
	}
	if got := toolNames(t, session); !slices.Equal(got, want) {
		t.Errorf("the list has\n%v\nwant\n%v", got, want)
	}
}

// call calls a tool and returns its result and what Grafana saw of it.
func (s *grafanaStage) call(t *testing.T, session *mcp.ClientSession, tool string, arguments map[string]any) (*mcp.CallToolResult, []grafanatest.Request, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	before := len(s.grafana.Requests())
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: arguments})
	return result, s.grafana.Requests()[before:], err
}

// checkSearch holds that a search reaches Grafana as the user, and brings what
// that user may see.
func (s *grafanaStage) checkSearch(t *testing.T, session *mcp.ClientSession, user string, person grafanaPerson) {
	t.Helper()
	result, seen, err := s.call(t, session, "search_dashboards", map[string]any{"query": "service"})
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Dashboards []struct{ Title string }
	}
	text := resultText(t, result)
	if err := json.Unmarshal([]byte(text), &found); err != nil || result.IsError {
		t.Fatalf("the search answers %q", text)
	}
	var titles []string
	for _, d := range found.Dashboards {
		titles = append(titles, d.Title)
	}
	if !slices.Equal(titles, person.dashboards) {
		t.Errorf("the search finds %q, want %q", titles, person.dashboards)
	}
	checkSeen(t, seen, grafanatest.Request{Method: "GET", Path: "/api/search", User: user, Role: person.role, Status: 200})
}

// checkSeen holds that a request is among those that Grafana saw, and that all
// of them are the same user's.
func checkSeen(t *testing.T, seen []grafanatest.Request, want grafanatest.Request) {
	t.Helper()
	if !slices.Contains(seen, want) {
		t.Errorf("Grafana saw %v, want %v among them", seen, want)
	}
	for _, r := range seen {
		if r.User != want.User || r.Role != want.Role {
			t.Errorf("Grafana saw %v, want %s only", r, want.User)
		}
	}
}

func resultText(t *testing.T, result *mcp.CallToolResult) string {
	t.Helper()
	if len(result.Content) != 1 {
		t.Fatalf("the result has %d parts, want one", len(result.Content))
	}
	text, ok := result.Content[0].(*mcp.TextContent)
	if !ok {
		t.Fatalf("the result is a %T, want text", result.Content[0])
	}
	return text.Text
}

// checkUpdate calls a tool that writes: Teleport refuses it by the tool's name,
// or Grafana by the user's role there, or it is done.
func (s *grafanaStage) checkUpdate(t *testing.T, session *mcp.ClientSession, user string, person grafanaPerson) {
	t.Helper()
	result, seen, err := s.call(t, session, "update_dashboard", map[string]any{
		"dashboard": map[string]any{"uid": "by-" + user, "title": "Notes of " + user},
		"overwrite": true,
	})
	if person.update == "refused by Teleport" {
		checkRefused(t, err)
		if len(seen) > 0 {
			t.Errorf("Grafana saw %v of a call that Teleport refused", seen)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	request := grafanatest.Request{Method: "POST", Path: "/api/dashboards/db", User: user, Role: person.role, Status: 200}
	text := "success"
	if person.update == "refused by Grafana" {
		request.Status, text = 403, "additional permissions"
	}
	checkSeen(t, seen, request)
	if got := resultText(t, result); !strings.Contains(got, text) || result.IsError != (request.Status != 200) {
		t.Errorf("the update answers %q, want %q", got, text)
	}
}

func checkRefused(t *testing.T, err error) {
	t.Helper()
	var refused *jsonrpc.Error
	if !errors.As(err, &refused) || refused.Code != jsonrpc.CodeInvalidParams || !strings.Contains(refused.Message, rbacText) {
		t.Errorf("the answer is %v, want code %d and %q", err, jsonrpc.CodeInvalidParams, rbacText)
	}
}

// checkOutsider holds that a user without the role is told why, in place of an
// empty list or a bridge that says nothing.
func (s *grafanaStage) checkOutsider(t *testing.T) {
	shell := s.shell(t)
	s.login(t, shell, "carol")
	var stderr bytes.Buffer
	cmd := tshmcp(t, shell, "ls")
	cmd.Stderr = &stderr
	if list, err := cmd.Output(); err != nil || strings.Contains(string(list), grafanaApp) {
		t.Errorf("ls: %v\n%s", err, list)
	}
	if !strings.Contains(stderr.String(), "a role must allow the app by its labels") {
		t.Errorf("ls does not say what is missing:\n%s", stderr.String())
	}
	_, err := callOnce(tshmcp(t, shell, "connect", grafanaApp, "--proxy="+s.cluster.Addr()), "search_dashboards", "{}")
	if err == nil || !strings.Contains(err.Error(), grafanaApp) {
		t.Errorf("connect: %v, want an error that names the server", err)
	}
}
