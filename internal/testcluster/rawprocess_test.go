// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestLastWords holds that what a server says right before its end is lost, mostly
// where the machine is not busy (protocol.md 13.4).
func TestLastWords(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"))
	allowAll(c)
	id := appIdentity(c, "alice", "files", time.Hour)
	const tries = 20
	lost := 0
	for range tries {
		client := dialRaw(t, c, id)
		client.open(t, "rawdemo")
		client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"last","arguments":{"bytes":10}}}`)
		if rest, err := io.ReadAll(client.lines); err != nil {
			t.Fatal(err)
		} else if !strings.HasSuffix(string(rest), "}\n") {
			lost++
		}
	}
	if lost < tries/5 {
		t.Errorf("lost %d of %d last answers", lost, tries)
	}
}

// TestManyLines holds that what a server says at once arrives at once, however many lines
// it is: what is under way is delayed, not slowed down.
func TestManyLines(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"))
	allowAll(c)
	client := dialRaw(t, c, appIdentity(c, "alice", "files", time.Hour))
	client.open(t, "rawdemo")
	const lines = 20_000
	request := `"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"roots/list\"}",`
	all := strings.TrimSuffix(strings.Repeat(request, lines), ",")
	begun := time.Now()
	client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"raw","arguments":{"lines":[`+all+`]}}}`)
	if got := textOf(t, client.line(t)); got != "sent" {
		t.Errorf("got %q", got)
	}
	if took := time.Since(begun); took > lines/maxFlying*rawFlight {
		t.Errorf("%d lines took %v", lines, took)
	}
}

// TestProcessSurroundings holds that a server has this process's directory, and one
// process for each connection.
func TestProcessSurroundings(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"))
	allowAll(c)
	id := appIdentity(c, "alice", "files", time.Hour)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	pids := map[int]bool{}
	for range 2 {
		client := dialRaw(t, c, id)
		client.open(t, "rawdemo")
		client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"env"}}`)
		var env struct {
			Dir string
			PID int
		}
		if err := json.Unmarshal([]byte(textOf(t, client.line(t))), &env); err != nil || env.Dir != here {
			t.Errorf("surroundings %+v, %v", env, err)
		}
		pids[env.PID] = true
	}
	for _, conn := range c.Raw.Conns() {
		delete(pids, conn.PID)
	}
	if len(c.Raw.Conns()) != 2 || len(pids) > 0 {
		t.Errorf("connections %+v, other processes %v", c.Raw.Conns(), pids)
	}
}

// TestProcessEnds is what becomes of a process: it ends when its client leaves, and
// when the cluster stops also if it does not read, or ignores the signal.
func TestProcessEnds(t *testing.T) {
	c := startApps(t, stdioApp(t, "files"), stdioApp(t, "stuck", "-stuck"), stdioApp(t, "deaf", "-deaf"))
	client := dialRaw(t, c, appIdentity(c, "alice", "files", time.Hour))
	client.open(t, "rawdemo")
	client.Close()
	awaitRaw(t, c, func(conns []RawConn) bool { return conns[0].Ended })

	dialRaw(t, c, appIdentity(c, "alice", "deaf", time.Hour)).open(t, "rawdemo")
	stuck := dialRaw(t, c, appIdentity(c, "alice", "stuck", time.Hour))
	stuck.send(t, `{"jsonrpc":"2.0","id":1,"method":"x","params":{"x":"`+strings.Repeat("x", 1<<20)+`"}}`) // more than the pipe to it takes
	awaitRaw(t, c, func(conns []RawConn) bool { return len(conns) == 3 && conns[2].Lines == 1 })
	begun := time.Now()
	c.Close()
	if took := time.Since(begun); took > c.cfg.AppTimes.RawKill {
		t.Errorf("Close took %v", took)
	}
	for _, conn := range c.Raw.Conns() {
		if !conn.Ended {
			t.Errorf("connection %+v goes on", conn)
		}
	}
}

// TestServerThatDoesNotStart is one that ends at every start while a file is
// there.
func TestServerThatDoesNotStart(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(broken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := startApps(t, stdioApp(t, "files", "-die-while", broken))
	id := appIdentity(c, "alice", "files", time.Hour)
	for range 3 {
		client := dialRaw(t, c, id)
		client.send(t, rawInitialize)
		client.wantEnd(t)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	dialRaw(t, c, id).open(t, "rawdemo")
}

// TestGreetings is a server that speaks before anybody has asked it.
func TestGreetings(t *testing.T) {
	const note = `{"jsonrpc":"2.0","method":"notifications/message","params":{"data":"hello","level":"info"}}`
	c := startApps(t, stdioApp(t, "files", "-greet", note, "-greet", `{"jsonrpc":"2.0","id":0,"method":"roots/list"}`,
		"-greet", `{"jsonrpc":"2.0","id":0,"result":{}}`, "-flood", "3000000"))
	client := dialRaw(t, c, appIdentity(c, "alice", "files", time.Hour))
	client.want(t, note, `{"jsonrpc":"2.0","id":0,"result":{}}`, `{"jsonrpc":"","method":""}`)
	client.open(t, "rawdemo")
}

// allowAll lets the role of alice call every tool.
func allowAll(c *Cluster) {
	role, _ := c.registry.role("dev")
	role.AllowTools, role.DenyTools = []string{"*"}, nil
	c.SetRole(role)
}
