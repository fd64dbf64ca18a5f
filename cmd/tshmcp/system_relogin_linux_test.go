// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the sign-in that bridges open at a desktop.

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// desk is a user with a display, an expired login and several MCP clients.
type desk struct {
	*testing.T
	cluster *testcluster.Cluster
	home    string
	state   string
	tabs    string // what openTab writes: a line for each tab
	environ []string
}

const bridges = 8

// newDesk makes one whose login is in the store that is named; more is further
// environment.
func newDesk(t *testing.T, store string, more ...string) *desk {
	t.Helper()
	cluster, ca := startNotesCluster(t)
	dir := t.TempDir()
	d := &desk{T: t, cluster: cluster, home: dir, state: filepath.Join(dir, "state"), tabs: filepath.Join(dir, "tabs")}
	// Its parent is the process that opens the page (openPage), which the bridge has started.
	launcher := "#!/bin/sh\nwhile read -r key value; do [ \"$key\" != PPid: ] || asker=$value; done </proc/$PPID/status\n" +
		"echo $asker \"$1\" >>" + d.tabs + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(launcher), 0o700); err != nil {
		t.Fatal(err)
	}
	d.environ = append([]string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "TSHMCP_HOME=" + d.state, "DISPLAY=:0"}, more...)
	d.login("alice", "--proxy="+cluster.Addr(), "--ca-file="+ca, "--store="+store)
	d.expire()
	return d
}

// login logs in at a terminal.
func (d *desk) login(user string, args ...string) {
	d.Helper()
	var out bytes.Buffer
	cmd := tshmcp(d.T, d.environ, append([]string{"login", "--browser=none", "--force"}, args...)...)
	if err := runLogin(cmd, &out, user, rootPool(d.cluster.WebCA())); err != nil {
		d.Fatalf("login: %v\n%s", err, out.String())
	}
}

func (d *desk) expire() {
	d.Helper()
	if err := expireProfile(d.state); err != nil {
		d.Fatal(err)
	}
}

