// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
)

const command = "github.com/grafana/mcp-grafana/cmd/mcp-grafana"

// ErrUnavailable says that the Grafana MCP server cannot be built here because
// its modules, or the go command, cannot be had.
var ErrUnavailable = errors.New("the Grafana MCP server cannot be fetched")

// Build builds the Grafana MCP server that the module in moduleDir pins and
// returns the path of the program, which lives in cacheDir. From nothing this
// takes minutes and downloads half a gigabyte; with a warm build cache, a second.
// Processes that build into the same cacheDir wait for each other.
func Build(ctx context.Context, moduleDir, cacheDir string) (string, error) {
	if err := os.MkdirAll(cacheDir, 0o755); err != nil {
		return "", err
	}
	lock := flock.New(filepath.Join(cacheDir, "mcp-grafana.lock"))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return "", fmt.Errorf("wait for another build: %w", err)
	}
	defer lock.Unlock()

	program := filepath.Join(cacheDir, "mcp-grafana")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	err := runGo(ctx, moduleDir, nil, "build", "-trimpath", "-ldflags=-s -w", "-o", program, command)
	if err == nil {
		return program, nil
	}
	if ctx.Err() != nil {
		return "", fmt.Errorf("build the Grafana MCP server: %w (what is compiled is kept, the next build goes on from there)", ctx.Err())
	}
	// A build that fails for want of a module fails to list its packages too.
	if runGo(ctx, moduleDir, []string{"GOPROXY=off"}, "list", "-deps", command) != nil {
		return "", fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return "", err
}

// runGo runs a go command in the folder of a module that is its own main
// module, whatever workspace is around it.
func runGo(ctx context.Context, dir string, env []string, args ...string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly")
	cmd.Env = append(cmd.Env, env...)
	cmd.WaitDelay = 5 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w: %s", args[0], err, lastLines(stderr.Bytes(), 5))
	}
	return nil
}

func lastLines(text []byte, n int) []byte {
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-n):], []byte("\n"))
}
