// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: one script of a client's day, at each kind of app and on each path to
// it.

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

var (
	allKinds = []string{kindHTTP, kindStdio, kindSSE}
	allPaths = []string{pathDirect, pathBalancer, pathConnect, pathLeaf}
)

// answerTime is how long what is cut off may take to be told, with a busy machine.
const answerTime = 10 * time.Second

// kindsRun is one run of the script.
type kindsRun struct {
	*chain
	app    kindsApp
	client *goClient
}

// kindsScript are the steps of the script, in order.
var kindsScript = []struct {
	name string
	run  func(ctx context.Context, r *kindsRun) error
}{
	{"initialize", func(_ context.Context, r *kindsRun) error {
		if got := r.client.InitializeResult().ServerInfo.Name; got != "interop" {
			return fmt.Errorf("the server is %q", got)
		}
		return nil
	}},
	{"tools/list", func(ctx context.Context, r *kindsRun) error {
		list, err := r.client.ListTools(ctx, nil)
		if err == nil && len(list.Tools) < 5 {
			err = fmt.Errorf("%d tools", len(list.Tools))
		}
		return err
	}},
	{"tools/call with progress", oneStep(step{Call: "progress", Args: map[string]any{"n": 4}, Await: map[string]int{onProgress: 4}, Want: "done"})},
	{"cancel", oneStep(step{Call: "wait", Times: 5, Cancel: 2, Want: "5 waited, 1 was cancelled"})},
	{"result of 5 MB", oneStep(step{Call: "big", Args: map[string]any{"n": 5 << 20}, Want: "5242880 characters"})},
	{"50 calls at once", oneStep(step{Call: "echo", Times: 50, Want: "50 answers"})},
	{"server restarted in mid-call", func(ctx context.Context, r *kindsRun) error {
		return r.cut(ctx, func() { r.app.restart(r.Cluster) })
	}},
	{"link cut with calls under way", func(ctx context.Context, r *kindsRun) error { return r.cut(ctx, r.DropConnections) }},
	{"client gone", func(ctx context.Context, r *kindsRun) error { return r.leave(ctx) }},
}

func oneStep(s step) func(context.Context, *kindsRun) error {
	return func(ctx context.Context, r *kindsRun) error {
		got, err := r.client.step(ctx, s)
		if err == nil {
			err = r.client.await(ctx, s.Await)
		}
		if err == nil && !strings.Contains(got, s.Want) {
			err = fmt.Errorf("got %q", got)
		}
		return err
	}
}

// cut has calls under way when something happens. All of them are answered, with an
// error that says that they may have been executed, and the session goes on.
func (r *kindsRun) cut(ctx context.Context, happen func()) error {
	const calls = 5
	begun := r.client.counted(onProgress)
	results := make(chan error, calls)
	for n := range calls {
		go func() {
			_, err := r.client.call(ctx, "hang", map[string]any{"n": begun + n})
			results <- err
		}()
	}
	if err := r.client.await(ctx, map[string]int{onProgress: begun + calls}); err != nil {
		return err
	}
	happen()
	limit := time.After(answerTime)
	for range calls {
		select {
		case err := <-results:
			if err == nil || !strings.Contains(err.Error(), "may have been executed") {
				return fmt.Errorf("a call was answered with %w", errors.Join(err, errors.ErrUnsupported))
			}
		case <-limit:
			return errors.New("a call was not answered")
		}
	}
	for {
		got, err := r.client.call(ctx, "echo", map[string]any{"n": 7})
		switch {
		case err == nil && got == "7":
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("the session does not go on: %w", err)
		}
	}
}

// leave ends a client with a call under way, which is one that waits for nothing:
// the SDK's does. The bridge is gone soon, and so is each connection to a server's
// process.
func (r *kindsRun) leave(ctx context.Context) error {
	if err := r.client.Close(); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, r.client.path, r.args()...)
	cmd.Env = r.client.environ
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	const start = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hang","arguments":{},"_meta":{"progressToken":"t"}}}
`
	if _, err := io.WriteString(stdin, start); err != nil {
		return err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan() && !strings.Contains(lines.Text(), onProgress); {
	}
	began := time.Now()
	stdin.Close()
	_, _ = io.Copy(io.Discard, stdout)
	if err := cmd.Wait(); err != nil {
		return err
	}
	if took := time.Since(began); took > 2*time.Second+answerTime/5 {
		return fmt.Errorf("the bridge was gone after %v", took)
	}
	return r.Raw.Await(ctx, func(conns []testcluster.RawConn) bool {
		for _, c := range conns {
			if !c.Ended {
				return false
			}
		}
		return true
	})
}

// kindsTable is what has passed, by step, kind and path.
type kindsTable struct {
	mu     sync.Mutex
	passed map[string]bool
}

func (k *kindsTable) pass(step, kind, path string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.passed[step+kind+path] = true
}

// String is the table as docs/testing.md has it.
func (k *kindsTable) String() string {
	text := "| step | " + strings.Join(allKinds, " | ") + " |\n| --- " + strings.Repeat("| --- ", len(allKinds)) + "|\n"
	for _, s := range kindsScript {
		text += "| " + s.name
		for _, kind := range allKinds {
			var paths []string
			for _, path := range allPaths {
				if k.passed[s.name+kind+path] {
					paths = append(paths, path)
				}
			}
			text += " | " + strings.Join(paths, ", ")
		}
		text += " |\n"
	}
	return text
}

// TestKindsOfApps runs the script and prints the table, which docs/testing.md has.
func TestKindsOfApps(t *testing.T) {
	t.Parallel()
	table := &kindsTable{passed: map[string]bool{}}
	t.Run("on", func(t *testing.T) {
		for _, kind := range allKinds {
			for _, path := range allPaths {
				t.Run(kind+", "+path, func(t *testing.T) {
					t.Parallel()
					runKind(t, table, kind, path)
				})
			}
		}
	})
	t.Logf("\n%s", table)
	doc, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(doc), table.String()) {
		t.Error("docs/testing.md has another table")
	}
}

func runKind(t *testing.T, table *kindsTable, kind, path string) {
	app := startKind(t, kind)
	r := &kindsRun{chain: startPath(t, path, app), app: app}
	r.client = r.connectGo(t, v2511)
	r.client.loud = true
	for _, s := range kindsScript {
		ctx, cancel := context.WithTimeout(t.Context(), stepTime)
		err := s.run(ctx, r)
		cancel()
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			return
		}
		table.pass(s.name, kind, path)
	}
}
