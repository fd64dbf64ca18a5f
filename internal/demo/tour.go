// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// claudeBefore is what the tour's Claude file holds before config edits it.
const claudeBefore = `{
  "globalShortcut": "Ctrl+Space",
  "mcpServers": {
    "files": {"command": "/usr/bin/files-mcp", "args": ["--read-only"]}
  }
}
`

// Tour is the whole job, played on a cluster, an MCP server and in a folder of
// its own.
type Tour struct {
	Out     io.Writer
	Exe     string   // tshmcp itself
	GOOS    string   // that Exe is for
	Environ []string // of the commands
	Getenv  func(string) string
	Browser bool // a person signs in, in a browser

	user    string // who has signed in
	dir     string
	notes   *Notes
	cluster *testcluster.Cluster
}

// Play plays the tour; nil means that all of it held. When ctx is cancelled it
// returns that, whatever became of the command that ran.
func (t *Tour) Play(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, t.close()) }()
	if err := t.setUp(); err != nil {
		return err
	}
	t.say("A Teleport cluster and an MCP server now run on this machine, for this tour.\nNothing of yours is touched.\n")
	t.say("  cluster     %s at %s, as Teleport %s", t.cluster.Name(), t.cluster.Addr(), testcluster.NewestVersion)
	t.say("  MCP server  notes, with the tools get_note, search_notes and delete_note")
	t.say("  role        allows the tools ^(get|search)_.*$\n")
	for _, step := range []func(context.Context) error{t.login, t.list, t.config, t.use} {
		if err := step(ctx); err != nil {
			err = whyEnded(ctx, err)
			return errcode.Errorf(errcode.Or(err, errcode.DemoFailed), "demo: %w", err)
		}
	}
	t.say("Everything worked. Next: tshmcp login --proxy=YOUR-CLUSTER, or tshmcp demo serve to try it in Claude.")
	return nil
}

