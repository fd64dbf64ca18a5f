// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// desk is a user with a display, an expired login and several MCP clients.
type desk struct {
	*testing.T
	cluster *testcluster.Cluster
	state   string
	tabs    string // a line "PID URL" for each opened tab; PID is the bridge's
	environ []string
}

const bridges = 8

func newDesk(t *testing.T) *desk {
	t.Helper()
	cluster, ca := startNotesCluster(t)
	dir := t.TempDir()
	d := &desk{T: t, cluster: cluster, state: filepath.Join(dir, "state"), tabs: filepath.Join(dir, "tabs")}
	launcher := "#!/bin/sh\necho $PPID \"$1\" >>" + d.tabs + "\n"
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte(launcher), 0o700); err != nil {
		t.Fatal(err)
	}
	d.environ = []string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "TSHMCP_HOME=" + d.state, "DISPLAY=:0"}
	var out bytes.Buffer
	login := tshmcp(t, d.environ, "login", "--proxy="+cluster.Addr(), "--ca-file="+ca, "--store=file", "--browser=none")
	if err := runLogin(login, &out, "alice", rootPool(cluster.WebCA())); err != nil {
		t.Fatalf("login: %v\n%s", err, out.String())
	}
	d.expire()
	return d
}

func (d *desk) expire() {
	d.Helper()
	if err := expireLogin(d.state); err != nil {
		d.Fatal(err)
	}
}

// start starts the bridges, each with a client that calls a tool, and returns
// what waits for their answers.
func (d *desk) start() (wait func() []error) {
	errs := make([]error, bridges)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			_, errs[i] = callOnce(tshmcp(d.T, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`)
		})
	}
	return func() []error { all.Wait(); return errs }
}

type tab struct {
	pid int
	url string
}

// opened returns the tabs opened so far.
func (d *desk) opened() []tab {
	d.Helper()
	text, err := os.ReadFile(d.tabs)
	if err != nil && !os.IsNotExist(err) {
		d.Fatal(err)
	}
	var tabs []tab
	for line := range strings.Lines(string(text)) {
		pid, url, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(pid)
		if err != nil {
			d.Fatalf("the launcher wrote %q", line)
		}
		tabs = append(tabs, tab{n, url})
	}
	return tabs
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

func (d *desk) wantTabs(n int) {
	d.Helper()
	if got := len(d.opened()); got != n {
		d.Errorf("%d tabs were opened, want %d", got, n)
	}
}

// TestReloginOneTab starts eight bridges with an expired login: exactly one tab
// opens, and all eight work after the sign-in.
func TestReloginOneTab(t *testing.T) {
	d := newDesk(t)
	wait := d.start()
	completeLogin(t, d.await(1).url, "alice", rootPool(d.cluster.WebCA()))
	for i, err := range wait() {
		if err != nil {
			t.Errorf("bridge %d: %v", i, err)
		}
	}
	d.wantTabs(1)
}

// TestReloginTakeover kills the bridge that has the tab: another one takes over.
func TestReloginTakeover(t *testing.T) {
	d := newDesk(t)
	wait := d.start()
	if err := syscall.Kill(d.await(1).pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	completeLogin(t, d.await(2).url, "alice", rootPool(d.cluster.WebCA()))
	failed := 0
	for _, err := range wait() {
		if err != nil {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d bridges failed, want the killed one only", failed)
	}
	d.wantTabs(2)
}

// TestReloginDenied denies the sign-in: eight clear errors, and no tab for
// later requests, until somebody logs in by hand.
func TestReloginDenied(t *testing.T) {
	d := newDesk(t)
	wait := d.start()
	completeLogin(t, d.await(1).url, "", rootPool(d.cluster.WebCA()))
	for i, err := range wait() {
		if err == nil || !strings.Contains(err.Error(), "tshmcp: ") || !strings.Contains(err.Error(), "login --proxy="+d.cluster.Addr()) {
			t.Errorf("bridge %d: %v, want an error that names the login command", i, err)
		}
	}
	for i, err := range d.start()() {
		if err == nil || !strings.Contains(err.Error(), "the last sign-in was not completed") {
			t.Errorf("bridge %d, later: %v", i, err)
		}
	}
	d.wantTabs(1)
}

// TestReloginElsewhere logs in from a terminal while the bridges wait for the
// browser: they go on at once, and their tab is not needed.
func TestReloginElsewhere(t *testing.T) {
	d := newDesk(t)
	wait := d.start()
	d.await(1)
	var out bytes.Buffer
	login := tshmcp(t, d.environ, "login", "--browser=none")
	if err := runLogin(login, &out, "bob", rootPool(d.cluster.WebCA())); err != nil {
		t.Fatalf("login: %v\n%s", err, out.String())
	}
	for i, err := range wait() {
		if err != nil {
			t.Errorf("bridge %d: %v", i, err)
		}
	}
	d.wantTabs(1)
}

// TestReloginNever opens no tab where none was asked for or none can be seen.
func TestReloginNever(t *testing.T) {
	d := newDesk(t)
	for name, extra := range map[string][]string{
		"TSHMCP_LOGIN=never": {"TSHMCP_LOGIN=never"},
		"no display":         {"DISPLAY="},
		"SSH":                {"SSH_CONNECTION=1"},
		"CI":                 {"CI=true"},
	} {
		_, err := callOnce(tshmcp(t, append(d.environ, extra...), "connect", "notes"), "get_note", `{"name":"deploy"}`)
		if err == nil || !strings.Contains(err.Error(), "run: tshmcp login --proxy="+d.cluster.Addr()) {
			t.Errorf("%s: %v, want the login command", name, err)
		}
	}
	d.wantTabs(0)
}

// TestStartFromMemory starts a client whose login has expired and where no
// browser can be opened: it starts with what the server said the last time,
// its calls say what to do, and after a login they work without a restart.
func TestStartFromMemory(t *testing.T) {
	d := newDesk(t)
	var out bytes.Buffer
	login := func() {
		t.Helper()
		cmd := tshmcp(t, d.environ, "login", "--browser=none")
		if err := runLogin(cmd, &out, "alice", rootPool(d.cluster.WebCA())); err != nil {
			t.Fatalf("login: %v\n%s", err, out.String())
		}
	}
	login()
	quiet := append(slices.Clone(d.environ), "TSHMCP_LOGIN=never")
	if _, err := callOnce(tshmcp(t, quiet, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	d.expire()
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
	if err := call(); err == nil || !strings.Contains(err.Error(), "run: tshmcp login --proxy="+d.cluster.Addr()) {
		t.Errorf("a call without a login: %v, want the login command", err)
	}
	login()
	if err := call(); err != nil {
		t.Errorf("a call after the login: %v", err)
	}
}
