// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: config with very many MCP servers.

package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// manyStage is a cluster with many MCP servers and a person who is logged in.
type manyStage struct {
	home    string
	environ []string
}

func newManyStage(t testing.TB, servers int) *manyStage {
	t.Helper()
	var apps []testcluster.App
	for i := range servers {
		apps = append(apps, testcluster.App{Name: fmt.Sprintf("server-%04d", i), URI: "mcp+http://127.0.0.1:1/mcp"})
	}
	home := t.TempDir()
	state := filepath.Join(home, "state")
	cluster, err := startLoggedIn(t.Context(), state, apps...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return &manyStage{home: home, environ: []string{"HOME=" + home, "TSHMCP_HOME=" + state, "PATH=" + os.Getenv("PATH")}}
}

// config runs tshmcp config and returns how long it took, and what the system tells
// of its process.
func (s *manyStage) config(t *testing.T, args ...string) (time.Duration, *os.ProcessState) {
	t.Helper()
	return s.run(t, tshmcp(t, s.environ, append([]string{"config"}, args...)...))
}

// weighedConfig is config; it returns the most memory that the process had, in bytes.
func (s *manyStage) weighedConfig(t *testing.T, args ...string) (time.Duration, int64) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "peak")
	environ := append(slices.Clone(s.environ), peakVariable+"="+file)
	took, _ := s.run(t, program(t, weighed, environ, append([]string{"config"}, args...)...))
	peak, err := readPeak(file)
	if err != nil {
		t.Fatal(err)
	}
	return took, peak
}

// readPeak reads what a program that was weighed has written.
func readPeak(file string) (int64, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(string(text), 10, 64)
}

func (s *manyStage) run(t *testing.T, cmd *exec.Cmd) (time.Duration, *os.ProcessState) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%.2000s", cmd.Args[1:], err, out.String())
	}
	return time.Since(begin), cmd.ProcessState
}

// raced is true if this was built with the race detector, which takes its time
// and its memory.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// TestManyServers: an entry for each of a thousand servers is written within a
// second, in every format, and so is one entry beside them. On a busy machine that is
// a processor's second, in the least of three runs; with what it waits for there is a
// bound that is far below a look at the file for each entry.
func TestManyServers(t *testing.T) {
	const patience = 20 * time.Second
	bound := time.Second
	if raced() {
		bound *= 10
	}
	s := newManyStage(t, 1000)
	for _, id := range []string{"cursor", "codex", "goose", "continue"} {
		for what, args := range map[string][]string{
			"a thousand": {"--all"},
			"one":        {"server-0500", "--name-prefix=one-"},
		} {
			took, worked := time.Hour, time.Hour
			for i := 0; i < 3 && (took > patience || worked > bound); i++ {
				all, state := s.config(t, append(args, "--client-config="+id, fmt.Sprintf("--path=/mcp%d", i))...)
				took, worked = min(took, all), min(worked, state.UserTime()+state.SystemTime())
				t.Logf("%s, %s: %v, %v of a processor", id, what, took, worked)
			}
			if took > patience || worked > bound {
				t.Errorf("%s, %s: %v, %v of a processor", id, what, took, worked)
			}
		}
	}
}

// TestLargeFileMemory: an entry in a file of many megabytes, the client's own
// data or entries of others, takes less than eight times its memory, in the least of
// three runs: on a busy machine the collector may fall behind.
func TestLargeFileMemory(t *testing.T) {
	t.Parallel()
	if testing.Short() || raced() || runtime.GOOS != "linux" {
		t.Skip("the memory of a process is measured on Linux, without the race detector, and with time")
	}
	s := newManyStage(t, 1)
	for name, item := range map[string]string{
		"history": `{"allowedTools": [], "history": [{"display": "` + strings.Repeat("x", 400) + `"}], "n": [1, 2, 3], "mcpServers": {}}`,
		"entries": `{"command": "npx", "args": ["-y", "server-filesystem", "/home/ann/` + strings.Repeat("z", 200) + `"]}`,
	} {
		var b strings.Builder
		for i := range (24 << 20) / len(item) {
			fmt.Fprintf(&b, ",\n    \"item-%d\": %s", i, item)
		}
		text := `{"projects": {` + b.String()[1:] + "}, \"mcpServers\": {}}\n"
		if name == "entries" {
			text = `{"mcpServers": {` + b.String()[1:] + "}}\n"
		}
		const floor = 32 << 20
		bound, least := floor+8*int64(len(text)), int64(math.MaxInt64)
		for i := 0; i < 3 && least > bound; i++ {
			if err := os.WriteFile(filepath.Join(s.home, ".claude.json"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			took, memory := s.weighedConfig(t, "server-0000", "--client-config=claude-code")
			t.Logf("%s: %d MB took %v and %d MB", name, len(text)>>20, took, memory>>20)
			least = min(least, memory)
		}
		if least > bound {
			t.Errorf("%s: %d MB of memory for %d MB", name, least>>20, len(text)>>20)
		}
	}
}
