// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: who signs in when a bridge asks for it, and where none may be asked.

package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// stateFiles is everything below a state directory that a login consists of.
func (d *desk) stateFiles() map[string]string {
	d.Helper()
	files := map[string]string{}
	for _, part := range []string{"profiles", "store", "index", "current"} {
		err := filepath.WalkDir(filepath.Join(d.state, part), func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			files[path] = string(text)
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			d.Fatal(err)
		}
	}
	return files
}

// pageAfter signs user in at a link as a browser does, and returns the page that
// it ends at.
func (d *desk) pageAfter(link, user string) string {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), scriptTime)
	defer cancel()
	page, err := testcluster.SignInPage(ctx, link, user, rootPool(d.cluster.WebCA()))
	if err != nil {
		d.Fatal(err)
	}
	return page
}

// TestReloginAsAnother signs another user in at the tab of a bridge: nothing is
// stored, both are named, nobody runs as somebody else, and no tab opens for a
// while. The login by hand heals it.
func TestReloginAsAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	before := d.stateFiles()
	wait := d.start(1)
	page := d.pageAfter(string(d.await(1).id), "bob")
	if !strings.Contains(page, "bob signed in in the browser, but this bridge runs as alice") || strings.Contains(page, "You are signed in") {
		t.Errorf("the browser shows\n%s", page)
	}
	if c := wait()[0]; c.err == nil || !strings.Contains(c.err.Error(), "bob signed in in the browser, but this bridge runs as alice") {
		t.Errorf("the client is told %v", c.err)
	}
	if after := d.stateFiles(); !maps.Equal(before, after) {
		t.Errorf("the stored login has changed: %d files, then %d", len(before), len(after))
	}
	if n := len(d.cluster.Sessions()); n != 0 {
		t.Errorf("%d app sessions of somebody", n)
	}
	if c := d.start(1)()[0]; c.err == nil || !strings.Contains(c.err.Error(), "no browser is opened for 15 minutes") {
		t.Errorf("the next bridge says %v", c.err)
	}
	d.wantTabs(1)
	d.login("alice")
	if c := d.start(1)()[0]; c.err != nil {
		t.Errorf("after the login by hand: %v", c.err)
	}
}

// TestNoTabForUnknown has an entry that names a proxy without a login of its own,
// or does not verify it: no tab is opened there, and the command is named.
func TestNoTabForUnknown(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	other, ca := startNotesCluster(t)
	for name, test := range map[string]struct{ args, want string }{
		"unknown":  {"--proxy=" + other.Addr() + " --ca-file=" + ca, "not logged in to " + other.Addr() + "; run: tshmcp login --proxy " + other.Addr()},
		"insecure": {"--insecure", "no browser is opened with --insecure"},
	} {
		cmd := tshmcp(t, d.environ, append([]string{"connect", "notes"}, strings.Fields(test.args)...)...)
		if _, err := callOnce(cmd, "get_note", `{"name":"deploy"}`); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want)
		}
	}
	d.wantTabs(0)
}

// linkLine is the link of a login on a screen, to its end.
var linkLine = pattern.New(anyLoginLink + `\r`)

// TestAnotherIsAskedAbout signs another user in at a login on a terminal: the
// browser does not call that done, and the person decides.
func TestAnotherIsAskedAbout(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	before := d.stateFiles()
	for _, answer := range []string{"n", "y"} {
		s := startOnScreen(t, false, tshmcp(t, d.environ, "login", "--browser=none", "--force"))
		s.expect("Open this link to sign in:\r\n\r\n  http://127.0.0.1:")
		for deadline := time.Now().Add(scriptTime); !linkLine.MatchString(s.text()); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("no link is shown:\n%s", s.text())
			}
		}
		page := d.pageAfter(loginLink.Regexp().FindString(s.text()), "bob")
		if !strings.Contains(page, "There is a question about this sign-in") || strings.Contains(page, "You are signed in") {
			t.Errorf("the browser shows\n%s", page)
		}
		s.expect("This would replace alice's login to " + d.cluster.Addr() + " by one of bob. Do that? [y/N] ")
		s.enter(answer + "\r")
		code := s.end()
		if changed := !maps.Equal(before, d.stateFiles()); changed != (answer == "y") || (code == 0) != changed {
			t.Errorf("%s: exit code %d, the stored login has changed: %v\n%s", answer, code, changed, s.text())
		}
	}
}
