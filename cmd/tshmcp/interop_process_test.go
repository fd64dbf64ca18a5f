// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: MCP servers of others, as processes.

package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// serverProcess is an MCP server of somebody else, in a process of its own.
type serverProcess struct {
	addr string
	stop func() // kills it and waits
}

func (p *serverProcess) uri() string { return "http://" + p.addr + "/mcp" }

// startServer starts a server by cmd, which must lead a process group, and
// waits until it listens: on addr, or if that is empty on what it tells by a
// line "listening on ADDR" on stderr (loopback.cjs).
func startServer(t *testing.T, cmd *exec.Cmd, cancel context.CancelFunc, addr string) *serverProcess {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 1)
	var drained sync.WaitGroup
	drained.Go(func() { tellAddress(stderr, told) })
	p := &serverProcess{addr: addr, stop: sync.OnceFunc(func() {
		cancel()
		drained.Wait()
		_ = cmd.Wait()
	})}
	t.Cleanup(p.stop)
	if addr != "" {
		awaitListener(t, addr)
		return p
	}
	select {
	case p.addr = <-told:
	case <-time.After(scriptTime):
	}
	if p.addr == "" {
		t.Fatalf("%v does not listen", cmd.Args)
	}
	return p
}

// tellAddress reads stderr to its end and sends the address it tells, or "" if
// it ends without.
func tellAddress(stderr io.Reader, told chan<- string) {
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if addr, ok := strings.CutPrefix(lines.Text(), "listening on "); ok && told != nil {
			told <- addr
			told = nil
		}
	}
	if told != nil {
		told <- ""
	}
	_, _ = io.Copy(io.Discard, stderr)
}

// awaitListener dials until somebody answers.
func awaitListener(t *testing.T, addr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("nobody listens on %s: %v", addr, err)
		}
	}
}

// startEverything starts the reference server of npm on addr, by default on a
// free port.
func startEverything(t *testing.T, parts *npmParts, addr string) *serverProcess {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := parts.command(ctx, "--require", parts.program("loopback.cjs"),
		parts.module("@modelcontextprotocol/server-everything/dist/index.js"), "streamableHttp")
	port := "0"
	if addr != "" {
		_, port, _ = net.SplitHostPort(addr)
	}
	cmd.Env = append(cmd.Env, "PORT="+port)
	return startServer(t, cmd, cancel, "")
}

// buildEverythingServer builds the conformance server of the Go SDK.
func buildEverythingServer(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "everything-server.exe")
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", exe, "github.com/modelcontextprotocol/go-sdk/conformance/everything-server").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

func startEverythingServer(t *testing.T, exe string, args ...string) *serverProcess {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, exe, append(args, "-http", addr)...)
	inGroup(cmd)
	return startServer(t, cmd, cancel, addr)
}
