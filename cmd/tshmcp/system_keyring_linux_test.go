// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a real Secret Service, from login to logout.

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// TestKeyring logs in, lists, bridges and logs out with a real Secret Service
// (gnome-keyring on a session bus of its own), each command in a process of
// its own, the bridge with the environment that MCP clients leave.
func TestKeyring(t *testing.T) {
	t.Parallel()
	needSecretService(t)
	t.Run("bus elsewhere", func(t *testing.T) {
		address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
		startSecretService(t, address)
		entry := keyringFlow(t, address)
		if entry.Env["DBUS_SESSION_BUS_ADDRESS"] != address {
			t.Errorf("the entry's environment is %v, want the address of the bus", entry.Env)
		}
	})
	t.Run("bus at its standard place", func(t *testing.T) {
		address, socket := settings.StandardBus()
		if _, err := os.Stat(socket); !errors.Is(err, fs.ErrNotExist) {
			t.Skipf("%s is in use, a test must not touch that bus", socket)
		}
		dir := filepath.Dir(socket)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Skipf("the standard place of the bus cannot be made: %v", err)
			}
			t.Cleanup(func() { os.Remove(dir) })
		}
		startSecretService(t, address)
		t.Cleanup(func() { os.Remove(socket) })
		entry := keyringFlow(t, "")
		if v, ok := entry.Env["DBUS_SESSION_BUS_ADDRESS"]; ok {
			t.Errorf("the entry names the standard bus %q, which every session has", v)
		}
	})
}

func needSecretService(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"dbus-daemon", "dbus-send", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed (make parts installs it)", tool)
		}
	}
}

// startSecretService starts a session bus at the address and an unlocked
// gnome-keyring on it, and stops both at the end of the test.
func startSecretService(t *testing.T, address string) {
	t.Helper()
	startSecretServiceIn(t, t.TempDir(), address)
}

// startSecretServiceIn keeps the collection in home. It returns the environment
// of its own programs, its daemon, and what stops it before the end of the test.
func startSecretServiceIn(t *testing.T, home, address string) (environ []string, daemon *os.Process, stop func()) {
	t.Helper()
	environ = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "XDG_RUNTIME_DIR=" + home}
	bus := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--address="+address, "--print-address=1")
	bus.Env = environ
	ready, stopBus := startUntilLine(t, bus)
	if !strings.HasPrefix(ready, "unix:path=") {
		t.Fatalf("dbus-daemon said %q", ready)
	}
	keyring := exec.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	keyring.Env = append(environ, "DBUS_SESSION_BUS_ADDRESS="+address)
	keyring.Stdin = strings.NewReader("password")
	if err := keyring.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		keyring.Process.Kill()
		keyring.Wait()
		stopBus()
	})
	t.Cleanup(stop)
	awaitSecretService(t, keyring.Env)
	return keyring.Env, keyring.Process, stop
}

// awaitSecretService returns when the service has its collection unlocked,
// which is a moment after its daemon has started. It asks for the service's
// owner first: a question to a name without one makes the bus start a second,
// locked daemon.
func awaitSecretService(t *testing.T, environ []string) {
	t.Helper()
	ask := func(args ...string) (string, error) {
		cmd := exec.Command("dbus-send", append([]string{"--session", "--print-reply"}, args...)...)
		cmd.Env = environ
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(scriptTime)
	for {
		out, err := ask("--dest=org.freedesktop.DBus", "/org/freedesktop/DBus",
			"org.freedesktop.DBus.GetNameOwner", "string:org.freedesktop.secrets")
		if err == nil {
			out, err = ask("--dest=org.freedesktop.secrets", "/org/freedesktop/secrets/collection/login",
				"org.freedesktop.DBus.Properties.Get", "string:org.freedesktop.Secret.Collection", "string:Locked")
		}
		if err == nil && strings.Contains(out, "boolean false") {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("the Secret Service is not ready: %v\n%s", err, out)
		}
	}
}

// startUntilLine starts cmd, waits for the first line of its stdout and stops
// it, by its id, at the end of the test or earlier.
func startUntilLine(t *testing.T, cmd *exec.Cmd) (line string, stop func()) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	t.Cleanup(stop)
	timer := time.AfterFunc(scriptTime, func() { cmd.Process.Kill() })
	defer timer.Stop()
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatalf("%s ended before it was ready: %s", cmd.Path, stderr.String())
	}
	return lines.Text(), stop
}

// keyringFlow is the life of a login in the keyring. busAddress is what the
// user's shell has in DBUS_SESSION_BUS_ADDRESS.
func keyringFlow(t *testing.T, busAddress string) *demo.Entry {
	t.Helper()
	cluster, ca := startNotesCluster(t)
	state := filepath.Join(t.TempDir(), "state")
	shell := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TSHMCP_HOME=" + state}
	if busAddress != "" {
		shell = append(shell, "DBUS_SESSION_BUS_ADDRESS="+busAddress)
	}
	var out bytes.Buffer
	login := tshmcp(t, shell, "login", "--proxy="+cluster.Addr(), "--ca-file="+ca, "--browser=none")
	if err := runLogin(login, &out, "alice", rootPool(cluster.WebCA())); err != nil {
		t.Fatalf("login: %v\n%s", err, out.String())
	}
	if _, err := os.Stat(filepath.Join(state, "store")); err == nil {
		t.Error("the keyring was asked for and a file store was made")
	}
	if text := output(t, tshmcp(t, shell, "ls")); !strings.Contains(text, "notes") {
		t.Errorf("a second process lists\n%s", text)
	}
	entry := printedEntry(t, output(t, tshmcp(t, shell, "config", "notes")))
	for name, left := range clientEnvironments() {
		for k, v := range entry.Env {
			left = append(left, k+"="+v)
		}
		cmd := exec.Command(entry.Command, entry.Args...)
		cmd.Env = left
		text, err := callOnce(cmd, "get_note", `{"name":"deploy"}`)
		if err != nil || text != demo.NoteTexts["deploy"] {
			t.Errorf("connect with %s: %q, %v", name, text, err)
		}
	}
	checkLogout(t, shell, filepath.Join(state, "profiles"))
	return entry
}

// clientEnvironments are the environments that MCP clients leave to a server
// before they add those of its entry.
func clientEnvironments() map[string][]string {
	return map[string][]string{
		"PATH alone": {"PATH=" + os.Getenv("PATH")},
		"the SDK's default": {
			"HOME=" + os.Getenv("HOME"), "LOGNAME=root", "PATH=" + os.Getenv("PATH"), "SHELL=/bin/sh", "TERM=xterm", "USER=root",
		},
	}
}

// checkLogout logs out and proves that the keyring has forgotten the login,
// also for somebody who kept the profile.
func checkLogout(t *testing.T, shell []string, profiles string) {
	t.Helper()
	kept := t.TempDir()
	if err := os.CopyFS(kept, os.DirFS(profiles)); err != nil {
		t.Fatal(err)
	}
	output(t, tshmcp(t, shell, "logout"))
	if err := os.RemoveAll(profiles); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(profiles, os.DirFS(kept)); err != nil {
		t.Fatal(err)
	}
	cmd := tshmcp(t, shell, "ls")
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != access.ExitNotLoggedIn {
		t.Errorf("after logout ls ends with %v, want exit code %d", err, access.ExitNotLoggedIn)
	}
}
