// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: benchmarks of the binary: its start, connect, and a call.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// The benchmarks measure the stripped binary as it is shipped, and beside it in
// the same run something to compare with: these machines are noisy, ratios are
// what counts.

// buildBinary builds a main package without cgo, stripped.
func buildBinary(b *testing.B, dir, pkg string) string {
	b.Helper()
	exe := filepath.Join(b.TempDir(), "bench.exe")
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "grpcnotrace", "-ldflags", "-s -w", "-o", exe, pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// BenchmarkStart is the start of the whole process, beside that of a Go
// program that does nothing: x-floor is the ratio.
func BenchmarkStart(b *testing.B) {
	ours := buildBinary(b, ".", ".")
	dir := b.TempDir()
	for name, text := range map[string]string{"go.mod": "module floor\n\ngo 1.26\n", "main.go": "package main\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	floor := buildBinary(b, dir, ".")
	info, err := os.Stat(ours)
	if err != nil {
		b.Fatal(err)
	}
	var here, there time.Duration
	for b.Loop() {
		here += timed(b, ours, "version")
		there += timed(b, floor)
	}
	b.ReportMetric(float64(here)/float64(there), "x-floor")
	b.ReportMetric(float64(here.Microseconds())/1000/float64(b.N), "ms/start")
	b.ReportMetric(float64(info.Size())/1e6, "MB-binary")
}

func timed(b *testing.B, exe string, args ...string) time.Duration {
	b.Helper()
	start := time.Now()
	if err := exec.Command(exe, args...).Run(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// benchStage is a cluster with a login in a file store.
type benchStage struct {
	exe, state, addr string
	upstream         string
}

func newBenchStage(b *testing.B) *benchStage {
	b.Helper()
	notes, err := demo.StartNotes()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { notes.Close() })
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps: []testcluster.App{{Name: "notes", URI: notes.URI()}},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cluster.Close() })
	s := &benchStage{exe: buildBinary(b, ".", "."), state: filepath.Join(b.TempDir(), "state"), addr: cluster.Addr(), upstream: "http://" + notes.Addr + "/mcp"}
	ca := filepath.Join(b.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		b.Fatal(err)
	}
	var out bytes.Buffer
	login := s.command("login", "--proxy="+s.addr, "--ca-file="+ca, "--store=file", "--browser=none")
	if err := runLogin(login, &out, "alice", rootPool(cluster.WebCA())); err != nil {
		b.Fatalf("login: %v\n%s", err, out.String())
	}
	return s
}

func (s *benchStage) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.exe, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Dir(s.state), "TSHMCP_HOME=" + s.state}
	return cmd
}

// BenchmarkConnect is what an MCP client waits for: the process started, the
// proxy reached with the stored certificate, initialize answered.
func BenchmarkConnect(b *testing.B) {
	s := newBenchStage(b)
	client := mcp.NewClient(&mcp.Implementation{Name: "bench", Version: "1"}, nil)
	for b.Loop() {
		session, err := client.Connect(context.Background(), &mcp.CommandTransport{Command: s.command("connect", "notes")}, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		session.Close()
		b.StartTimer()
	}
}

// BenchmarkCall is one tool call through the bridge and the proxy, beside the
// same call made straight to the server: x-direct is the ratio.
func BenchmarkCall(b *testing.B) {
	s := newBenchStage(b)
	cmd := s.command("connect", "notes")
	bridged := connectBench(b, &mcp.CommandTransport{Command: cmd})
	direct := connectBench(b, &mcp.StreamableClientTransport{Endpoint: s.upstream})
	var here, there time.Duration
	for b.Loop() {
		here += timedCall(b, bridged)
		there += timedCall(b, direct)
	}
	b.ReportMetric(float64(here)/float64(there), "x-direct")
	b.ReportMetric(float64(here.Microseconds())/float64(b.N), "µs/call")
	if kb, ok := peakMemory(cmd.Process.Pid); ok {
		b.ReportMetric(float64(kb)/1024, "MiB-peak")
	}
}

func connectBench(b *testing.B, transport mcp.Transport) *mcp.ClientSession {
	b.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "bench", Version: "1"}, nil)
	session, err := client.Connect(context.Background(), transport, nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { session.Close() })
	return session
}

func timedCall(b *testing.B, session *mcp.ClientSession) time.Duration {
	b.Helper()
	start := time.Now()
	_, err := session.CallTool(context.Background(), &mcp.CallToolParams{Name: "get_note", Arguments: json.RawMessage(`{"name":"deploy"}`)})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// peakMemory is the peak resident size of a process in KiB, where /proc tells.
func peakMemory(pid int) (kb int, ok bool) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
			kb, err = strconv.Atoi(fields[1])
			return kb, err == nil
		}
	}
	return 0, false
}
