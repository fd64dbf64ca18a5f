// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the real mcp-grafana behind a cluster.

package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/grafanatest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// grafanaStage is everything behind the proxy.
type grafanaStage struct {
	grafana *grafanatest.Grafana
	cluster *testcluster.Cluster
	ca      string   // file
	tools   []string // all that the server has, sorted
}

func startGrafanaStage(t *testing.T) *grafanaStage {
	t.Helper()
	program := buildGrafanaMCP(t)
	grafana, err := grafanatest.Start(grafanatest.Config{
		Issuer: "demo-cluster",
		Dashboards: []grafanatest.Dashboard{
			{UID: "health", Title: "Service Health"},
			{UID: "costs", Title: "Service Costs", Role: grafanatest.Editor},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, grafana) })
	server := startGrafanaMCP(t, program, grafana.URL())
	cluster, err := testcluster.Start(grafanaCluster(server.URL()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	grafana.Trust(cluster.URL()+"/.well-known/jwks.json", rootPool(cluster.WebCA()))
	ca := filepath.Join(t.TempDir(), "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	return &grafanaStage{grafana, cluster, ca, toolsWithoutTeleport(t, server)}
}

func closeWell(t *testing.T, c interface{ Close() error }) {
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// toolsWithoutTeleport asks the server itself.
func toolsWithoutTeleport(t *testing.T, server *grafanatest.MCP) []string {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.StreamableClientTransport{
		Endpoint:   server.URL(),
		HTTPClient: &http.Client{Transport: transport},
		MaxRetries: -1,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	return toolNames(t, session)
}

func toolNames(t *testing.T, session *mcp.ClientSession) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	var names []string
	for tool, err := range session.Tools(ctx, nil) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	return names
}

// grafanaCluster registers the MCP server as the scenario says. Whoever has the
// role editor is one in Grafana too, and may update dashboards.
func grafanaCluster(endpoint string) testcluster.Config {
	labels := map[string][]string{"service": {"grafana"}}
	return testcluster.Config{
		Name: "demo-cluster",
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"grafana-reader"}},
			{Name: "bob", Roles: []string{"grafana-reader", "editor"}},
			{Name: "carol", Roles: []string{"access"}},
			{Name: "dave", Roles: []string{"grafana-user"}},
		},
		Roles: []testcluster.Role{
			{Name: "grafana-reader", AllowAppLabels: labels, AllowTools: []string{readTools}},
			{Name: "editor", AllowAppLabels: labels, AllowTools: []string{"^update_dashboard$"}},
			{Name: "grafana-user", AllowAppLabels: labels, AllowTools: []string{"^.*$"}},
			{Name: "access", AllowAppLabels: map[string][]string{"env": {"prod"}}, AllowTools: []string{"*"}},
		},
		Apps: []testcluster.App{{
			Name:    grafanaApp,
			URI:     "mcp+" + endpoint,
			Labels:  map[string]string{"env": "dev", "service": "grafana"},
			Rewrite: []testcluster.Header{{Name: "X-Grafana-API-Key", Value: "{{internal.jwt}}"}},
		}},
	}
}

// buildGrafanaMCP builds the pinned server, or skips where its modules cannot be
// had. The first time it takes minutes; what the test's deadline cuts off is
// kept in Go's build cache.
func buildGrafanaMCP(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("building the Grafana MCP server takes minutes the first time")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	deadline := time.Now().Add(15 * time.Minute)
	if d, ok := t.Deadline(); ok {
		deadline = d.Add(-scriptTime)
	}
	ctx, cancel := context.WithDeadline(t.Context(), deadline)
	defer cancel()
	module := filepath.Join("..", "..", "testdata", "mcp-grafana")
	program, err := grafanatest.Build(ctx, module, filepath.Join(cache, "tshmcp-test"))
	if errors.Is(err, grafanatest.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func startGrafanaMCP(t *testing.T, program, grafanaURL string) *grafanatest.MCP {
	t.Helper()
	log := logFile(t)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("mcp-grafana said\n%s", said(log))
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	server, err := grafanatest.StartMCP(ctx, grafanatest.MCPConfig{Program: program, GrafanaURL: grafanaURL, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, server) })
	return server
}

// logFile is the stderr of a process: a file can be read while it is written.
func logFile(t *testing.T) *os.File {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	return log
}

func said(log *os.File) string {
	text, err := os.ReadFile(log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text)
}
