// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: each command block in the documents is run as it stands there.

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// A block is one of commands. Before it may stand who runs it instead of alice, or
// why a test cannot: "<!-- as carol -->", "<!-- as nobody -->" who is not signed in,
// "<!-- not run: it asks -->".
type block struct {
	line        int
	shell       string
	text        string
	as, because string
}

var (
	fencedBlock = pattern.New("(?ms)^(?:<!-- (as|not run:) ([^\n]*) -->\n)?```(\\w*)\n(.*?)^```$")
	shells      = map[string]bool{"sh": true, "bash": true, "console": true, "zsh": true, "fish": true, "powershell": true}
)

func blocksOf(t *testing.T, path string) (all []block) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range fencedBlock.Regexp().FindAllSubmatchIndex(text, -1) {
		part := func(n int) string {
			if at[2*n] < 0 {
				return ""
			}
			return string(text[at[2*n]:at[2*n+1]])
		}
		if !shells[part(3)] {
			continue
		}
		b := block{line: 1 + bytes.Count(text[:at[0]], []byte("\n")), shell: part(3), text: part(4)}
		switch part(1) {
		case "as":
			b.as = part(2)
		case "not run:":
			b.because = part(2)
		}
		all = append(all, b)
	}
	return all
}

// TestBlocksInDocuments runs the command blocks of each document, one after the
// other, as a person who begins with an empty home directory and the cluster that
// guide-admin.md describes.
func TestBlocksInDocuments(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the documents' cluster is found by what Linux knows: SSL_CERT_FILE and BROWSER")
	}
	ran := 0
	for _, path := range documents(t) {
		blocks := blocksOf(t, path)
		if len(blocks) == 0 {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			var reader *docReader
			for _, b := range blocks {
				if b.because != "" {
					t.Logf("line %d is not run: %s", b.line, b.because)
					continue
				}
				if reader == nil {
					reader = newDocReader(t)
				}
				ran++
				t.Run(fmt.Sprintf("line %d", b.line), func(t *testing.T) { reader.run(t, b) })
			}
		})
	}
	if ran < 12 {
		t.Errorf("%d blocks were run", ran)
	}
}

// run runs a block to its end, or until it serves.
func (r *docReader) run(t *testing.T, b block) {
	environ := r.environ
	if b.as != "" {
		environ = r.person(t, b.as)
	}
	if b.as != "" && b.as != "nobody" {
		r.bash(t, environ, "tshmcp login --proxy="+docProxy)
	}
	text := strings.ReplaceAll(b.text, ":PORT", r.port)
	switch b.shell {
	case "console":
		r.dialog(t, environ, text)
		return
	case "zsh", "powershell":
		program := map[string]string{"zsh": "zsh", "powershell": "pwsh"}[b.shell]
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s here", program)
		}
		r.command(t, environ, program, "-c", text)
		return
	}
	switch {
	case strings.Contains(text, "demo serve"):
		r.serve(t, text)
	case strings.HasPrefix(text, "claude "):
		r.claude(t, text)
	default:
		r.bash(t, environ, text)
	}
}

// dialog runs what follows a prompt, and wants what follows it in the document.
func (r *docReader) dialog(t *testing.T, environ []string, text string) {
	for part := range strings.SplitSeq("\n"+text, "\n$ ") {
		if command, want, ok := strings.Cut(part, "\n"); ok && command != "" {
			if got := r.command(t, environ, "bash", "-c", command+" || true"); strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("it prints\n%s\nand not\n%s", got, want)
			}
		}
	}
}

func (r *docReader) bash(t *testing.T, environ []string, text string) string {
	t.Helper()
	return r.command(t, environ, "bash", "-euo", "pipefail", "-c", text)
}

func (r *docReader) command(t *testing.T, environ []string, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = environ, r.work, time.Second
	out, err := cmd.CombinedOutput()
	t.Logf("%s\n%s", args[len(args)-1], out)
	if err != nil {
		t.Errorf("%v", err)
	}
	return string(out)
}

// serve starts what stays up, and signs in as it says.
func (r *docReader) serve(t *testing.T, text string) {
	cmd := exec.Command("bash", "-c", "exec "+text)
	cmd.Env, cmd.Dir = r.environ, r.work
	said := &watched{match: regexp.MustCompile(`(?s)Sign in with: (tshmcp login \S+127\.0\.0\.1(:\d+) --ca-file=(\S+))\n.*Stop`), seen: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.t.Cleanup(func() {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			r.t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			r.t.Errorf("demo serve: %v\n%s", err, said.text())
		}
		r.checkLeft()
	})
	select {
	case <-said.seen:
	case <-time.After(scriptTime):
		t.Fatalf("demo serve says nothing of a sign-in:\n%s", said.text())
	}
	words := said.match.FindSubmatch(said.text())
	r.port = string(words[2])
	r.trust(t, string(words[3]))
	r.bash(t, r.environ, string(words[1]))
}

// claude runs the real Claude Code, where it can be had.
func (r *docReader) claude(t *testing.T, text string) {
	client := realClients[0]
	program := needClients(t).module(client.program[0])
	if _, err := os.Stat(program); err != nil {
		t.Skipf("npm has no %s for this system", client.program[0])
	}
	dir := t.TempDir()
	if err := os.Symlink(program, filepath.Join(dir, "claude")); err != nil {
		t.Fatal(err)
	}
	environ := append(append(r.environ, client.environ...), "PATH="+dir+":"+os.Getenv("PATH"), "HTTPS_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1")
	if out := r.bash(t, environ, text); !strings.Contains(out, "teleport-mcp-notes: ") || !strings.Contains(out, "✔ Connected") {
		t.Error("it does not say that it is connected")
	}
}

// TestGuideIsTheScenario holds that guide-admin.md registers the app that the real
// mcp-grafana is tried behind, and starts it with the same flags.
func TestGuideIsTheScenario(t *testing.T) {
	const url = "http://127.0.0.1:8000/mcp"
	guide, tried := docCluster(t, url), grafanaCluster(url)
	app := guide.Apps[0]
	app.Description = ""
	if !reflect.DeepEqual(app, tried.Apps[0]) {
		t.Errorf("the guide has the app %+v, tried is %+v", app, tried.Apps[0])
	}
	role := guide.Roles[0]
	role.SearchAsRoles = tried.Roles[0].SearchAsRoles
	if !reflect.DeepEqual(role, tried.Roles[0]) {
		t.Errorf("the guide has the role %+v, tried is %+v", role, tried.Roles[0])
	}
	text, err := os.ReadFile("../../docs/guide-admin.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"mcp-grafana --transport streamable-http --address 127.0.0.1:8000", "uri: mcp+" + url, `"aud": "mcp+` + url + `"`, "&& 'Editor' || 'Viewer'"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the guide does not have %s", want)
		}
	}
}
