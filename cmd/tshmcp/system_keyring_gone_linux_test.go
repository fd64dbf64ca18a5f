// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a keyring that is locked, gone, and back.

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestKeyringGone has a keyring that is locked, then gone, and then back,
// between the runs of the program: each says what to do, nothing is written
// elsewhere, and the login is there again afterwards.
func TestKeyringGone(t *testing.T) {
	t.Parallel()
	needSecretService(t)
	home, dir := t.TempDir(), t.TempDir()
	address := "unix:path=" + filepath.Join(dir, "bus")
	session, _, stop := startSecretServiceIn(t, home, address)
	d := newDesk(t, "keyring", "DBUS_SESSION_BUS_ADDRESS="+address, "TSHMCP_LOGIN=never")
	d.login("alice")
	d.wantList("")

	lock := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
		"org.freedesktop.Secret.Service.Lock", "array:objpath:/org/freedesktop/secrets/collection/login")
	lock.Env = session
	if out, err := lock.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d.wantList(`^tshmcp: error: keyring get: .*
tshmcp: hint: the keyring \(Secret Service\) must be running and unlocked: log in to the desktop, or unlock it in Passwords and Keys
tshmcp: hint: or keep credentials in a file: tshmcp login --store=file
$`)
	_, err := callOnce(tshmcp(t, d.environ, "connect", "notes"), "get_note", `{"name":"deploy"}`)
	if err == nil || !regexp.MustCompile(`tshmcp: keyring get: [^;]+; the keyring \(Secret Service\) must be running and unlocked: `).MatchString(err.Error()) {
		t.Errorf("a call with a locked keyring: %v", err)
	}

	stop()
	d.wantList(`^tshmcp: error: keyring get: dial unix .*
tshmcp: hint: the keyring \(Secret Service\) must be running and unlocked: .*
tshmcp: hint: or keep credentials in a file: .*
$`)
	if status := output(t, tshmcp(t, d.environ, "status")); !strings.Contains(status, " keyring ") {
		t.Errorf("status without a keyring\n%s", status)
	}
	if files, _ := os.ReadDir(filepath.Join(d.state, "store")); len(files) > 0 {
		t.Errorf("there is a file store: %v", files)
	}

	if err := os.RemoveAll(filepath.Join(dir, "bus")); err != nil {
		t.Fatal(err)
	}
	startSecretServiceIn(t, home, address)
	d.wantList("")
}

// wantList runs ls, which needs the login's key. Without a want it must work.
func (d *desk) wantList(want string) {
	d.Helper()
	cmd := tshmcp(d.T, d.environ, "ls")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	err := cmd.Run()
	if want == "" {
		if err != nil {
			d.Errorf("ls: %v\n%s", err, stderr.String())
		}
		return
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitError || !regexp.MustCompile(want).MatchString(stderr.String()) {
		d.Errorf("ls ends with %v and says\n%swant\n%s", err, stderr.String(), want)
	}
}
