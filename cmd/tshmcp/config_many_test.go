// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: config with very many MCP servers.

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
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

// config runs tshmcp config and returns how long it took and, on Linux, how much
// memory it had at most.
func (s *manyStage) config(t *testing.T, args ...string) (took time.Duration, memory int64) {
	t.Helper()
	cmd := tshmcp(t, s.environ, append([]string{"config"}, args...)...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %v\n%.2000s", args, err, out.String())
	}
	return time.Since(begin), maxMemory(cmd.ProcessState)
}

// raced is true if this was built with the race detector, which takes its time
// and its memory.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// TestManyServers: an entry for each of a thousand servers is written at once, in
// every format, and so is one entry beside them. The bound is far above what it
// takes, and far below a look at the file for each entry; `make bench` measures.
func TestManyServers(t *testing.T) {
	const bound = 20 * time.Second
	s := newManyStage(t, 1000)
	for _, id := range []string{"cursor", "codex", "goose", "continue"} {
		for what, args := range map[string][]string{
			"a thousand": {"--all"},
			"one":        {"server-0500", "--name-prefix=one-"},
		} {
			took, _ := s.config(t, append(args, "--client-config="+id)...)
			t.Logf("%s, %s: %v", id, what, took)
			if took > bound {
				t.Errorf("%s, %s: %v", id, what, took)
			}
		}
	}
}

// TestLargeFileMemory: an entry in a file of many megabytes, the client's own
// data or entries of others, takes less than eight times its memory. On a busy
// machine the collector falls behind: it begins earlier here, so that what the
// program holds is measured.
func TestLargeFileMemory(t *testing.T) {
	t.Parallel()
	if testing.Short() || raced() || runtime.GOOS != "linux" {
		t.Skip("the memory of a process is measured on Linux, without the race detector, and with time")
	}
	s := newManyStage(t, 1)
	s.environ = append(s.environ, "GOGC=25")
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
		if err := os.WriteFile(filepath.Join(s.home, ".claude.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		took, memory := s.config(t, "server-0000", "--client-config=claude-code")
		t.Logf("%s: %d MB took %v and %d MB", name, len(text)>>20, took, memory>>20)
		if floor := int64(32 << 20); memory-floor > 8*int64(len(text)) {
			t.Errorf("%s: %d MB of memory for %d MB", name, memory>>20, len(text)>>20)
		}
	}
}
