// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"testing"
	"time"
)

// awaitRaw waits until the connections match.
func awaitRaw(t *testing.T, c *Cluster, match func([]RawConn) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	if err := c.Raw.Await(ctx, match); err != nil {
		t.Fatalf("%v: %+v", err, c.Raw.Conns())
	}
}

// TestRawConns is a connection from its start to its end, as the cluster tells
// it.
func TestRawConns(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"))
	client := dialRaw(t, c, appIdentity(c, "alice", "files", time.Hour))
	awaitRaw(t, c, func(conns []RawConn) bool { return len(conns) == 1 && conns[0].PID != 0 }) // before any word
	client.open(t, "rawdemo")
	client.wantOpen(t)
	if got, want := c.Raw.Conns()[0], (RawConn{User: "alice", App: "files", ALPN: "teleport-mcp-ping", PID: c.Raw.Conns()[0].PID, Lines: 3}); got != want {
		t.Errorf("connection %+v, want %+v", got, want)
	}
	client.Close()
	awaitRaw(t, c, func(conns []RawConn) bool { return conns[0].Ended })
}

// TestSetBroken is a server that ends at once on every start, and is there again.
func TestSetBroken(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"), stdioApp(t, "dies", "-die"))
	id := appIdentity(c, "alice", "files", time.Hour)
	running := dialRaw(t, c, id)
	running.open(t, "rawdemo")
	c.Raw.SetBroken("files", true)
	dialRaw(t, c, id).wantEnd(t)
	running.wantOpen(t)
	c.Raw.SetBroken("files", false)
	dialRaw(t, c, id).open(t, "rawdemo")
	dialRaw(t, c, appIdentity(c, "alice", "dies", time.Hour)).wantEnd(t)
}

// TestKillServers is a server that dies in the middle of calls: nothing answers
// them.
func TestKillServers(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"), stdioApp(t, "other"))
	id := appIdentity(c, "alice", "files", time.Hour)
	one, two := dialRaw(t, c, id), dialRaw(t, c, id)
	other := dialRaw(t, c, appIdentity(c, "alice", "other", time.Hour))
	for _, client := range []*rawClient{one, two, other} {
		client.open(t, "rawdemo")
		client.wantOpen(t)
		client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}`)
		client.line(t)
	}
	if n := c.Raw.KillServers("files"); n != 2 {
		t.Errorf("killed %d, want 2", n)
	}
	one.wantEnd(t)
	two.wantEnd(t)
	other.wantOpen(t)
}
