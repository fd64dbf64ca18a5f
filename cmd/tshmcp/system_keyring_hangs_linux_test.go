// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a keyring that never answers, and 20 bridges that want something of it.

package main

import (
	"bufio"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestKeyringHangs stops the daemon of the keyring. Every client is told after
// one attempt, however many there are; and a call after that at once.
func TestKeyringHangs(t *testing.T) {
	t.Parallel()
	needSecretService(t)
	address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	_, daemon, _ := startSecretServiceIn(t, t.TempDir(), address)
	d := newDesk(t, "keyring", "DBUS_SESSION_BUS_ADDRESS="+address, "TSHMCP_LOGIN=never")
	d.login("alice")
	if err := daemon.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	// Five seconds, and the start of 20 processes: on a busy machine in one of three turns.
	const bound = 12 * time.Second
	last := time.Hour
	for turn := 0; turn < 3 && last > bound; turn++ {
		last = d.lastTold(20)
		t.Logf("the last was told after %v", last.Round(time.Millisecond))
	}
	if last > bound {
		t.Errorf("told after %v", last)
	}
	start := time.Now()
	d.wantList(`^tshmcp: error: keyring get: no answer in time \[keyring-hung\]\n`)
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("ls: %v", took)
	}
	d.wantAsking()
}

// lastTold starts so many clients at once, and returns when the last of them was told
// that the keyring does not answer.
func (d *desk) lastTold(clients int) time.Duration {
	start := time.Now()
	var all sync.WaitGroup
	for range clients {
		cmd := tshmcp(d.T, d.environ, "connect", "notes")
		all.Go(func() {
			_, err := callOnce(cmd, "get_note", `{"name":"deploy"}`)
			if err == nil || !strings.Contains(err.Error(), "keyring get: no answer in time") {
				d.Errorf("after %v: %v", time.Since(start), err)
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

// wantAsking: login has more patience, for a person who is asked to unlock the
// keyring, and says what it waits for.
func (d *desk) wantAsking() {
	d.Helper()
	cmd := tshmcp(d.T, d.environ, "login", "--force")
	said, err := cmd.StderrPipe()
	if err != nil {
		d.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	late := time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	line, _ := bufio.NewReader(said).ReadString('\n')
	late.Stop()
	if !strings.HasPrefix(line, "tshmcp: waiting for the keyring: ") {
		d.Errorf("it says %q", line)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}