// expireProfile lets the only login expire a minute ago. Nothing of it is touched
// but the profile: the keyring belongs to another session.
func expireProfile(state string) error {
	files, err := filepath.Glob(filepath.Join(state, "profiles", "*.json"))
	if err != nil || len(files) != 1 {
		return fmt.Errorf("profiles %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	var profile map[string]any
	if err := json.Unmarshal(text, &profile); err != nil {
		return err
	}
	profile["expires"] = time.Now().Add(-time.Minute)
	if text, err = json.Marshal(profile); err != nil {
		return err
	}
	return os.WriteFile(files[0], text, 0o600)
}

// started is a client with its bridge.
type started struct {
	answer string
	err    error
	stderr string
}

// start starts n bridges, each with a client that calls a tool, and returns what
// waits for their answers.
func (d *desk) start(n int) (wait func() []started) {
	clients := make([]started, n)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			c := &clients[i]
			c.answer, c.stderr, c.err = callAndLog(tshmcp(d.T, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`)
		})
	}
	return func() []started { all.Wait(); return clients }
}

// await waits for the n-th tab and returns it.
func (d *desk) await(n int) tab {
	d.Helper()
	deadline := time.After(scriptTime)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if tabs := d.opened(); len(tabs) >= n {
			return tabs[n-1]
		}
		select {
		case <-tick.C:
		case <-deadline:
			d.Fatalf("no tab number %d was opened", n)
		}
	}
}

// opened returns the tabs opened so far.
func (d *desk) opened() []tab {
	d.Helper()
	tabs, err := tabsIn(d.tabs)
	if err != nil {
		d.Fatal(err)
	}
	return tabs
}

func (d *desk) wantTabs(n int) {
	d.Helper()
	if got := len(d.opened()); got != n {
		d.Errorf("%d tabs were opened, want %d", got, n)
	}
}

// TestReloginElsewhere logs in from a terminal while the bridges wait for the
// browser: they go on at once, and their tab is not needed.
func TestReloginElsewhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	wait := d.start(bridges)
	d.await(1)
	d.login("bob", "--user=bob")
	for i, c := range wait() {
		if c.err != nil {
			t.Errorf("bridge %d: %v", i, c.err)
		}
	}
	d.wantTabs(1)
}

// TestStartFromMemory starts a client whose login has expired and where no
// browser can be opened: it starts with what the server said the last time,
// its calls say what to do, and after a login they work without a restart.
func TestStartFromMemory(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice")
	quiet := append(slices.Clone(d.environ), "TSHMCP_LOGIN=never")
	if _, err := callOnce(tshmcp(t, quiet, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	if err := expireLogin(d.state); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: tshmcp(t, quiet, "connect", "notes")}, nil)
	if err != nil {
		t.Fatalf("the client does not start: %v", err)
	}
	defer session.Close()
	call := func() error {
		_, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "get_note", Arguments: json.RawMessage(`{"name":"deploy"}`)})
		return err
	}
	if err := call(); err == nil || !strings.Contains(err.Error(), "tshmcp: the login to "+d.cluster.Addr()+" expired at ") ||
		!strings.Contains(err.Error(), "run: tshmcp login --proxy "+d.cluster.Addr()) {
		t.Errorf("a call without a login: %v, want the login command", err)
	}
	d.login("alice")
	if err := call(); err != nil {
		t.Errorf("a call after the login: %v", err)
	}
}

// TestStartWhilePending starts a client of both eras while a sign-in is open:
// it has its answer in time for the most hurried clients, and when somebody has
// signed in its calls go through.
func TestStartWhilePending(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice")
	if _, err := callOnce(tshmcp(t, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	if err := expireLogin(d.state); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	changed := make(chan struct{}, 1)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) {
			select {
			case changed <- struct{}{}:
			default:
			}
		},
	})
	start := time.Now()
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: tshmcp(t, d.environ, "connect", "notes")}, nil)
	if err != nil {
		t.Fatalf("the client does not start: %v", err)
	}
	defer session.Close()
	if took := time.Since(start); took > 8*time.Second { // five, on a machine that is not busy
		t.Errorf("the client has its answer after %v", took)
	}
	completeLogin(t, string(d.await(1).id), "alice", rootPool(d.cluster.WebCA()))
	if _, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "get_note", Arguments: json.RawMessage(`{"name":"deploy"}`)}); err != nil {
		t.Errorf("a call after the sign-in: %v", err)
	}
	select {
	case <-changed:
	case <-ctx.Done():
		t.Error("the client was not told to look at the tools again")
	}
	d.wantTabs(1)
}

// TestReloginLeft has one client with the tab and one that waits for it, and
// both go: their bridges go too and do not wait for the sign-in. Both logs have
// the command, once.
func TestReloginLeft(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	for _, leave := range []func(){d.startWaiting(), d.startWaiting()} {
		defer leave()
	}
	d.wantTabs(1)
}

// TestNoRequestNoTab starts a bridge that nobody asks for anything: it says that
// a login is needed, and leaves the tab to one that is asked.
func TestNoRequestNoTab(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	idle, leave := d.startBridge("")
	defer leave()
	defer d.startWaiting()()
	if d.await(1).pid == idle {
		t.Error("the tab was opened by the bridge that has no request")
	}
	d.wantTabs(1)
}

// startWaiting starts a bridge, sends requests and returns when a tab is open
// and the bridge has told its log.
func (d *desk) startWaiting() (leave func()) {
	d.Helper()
	_, leave = d.startBridge(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":1,"method":"tools/list"}
`)
	d.await(1)
	return leave
}

// startBridge starts a bridge with these requests and returns when it has told
// its log that a login is needed; leave closes its stdin and checks its end.
func (d *desk) startBridge(requests string) (pid int, leave func()) {
	d.Helper()
	cmd := tshmcp(d.T, d.environ, "connect", "notes")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		d.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		d.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	timer := time.AfterFunc(scriptTime, func() { cmd.Process.Kill() })
	if _, err := io.WriteString(stdin, requests); err != nil {
		d.Fatal(err)
	}
	var log strings.Builder
	lines := bufio.NewScanner(stderr)
	for !strings.Contains(log.String(), "run: tshmcp login") && lines.Scan() {
		fmt.Fprintln(&log, lines.Text())
	}
	return cmd.Process.Pid, func() {
		stdin.Close()
		timer.Reset(10 * time.Second) // two, on a machine that is not busy
		defer timer.Stop()
		for lines.Scan() {
			fmt.Fprintln(&log, lines.Text())
		}
		if err := cmd.Wait(); err != nil {
			d.Errorf("the bridge stayed: %v", err)
		}
		if n := strings.Count(log.String(), "run: tshmcp login --proxy="+d.cluster.Addr()+"\n"); n != 1 {
			d.Errorf("the log names the command %d times\n%s", n, log.String())
		}
	}
}