// whyEnded is the end of ctx if that is what ended a command. Ctrl-C reaches all
// programs of a terminal at once, so that a command may end of it a moment before
// ctx does.
func whyEnded(ctx context.Context, err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == interruptedCode {
		select {
		case <-ctx.Done():
		case <-time.After(signalTime):
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func (t *Tour) setUp() (err error) {
	if t.dir, err = os.MkdirTemp("", "tshmcp-demo-"); err != nil {
		return &FolderError{Err: err}
	}
	if setup.Passing(t.Exe) != "" {
		if t.Exe, err = copyTo(filepath.Join(t.dir, "bin"), t.Exe); err != nil {
			return &FolderError{Err: err}
		}
	}
	if t.notes, err = StartNotes(); err != nil {
		return err
	}
	t.cluster, err = testcluster.Start(testcluster.Config{
		Users: Users(),
		Roles: Roles(Role([]string{"^(get|search)_.*$"}, nil)),
		Apps: []testcluster.App{{
			Name:        "notes",
			Description: "The team's notes",
			URI:         t.notes.URI(),
			Labels:      map[string]string{"env": "demo"},
		}},
	})
	return err
}

// close ends everything that setUp started.
func (t *Tour) close() error {
	var errs []error
	if t.cluster != nil {
		errs = append(errs, t.cluster.Close())
	}
	if t.notes != nil {
		errs = append(errs, t.notes.Close())
	}
	if t.dir != "" {
		errs = append(errs, os.RemoveAll(t.dir))
	}
	return errors.Join(errs...)
}

const (
	// interruptedCode is the exit code of tshmcp after Ctrl-C.
	interruptedCode = 130
	// signalTime is how far apart two programs get Ctrl-C.
	signalTime = time.Second
)

var (
	loginLink = pattern.New(`http://127\.0\.0\.1:\d+/\S+`)
	loggedIn  = pattern.New(`^Logged in to \S+ as (\S+) `)
)

// login runs the real command and plays the person in front of the browser.
func (t *Tour) login(ctx context.Context) error {
	ca := filepath.Join(t.dir, "web-ca.pem")
	if err := keep(ca, t.cluster.WebCA()); err != nil {
		return err
	}
	args := []string{"login", "--proxy=" + t.cluster.Addr(), "--ca-file=" + ca, "--store=file"}
	if !t.Browser {
		args = append(args, "--browser=none")
	}
	t.say("1. Sign in. The certificate goes into the keyring; here into a file of the tour.\n")
	cmd := t.command(ctx, args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	signIn := t.follow(ctx, stderr)
	err = errors.Join(cmd.Wait(), signIn)
	switch {
	case err != nil && t.Browser:
		return &NobodyError{Err: err}
	case err != nil:
		return fmt.Errorf("login: %w", err)
	}
	t.say("")
	return nil
}

// follow prints what login says and opens the link in it once.
func (t *Tour) follow(ctx context.Context, stderr io.Reader) error {
	done := make(chan error, 1)
	opened := false
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		t.say("%s", t.tidy(lines.Text()))
		if as := loggedIn.FindStringSubmatch(lines.Text()); as != nil {
			t.user = as[1]
		}
		switch link := loginLink.Regexp().FindString(lines.Text()); {
		case link == "" || opened:
		case t.Browser:
			t.say("\n  (pick %s and press \"Sign in\"; the others may use nothing)", mayUse())
		default:
			opened = true
			t.say("\n  (a scripted browser opens the link, picks alice and presses \"Sign in\")")
			go func() { done <- t.cluster.SignIn(ctx, link, "alice") }()
		}
	}
	if !opened {
		return lines.Err()
	}
	return errors.Join(lines.Err(), <-done)
}

func (t *Tour) list(ctx context.Context) error {
	t.say("2. See what %s may use.\n", t.user)
	out, err := t.output(t.command(ctx, "ls"))
	if err != nil {
		return err
	}
	if out == "" && t.Browser {
		return &NothingError{User: t.user}
	}
	if !strings.Contains(out, "notes") || !strings.Contains(out, "^(get|search)_.*$") {
		return errors.New("ls does not show the MCP server with its tools")
	}
	return nil
}

// config sets up a Claude of the tour's own: its home is the tour's folder.
func (t *Tour) config(ctx context.Context) error {
	t.say("3. Set up Claude.\n")
	file, err := t.claudeFile()
	if err != nil {
		return err
	}
	if err := keep(file, []byte(claudeBefore)); err != nil {
		return err
	}
	cmd := t.command(ctx, "config", "notes", "--client-config=claude")
	cmd.Env = append(cmd.Env, "HOME="+t.dir, "USERPROFILE="+t.dir, "APPDATA=", "LOCALAPPDATA=", "XDG_CONFIG_HOME=")
	if _, err := t.output(cmd); err != nil {
		return err
	}
	after, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	t.say("The file now reads:\n\n%s", t.tidy(indent(string(after))))
	if !strings.Contains(string(after), `"files": {"command": "/usr/bin/files-mcp", "args": ["--read-only"]}`) {
		return errors.New("config changed another entry of the file")
	}
	return nil
}

// Entry is one MCP server in Claude's file.
type Entry struct {
	Command string            `json:"command"`
	Args    []string          `json:"args"`
	Env     map[string]string `json:"env"`
}

// readEntry reads the entry that config wrote.
func (t *Tour) readEntry() (*Entry, error) {
	file, err := t.claudeFile()
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var claude struct {
		Servers map[string]*Entry `json:"mcpServers"`
	}
	if err := json.Unmarshal(data, &claude); err != nil {
		return nil, err
	}
	entry := claude.Servers[setup.Prefix+"notes"]
	if entry == nil {
		return nil, errors.New("config wrote no entry")
	}
	return entry, nil
}

// command is this program with the given arguments, in the tour's own state.
func (t *Tour) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, t.Exe, args...)
	cmd.WaitDelay = 5 * time.Second
	cmd.Cancel = func() error {
		if cmd.Process.Signal(os.Interrupt) == nil {
			return nil
		}
		return cmd.Process.Kill() // where there are no signals
	}
	for _, v := range t.Environ {
		if !strings.HasPrefix(v, "TSHMCP_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "TSHMCP_HOME="+filepath.Join(t.dir, "state"))
	t.say("$ tshmcp %s", t.tidy(strings.Join(args, " ")))
	return cmd
}

// output runs cmd, prints what it says and returns its stdout.
func (t *Tour) output(cmd *exec.Cmd) (string, error) {
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	for _, s := range []string{stderr.String(), stdout.String()} {
		if s != "" {
			t.say("%s", t.tidy(strings.TrimRight(s, "\n")))
		}
	}
	t.say("")
	if err != nil {
		return "", fmt.Errorf("tshmcp %s: %w", cmd.Args[1], err)
	}
	return stdout.String(), nil
}

func (t *Tour) say(format string, a ...any) { fmt.Fprintf(t.Out, format+"\n", a...) }

// tidy shortens the tour's folder, which differs from run to run.
func (t *Tour) tidy(s string) string {
	return strings.NewReplacer(t.Exe, "$BIN/tshmcp", t.dir, "$DEMO").Replace(s)
}

func indent(s string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n  ") + "\n"
}
