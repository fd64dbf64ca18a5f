// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: clusters, logins and MCP calls, for all tests.

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// syncMap is a sync.Map with types.
type syncMap[K comparable, V any] struct{ m sync.Map }

func (s *syncMap[K, V]) Store(k K, v V) { s.m.Store(k, v) }

func (s *syncMap[K, V]) LoadAndDelete(k K) (V, bool) {
	v, ok := s.m.LoadAndDelete(k)
	if !ok {
		var zero V
		return zero, false
	}
	return v.(V), true
}

// waiting runs a test that does little but wait. What is parallel begins only when all
// that is not has ended, and then in one of a few places; this begins at once, and
// takes no place.
func waiting(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.Run("waiting", test)
	}()
	t.Parallel()
	<-done
}

func rootPool(pem []byte) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// completeLogin plays the person in front of the browser: it opens the link
// that login printed and signs user in.
func completeLogin(t *testing.T, link, user string, roots *x509.CertPool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	if err := testcluster.SignIn(ctx, link, user, roots); err != nil {
		t.Errorf("sign in as %s: %v", user, err)
	}
}

// expireLogin lets the current login below a state directory expire a minute
// ago. That also forgets the certificates of its apps.
func expireLogin(state string) error {
	store := &creds.Store{Dir: state}
	p, err := store.Profile("")
	if err != nil {
		return err
	}
	pair, err := store.Login(context.Background(), p)
	if err != nil {
		return err
	}
	p.Expires = time.Now().Add(-time.Minute)
	return store.SaveLogin(context.Background(), *p, *pair)
}

// callOnce starts an MCP server by cmd, calls one tool and returns its text. A
// result that is marked as an error becomes one.
func callOnce(cmd *exec.Cmd, tool, arguments string) (text string, err error) {
	text, stderr, err := callAndLog(cmd, tool, arguments)
	if err != nil {
		err = fmt.Errorf("%w\nit ended with %v, stderr: %s", err, cmd.ProcessState, stderr)
	}
	return text, err
}

// callAndLog is callOnce that returns what the server wrote to stderr.
func callAndLog(cmd *exec.Cmd, tool, arguments string) (text, log string, err error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	text, err = call(cmd, tool, arguments)
	return text, stderr.String(), err
}

func call(cmd *exec.Cmd, tool, arguments string) (text string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, session.Close()) }()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		return "", err
	}
	for _, c := range result.Content {
		if t, ok := c.(*mcp.TextContent); ok {
			text += t.Text
		}
	}
	if result.IsError {
		return "", errors.New(text)
	}
	return text, nil
}

// startNotesCluster starts a cluster in front of the demo's notes server and
// returns it with the file that holds its CA.
func startNotesCluster(t *testing.T) (*testcluster.Cluster, string) {
	t.Helper()
	notes, err := demo.StartNotes()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { notes.Close() })
	users := demo.Users()
	users[0].Passkey = true
	cluster, err := testcluster.Start(testcluster.Config{
		Users: users,
		Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps:  []testcluster.App{{Name: "notes", URI: notes.URI()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	ca := filepath.Join(t.TempDir(), "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	return cluster, ca
}

// tshmcp is the real program with the given environment.
func tshmcp(t *testing.T, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	return program(t, "tshmcp", environ, args...)
}

// program is one of TestMain's with the given environment.
func program(t *testing.T, name string, environ []string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	if cmd.Env = environ; environ != nil {
		cmd.Env = append(slices.Clone(environ), "GORACE="+os.Getenv("GORACE")) // see TestMain
	}
	return cmd
}

// pipes starts a command and returns its stdin and stdout.
func pipes(t *testing.T, cmd *exec.Cmd) (io.WriteCloser, *bufio.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return in, bufio.NewReader(out)
}

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.String())
	}
	return string(out)
}

// printedEntry is the entry of notes in what config prints, or writes.
func printedEntry(t *testing.T, text string) *demo.Entry {
	t.Helper()
	var printed struct {
		Servers map[string]*demo.Entry `json:"mcpServers"`
	}
	if err := json.Unmarshal([]byte(text), &printed); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	entry := printed.Servers[setup.Prefix+"notes"]
	if entry == nil {
		t.Fatalf("no entry in\n%s", text)
	}
	return entry
}
