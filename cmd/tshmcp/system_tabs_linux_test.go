// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: when a running bridge opens a tab, and when it does not.

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// talker is a bridge at a desk that is spoken to line by line, and whose log is
// read meanwhile.
type talker struct {
	rawBridge
	cmd *exec.Cmd
	log *bufio.Scanner
}

func (d *desk) talk(args ...string) *talker {
	d.Helper()
	cmd := tshmcp(d.T, d.environ, append([]string{"connect", "notes"}, args...)...)
	log, err := cmd.StderrPipe()
	if err != nil {
		d.Fatal(err)
	}
	in, out := pipes(d.T, cmd)
	timer := time.AfterFunc(scriptTime, func() { cmd.Process.Kill() })
	d.Cleanup(func() { timer.Stop() })
	return &talker{rawBridge: rawBridge{t: d.T, in: in, out: out}, cmd: cmd, log: bufio.NewScanner(log)}
}

// awaitLog reads the log until n lines have text.
func (b *talker) awaitLog(text string, n int) {
	b.t.Helper()
	for n > 0 {
		if !b.log.Scan() {
			b.t.Fatalf("the log has no %q", text)
		}
		if strings.Contains(b.log.Text(), text) {
			n--
		}
	}
}

// leave ends the input and waits for the end of the bridge.
func (b *talker) leave() {
	b.t.Helper()
	b.in.Close()
	for b.log.Scan() {
	}
	_, _ = io.Copy(io.Discard, b.out)
	if err := b.cmd.Wait(); err != nil {
		b.t.Errorf("connect: %v", err)
	}
}

// TestNobodyWaitsNoTab: a listening stream that is cut when the login has expired
// and the end of the session open no tab, and a ping does not either. A call does.
func TestNobodyWaitsNoTab(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice")
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	idle, busy := d.talk("--debug"), d.talk()
	for _, b := range []*talker{idle, busy} {
		wantAnswer(t, "start", b.initialize(), `"result"`)
		wantAnswer(t, "start", b.getNote(), theNote)
	}
	streams := 0
	if _, err := d.cluster.AwaitRequest(ctx, func(r testcluster.RequestRecord) bool {
		if r.Method == http.MethodGet {
			streams++
		}
		return streams > 1
	}); err != nil {
		t.Fatal(err)
	}
	d.expire()
	d.cluster.KillAllSessions()
	d.cluster.DropConnections()
	idle.awaitLog("; sign in in the browser, which opens when a request waits", 1)
	idle.awaitLog("the listening stream is opened again", 3)
	d.wantTabs(0)
	wantAnswer(t, "ping", idle.ask("ping", "{}"), "tshmcp login --proxy "+d.cluster.Addr())
	d.wantTabs(0)
	idle.leave()
	d.wantTabs(0)
	busy.send("tools/call", `{"name":"get_note","arguments":{"name":"deploy"}}`)
	completeLogin(t, string(d.await(1).id), "alice", rootPool(d.cluster.WebCA()))
	wantAnswer(t, "after the sign-in", busy.answer("tools/call"), theNote)
	busy.leave()
	d.wantTabs(1)
}

// guard makes the apps want a second factor for each session.
func (d *desk) guard() {
	role := demo.Roles(demo.Role([]string{"*"}, nil))[0]
	role.RequireSessionMFA = true
	d.cluster.SetRole(role)
}

// TestOneTabForAFactor: eight bridges to a server that needs a second factor for each
// session open one tab, and use one certificate.
func TestOneTabForAFactor(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice")
	d.guard()
	wait := d.start(bridges)
	completeLogin(t, string(d.await(1).id), "alice", rootPool(d.cluster.WebCA()))
	for i, c := range wait() {
		if c.err != nil || !strings.Contains(c.answer, theNote) {
			t.Errorf("bridge %d: %q, %v\n%s", i, c.answer, c.err, c.stderr)
		}
	}
	d.wantTabs(1)
	if n := len(d.cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions", n)
	}
}

// TestOneTabForAPolicy: a cluster that wants what tshmcp does not have says so at
// the end of the sign-in. That is not offered again for each request.
func TestOneTabForAPolicy(t *testing.T) {
	t.Parallel()
	for _, denial := range []string{"private key policy not met: hardware_key", "access denied: trusted device required"} {
		t.Run(denial, func(t *testing.T) {
			d := newDesk(t, "file")
			d.cluster.DenyLogin(denial)
			b := d.talk()
			b.send("initialize", hello)
			// The person is told so by the page, which is no success.
			_ = testcluster.SignIn(t.Context(), string(d.await(1).id), "alice", rootPool(d.cluster.WebCA()))
			wantAnswer(t, "the sign-in", b.answer("initialize"), "tshmcp does not support")
			for range 3 {
				wantAnswer(t, "again", b.initialize(), "no browser is opened for 15 minutes")
			}
			b.leave()
			other := d.talk()
			wantAnswer(t, "another process", other.initialize(), "no browser is opened for 15 minutes")
			other.leave()
			d.wantTabs(1)
		})
	}
}

// TestShortLogin: a login of one minute is used, and so is what was made with it,
// for as long as they last.
func TestShortLogin(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	d.login("alice", "--ttl=1m")
	d.expire()
	b := d.talk()
	b.send("initialize", hello)
	completeLogin(t, string(d.await(1).id), "alice", rootPool(d.cluster.WebCA()))
	wantAnswer(t, "the sign-in", b.answer("initialize"), `"result"`)
	for range 3 {
		wantAnswer(t, "a call", b.getNote(), theNote)
	}
	b.leave()
	d.wantTabs(1)
	if n := len(d.cluster.Sessions()); n != 1 {
		t.Errorf("%d app certificates were issued, want one", n)
	}
}
