// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: one MCP server as each kind of app, on each path to the cluster.

package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// kindsServer is the program that is the server of the stdio app.
const kindsServer = "tshmcp-kinds-server"

// The kinds of apps, and the paths to them.
const (
	kindHTTP, kindStdio, kindSSE                    = "http", "stdio", "sse"
	pathDirect, pathBalancer, pathConnect, pathLeaf = "direct", "load balancer", "CONNECT", "leaf"
)

// kindsApp is the server as an app of some kind. restart ends it, with all that is
// under way, and has another one in its place.
type kindsApp struct {
	testcluster.App
	restart func(*testcluster.Cluster)
}

// startKind starts the server as that kind of app.
func startKind(t *testing.T, kind string) kindsApp {
	t.Helper()
	if kind == kindStdio {
		return kindsApp{
			App:     testcluster.App{Name: "peer", URI: "mcp+stdio://peer", Command: []string{kindsServer}},
			restart: func(c *testcluster.Cluster) { c.Raw.KillServers("peer") },
		}
	}
	var current atomic.Pointer[http.Handler]
	s := newGoServer()
	renew := func() {
		server := func(*http.Request) *mcp.Server { return s.Server }
		var h http.Handler = mcp.NewStreamableHTTPHandler(server, nil)
		if kind == kindSSE {
			h = mcp.NewSSEHandler(server, nil)
		}
		current.Store(&h)
	}
	renew()
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*current.Load()).ServeHTTP(w, r) }))
	t.Cleanup(s.stop)
	uri := "mcp+" + s.http.URL + "/mcp"
	if kind == kindSSE {
		uri = "mcp+sse+" + s.http.URL + "/sse"
	}
	return kindsApp{
		App:     testcluster.App{Name: "peer", URI: uri},
		restart: func(*testcluster.Cluster) { renew(); s.http.CloseClientConnections() },
	}
}

// startPath puts the app behind a cluster that is reached by that path.
func startPath(t *testing.T, path string, app kindsApp) *chain {
	t.Helper()
	s := &chain{state: t.TempDir()}
	all := map[string][]string{"*": {"*"}}
	role := demo.Role([]string{"*"}, nil)
	cfg := testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(role), Apps: []testcluster.App{app.App}, WebNames: []string{"teleport.example.test"},
	}
	switch path {
	case pathBalancer:
		cfg.Balancer = testcluster.BalancerHTTP
	case pathLeaf:
		cfg.Apps = nil
		cfg.Leaves = []testcluster.Leaf{{
			Name: "east.test", Roles: []testcluster.Role{{Name: "guest", AllowAppLabels: all, AllowTools: []string{"*"}}},
			RoleMap: []testcluster.RoleMapping{{Remote: "*", Local: []string{"guest"}}}, Apps: []testcluster.App{app.App},
		}}
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	s.Cluster = cluster
	addr := cluster.Addr()
	if path == pathConnect {
		tunnel, err := httpproxy.Start(httpproxy.Config{Resolve: func(string) string { return cluster.Addr() }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { closeWell(t, tunnel) })
		_, port, _ := net.SplitHostPort(addr)
		addr = net.JoinHostPort("teleport.example.test", port)
		s.tunnel = tunnel
		s.env = []string{"HTTPS_PROXY=" + tunnel.URL()}
	}
	s.flags = []string{"--proxy=" + addr}
	if path == pathLeaf {
		s.flags = append(s.flags, "--cluster=east.test")
	}
	if err := storeLoginAt(t.Context(), cluster, addr, s.state, "alice", time.Hour); err != nil {
		t.Fatal(err)
	}
	return s
}
