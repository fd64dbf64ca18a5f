// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: each command, and somebody on the way who is there and says nothing.

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// rawTexts are what libraries say among programmers.
var rawTexts = pattern.New(`context deadline exceeded|context canceled|i/o timeout|\bEOF\b|Client\.Timeout|closed network connection|[^.]\.\.( |$)`)

// silentCommands are the commands that go to a cluster.
var silentCommands = map[string][]string{
	"login":   {"login", "--store=file", "--browser=none", "--force"},
	"ls":      {"ls"},
	"doctor":  {"doctor", "notes"},
	"tools":   {"tools", "notes"},
	"call":    {"call", "notes", "get_note", "name=deploy"},
	"request": {"request", "create", "notes"},
	"config":  {"config", "notes"},
	"connect": {"connect", "notes", "--login=never"},
}

// silentRun is one command that met the silence.
type silentRun struct {
	step, command string
	said          string
	err           error
	took          time.Duration
}

// TestSilence: whoever falls silent, at whatever step, is named by every command, with
// how long it was waited for and what to do.
func TestSilence(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes 40 seconds, as long as the program waits")
	}
	waiting(t, fallSilent)
}

// How long it was waited for: the whole bound, or what other steps left of it. That all
// of them together take no less shows in the time that the command takes.
const upTo15, upTo30 = `(1 second|[2-9] seconds|1[0-5] seconds)`, `(1 second|[2-9] seconds|[12][0-9] seconds|30 seconds)`

func fallSilent(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	const all = "login ls doctor tools call request config connect"
	var checks []func()
	var wg sync.WaitGroup // all at once: they wait most of the time
	for _, test := range []struct{ step, commands, says string }{
		{silentHello, all, `ADDR did not answer the TLS handshake within UP15`},
		{silentConnect, all, `the network's proxy ADDR: it did not answer CONNECT within UP30`},
		{silentTunnel, all, `teleport.example.test:443 did not answer the TLS handshake within UP15`},
		{silentProxyHello, "ls", `the network's proxy ADDR: it did not answer the TLS handshake within UP15`},
		{silentSOCKS, all, `the network's proxy ADDR: it did not answer in SOCKS5 within UP30`},
		{silentSOCKSReply, "login ls", `the network's proxy ADDR: it did not answer in SOCKS5 within UP15`},
		{silentHead, "login doctor", `ADDR did not answer within UP30`},
		{silentBody, "login doctor", `the answer of ADDR did not come to its end within UP30`},
		{silentGreeting, "ls doctor connect", `the auth service of demo-cluster did not begin to speak HTTP/2 within UP15`},
		{silentHeaders, "ls doctor tools call request config connect", `the auth service of demo-cluster did not answer within UP30`},
		{silentMessage, "ls call", `the auth service of demo-cluster did not answer within UP30`},
	} {
		m := startMute(t, test.step, cluster.Name())
		for _, command := range strings.Fields(test.commands) {
			run := &silentRun{step: test.step, command: command}
			cmd := run.prepare(t, m, cluster)
			wg.Go(func() {
				began := time.Now()
				run.said, run.err = saidTo(cmd, command == "connect")
				run.took = time.Since(began)
			})
			checks = append(checks, func() {
				run.check(t, strings.NewReplacer("ADDR", regexp.QuoteMeta(m.addr), "UP15", upTo15, "UP30", upTo30).Replace(test.says))
			})
		}
	}
	wg.Wait()
	for _, check := range checks {
		check()
	}
}

// prepare makes the command that meets m.
func (r *silentRun) prepare(t *testing.T, m *mute, cluster *testcluster.Cluster) *exec.Cmd {
	t.Helper()
	environ, home := bareEnviron(t)
	m.keepLogin(t.Context(), t, cluster, filepath.Join(home, "state"))
	ca := filepath.Join(home, "ca.pem")
	if err := os.WriteFile(ca, m.ca, 0o600); err != nil {
		t.Fatal(err)
	}
	proxy, more := m.settings()
	return tshmcp(t, append(environ, more...), append(silentCommands[r.command], "--proxy="+proxy, "--ca-file="+ca)...)
}

// saidTo runs a command and returns all that it says; a bridge until it has answered.
func saidTo(cmd *exec.Cmd, bridge bool) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stderr = &stderr
	if !bridge {
		cmd.Stdout = &stdout
		err := cmd.Run()
		return stdout.String() + stderr.String(), err
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	answer := bufio.NewReader(out)
	line, _ := answer.ReadString('\n')
	in.Close()
	rest, _ := io.ReadAll(answer)
	err = cmd.Wait()
	return line + string(rest) + stderr.String(), err
}

// check holds what was said.
func (r *silentRun) check(t *testing.T, says string) {
	if raw := rawTexts.Regexp().FindString(r.said); raw != "" {
		t.Errorf("%s, %s: %q in\n%s", r.step, r.command, raw, r.said)
	}
	if !regexp.MustCompile(says).MatchString(r.said) {
		t.Errorf("%s, %s: want %s in\n%s", r.step, r.command, says, r.said)
	}
	least := 15 * time.Second // other steps may have had a part of it
	if r.command == "doctor" {
		least = 6 * time.Second
	}
	if r.took < least-time.Second {
		t.Errorf("%s, %s: given up after %v, at least %v", r.step, r.command, r.took, least)
	}
	if failed := r.err != nil; failed == (r.command == "connect") {
		t.Errorf("%s, %s: %v\n%s", r.step, r.command, r.err, r.said)
	}
	if r.command != "doctor" && !strings.Contains(r.said, "tshmcp: hint: ") {
		t.Errorf("%s, %s: nothing to do is said:\n%s", r.step, r.command, r.said)
	}
}
