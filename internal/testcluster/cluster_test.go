// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// The zero Config is a cluster.
func TestDefaults(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	host, _, err := net.SplitHostPort(cluster.Addr())
	if err != nil || host != "127.0.0.1" || cluster.URL() != "https://"+cluster.Addr() || cluster.Name() != "demo-cluster" {
		t.Errorf("name %q, address %q, URL %q", cluster.Name(), cluster.Addr(), cluster.URL())
	}
	ping := decode(t, do(t, webClient(t, webConfig(t, cluster)), "GET", cluster.URL()+"/webapi/ping", nil).body)
	if ping["cluster_name"] != "demo-cluster" || ping["server_version"] != testcluster.NewestVersion || ping["min_client_version"] != "17.0.0-aa" {
		t.Errorf("ping %v", ping)
	}
	if github := ping["auth"].(object)["github"].(object); github["name"] != "demo-idp" {
		t.Errorf("connector %v", github)
	}
}

func TestStartRefuses(t *testing.T) {
	for want, cfg := range map[string]testcluster.Config{
		"only loopback":    {Listen: "0.0.0.0:0"},
		"only loopback ":   {Listen: ":0"},
		"only loopback  ":  {Listen: "example.com:0"},
		"only loopback   ": {Listen: "192.0.2.1:0"},
		"listen address":   {Listen: "127.0.0.1"},
		"semantic version": {Version: "18"},
		"negative":         {SessionTTL: -1},
		"negative ":        {AppServers: -1},
		"connector type":   {Connector: testcluster.Connector{Type: "ldap"}},
		"post forms":       {Connector: testcluster.Connector{PostForm: true}},
		`no role "x"`:      {Users: []testcluster.User{{Name: "alice", Roles: []string{"x"}}}},
		`user "alice"`:     {Users: []testcluster.User{{Name: "alice"}, {Name: "alice"}}},
		`user ""`:          {Users: []testcluster.User{{}}},
		`role "x"`:         {Roles: []testcluster.Role{{Name: "x"}, {Name: "x"}}},
		`app "x": names`:   {Apps: []testcluster.App{{Name: "x", URI: "http://x"}, {Name: "x", URI: "http://x"}}},
		"public addresses": {Apps: []testcluster.App{{Name: "x", URI: "http://x", PublicAddr: "a"}, {Name: "y", URI: "http://x", PublicAddr: "a"}}},
		`app "x": the URI`: {Apps: []testcluster.App{{Name: "x", URI: "x"}}},
	} {
		cluster, err := testcluster.Start(cfg)
		if err == nil {
			cluster.Close()
		}
		wantError(t, err, strings.TrimSpace(want))
	}
}

// An address in use is an error, and leaves nothing behind.
func TestStartTwice(t *testing.T) {
	cluster := start(t)
	_, err := testcluster.Start(testcluster.Config{Listen: cluster.Addr()})
	if err == nil {
		t.Error("two clusters share an address")
	}
}

func TestLoopbackNames(t *testing.T) {
	for _, listen := range []string{"localhost:0", "[::1]:0"} {
		cluster, err := testcluster.Start(testcluster.Config{Listen: listen})
		if err != nil {
			t.Logf("%s: %v", listen, err) // a machine may have no IPv6
			continue
		}
		config := webConfig(t, cluster)
		config.ServerName = ""
		got := do(t, webClient(t, config), "GET", cluster.URL()+"/webapi/find", nil)
		if got.StatusCode != 200 {
			t.Errorf("%s: %s", listen, got.Status)
		}
		cluster.Close()
	}
}

// Close cuts what is open, at any stage of a connection, and can be called
// again.
func TestClose(t *testing.T) {
	cluster := start(t)
	cert, hostCA := issue(t, cluster, "alice", time.Hour)
	silent, err := net.Dial("tcp", cluster.Addr()) // sends no hello
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	conn := dialAuth(t, cluster, authConfig(cert, hostCA))
	if _, err := rolesByName(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	client := webClient(t, webConfig(t, cluster))
	do(t, client, "GET", cluster.URL()+"/webapi/find", nil) // stays open, idle
	if err := cluster.Close(); err != nil {
		t.Error(err)
	}
	if err := cluster.Close(); err != nil {
		t.Error(err)
	}
	silent.SetReadDeadline(time.Now().Add(5 * time.Second))
	if n, err := silent.Read(make([]byte, 1)); n > 0 || err == nil {
		t.Error("a silent connection is still open")
	}
	if _, err := rolesByName(t.Context(), conn); err == nil {
		t.Error("the auth service still answers")
	}
	if response, err := client.Get(cluster.URL() + "/webapi/find"); err == nil {
		response.Body.Close()
		t.Error("the web port still answers")
	}
}

// DropConnections cuts connections and nothing else: clients can come back.
func TestDropConnections(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	stream, err := conn.NewStream(t.Context(), &rolesStream, "/proto.AuthService/GetCurrentUserRoles")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rolesByName(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	cluster.DropConnections()
	if err := stream.RecvMsg(nil); err == nil {
		t.Error("a call survives")
	}
	if _, err := rolesByName(t.Context(), conn); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestIssue(t *testing.T) {
	cluster := start(t)
	if _, _, _, err := cluster.Issue("nobody", time.Hour); err == nil {
		t.Error("a user that does not exist gets a certificate")
	}
	for _, ttl := range []time.Duration{time.Minute, 100 * time.Hour, -time.Hour} {
		pair, _ := issue(t, cluster, "alice", ttl)
		if leaf := pair.Leaf; !about(leaf.NotAfter, time.Now().Add(ttl)) || !about(leaf.NotBefore, time.Now().Add(-time.Minute)) {
			t.Errorf("%v: from %v to %v", ttl, leaf.NotBefore, leaf.NotAfter)
		}
	}
}
