// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: an expired login, eight MCP clients at once, and a real browser.

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tshmcp/tshmcp/internal/demo"
)

// TestSignInAtTheDesk has eight MCP clients, started at once with an expired
// login, a real browser and a real keyring (gnome-keyring).
func TestSignInAtTheDesk(t *testing.T) {
	t.Parallel()
	needSecretService(t)
	profile := t.TempDir()
	browser := startChromium(t, profile)
	bus := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	startSecretService(t, bus)
	desk := func(t *testing.T) (d *desk, before int) {
		d = newDesk(t, "keyring", "DBUS_SESSION_BUS_ADDRESS="+bus)
		if err := browser.launcher(d.home, d.tabs); err != nil {
			t.Fatal(err)
		}
		return d, browser.pages(t)
	}
	t.Run("one tab", func(t *testing.T) {
		d, before := desk(t)
		wait := d.start(bridges)
		browser.signIn(t, d.await(1).id, "#sign-in", "#cluster")
		d.wantHealed(wait(), 0)
		d.wantTabs(1)
		if got := browser.pages(t) - before; got != 1 {
			t.Errorf("the browser has %d new pages, want 1", got)
		}
		d.wantSecretsInKeyring(profile)
	})
	t.Run("takeover", func(t *testing.T) {
		d, _ := desk(t)
		wait := d.start(bridges)
		first := d.await(1)
		browser.at(t, first.id, chromedp.WaitVisible(chromedp.CSS("select#user")))
		if err := syscall.Kill(first.pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		browser.signIn(t, d.await(2).id, "#sign-in", "#cluster")
		d.wantHealed(wait(), 1)
		d.wantTabs(2)
	})
	t.Run("denied", func(t *testing.T) {
		d, before := desk(t)
		wait := d.start(bridges)
		browser.signIn(t, d.await(1).id, "#deny", "#reason")
		d.wantRefused(wait(), `\((the sign-in was refused: .+|the last sign-in was not completed, .+)\)`)
		// Later ones do not ask again, until somebody logs in by hand.
		d.wantRefused(d.start(1)(), `\(the last sign-in was not completed, and no browser is opened for 15 minutes after that\)`)
		d.wantTabs(1)
		if got := browser.pages(t) - before; got != 1 {
			t.Errorf("the browser has %d new pages, want 1", got)
		}
		d.login("alice")
		d.wantHealed(d.start(1)(), 0)
		d.wantTabs(1)
	})
}

// wantHealed holds clients that had to wait for a login to their answers and to
// one line in the log, except those whose bridge was killed.
func (d *desk) wantHealed(clients []started, killed int) {
	d.Helper()
	for i, c := range clients {
		switch {
		case c.err == nil && c.answer == demo.NoteTexts["deploy"]:
		case killed > 0:
			killed--
		default:
			d.Errorf("client %d: answer %q, %v\n%s", i, c.answer, c.err, c.stderr)
		}
		if n := strings.Count(c.stderr, "tshmcp login"); n > 1 {
			d.Errorf("client %d: the log names the command %d times\n%s", i, n, c.stderr)
		}
	}
	if killed > 0 {
		d.Errorf("%d clients more than the others have their answer", killed)
	}
}

// wantRefused wants an error with the command in every client, which also its
// log has.
func (d *desk) wantRefused(clients []started, why string) {
	d.Helper()
	addr := regexp.QuoteMeta(d.cluster.Addr())
	run := `the login to ` + addr + ` expired at [^;]+ ` + why + `; run: tshmcp login --proxy`
	answer, log := regexp.MustCompile(`tshmcp: `+run+` `+addr), regexp.MustCompile(`(?m)^tshmcp: `+run+`=`+addr+`$`)
	for i, c := range clients {
		if c.err == nil || !answer.MatchString(c.err.Error()) {
			d.Errorf("client %d: answer %q, %v", i, c.answer, c.err)
		}
		if n := len(log.FindAllString(c.stderr, -1)); n != 1 {
			d.Errorf("client %d: the log says it %d times\n%s", i, n, c.stderr)
		}
	}
}

// wantSecretsInKeyring wants the keys of the login and the app in the keyring,
// and in no file of the user or the browser.
func (d *desk) wantSecretsInKeyring(profile string) {
	d.Helper()
	secrets := secretsOf(d.T, d.environ)
	if len(secrets) != 2 {
		d.Errorf("%d secrets, want those of the login and of notes", len(secrets))
	}
	for _, found := range findSecrets(d.T, secrets, d.home, profile) {
		d.Error(found)
	}
	if files, _ := os.ReadDir(filepath.Join(d.state, "store")); len(files) > 0 {
		d.Errorf("there is a file store: %v", files)
	}
}
