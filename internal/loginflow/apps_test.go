// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// guarded is a cluster in which notes needs a second factor for each session, and
// open none.
func guarded() testcluster.Config {
	return testcluster.Config{
		Connector: testcluster.Connector{Type: "oidc", MFA: true},
		Users:     []testcluster.User{{Name: "alice", Roles: []string{"careful", "free"}}, {Name: "bob", Roles: []string{"careful"}}},
		Roles: []testcluster.Role{
			{Name: "careful", AllowAppLabels: map[string][]string{"env": {"prod"}}, RequireSessionMFA: true},
			{Name: "free", AllowAppLabels: map[string][]string{"env": {"dev"}}},
		},
		Apps: []testcluster.App{
			{Name: "notes", URI: "mcp+http://127.0.0.1:1/mcp", Labels: map[string]string{"env": "prod"}},
			{Name: "open", URI: "http://127.0.0.1:1", Labels: map[string]string{"env": "dev"}},
		},
	}
}

func clustersOf(f *Flow) *access.Clusters {
	return &access.Clusters{Store: f.Store, Now: time.Now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil }}
}

// keep logs in and gets the certificates of apps.
func (l *teller) keep(f *Flow, names ...string) (kept []string, err error) {
	l.t.Helper()
	f.WebCA, f.Apps = string(l.cluster.WebCA()), true
	done, err := f.Run(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	apps := Apps{Flow: f, Clusters: clustersOf(f), Names: names}
	err = apps.Keep(l.t.Context(), done, func(name string, until time.Time) {
		if !until.Equal(done.Profile.Expires) {
			l.t.Errorf("%s until %v, the login until %v", name, until, done.Profile.Expires)
		}
		kept = append(kept, name)
	})
	l.browser.Wait()
	return kept, err
}

// TestAppsOfALogin: what needs a second factor is confirmed, what needs none is not,
// and a login that is valid is not made again for it.
func TestAppsOfALogin(t *testing.T) {
	const confirm = "confirm with your passkey, your security key or your single sign-on to use notes"
	f, told := startFlow(t, guarded())
	for _, want := range [][]string{{"sign in", confirm}, {confirm}} {
		told.told = nil
		kept, err := told.keep(f, "open", "notes")
		if err != nil || !slices.Equal(kept, []string{"open", "notes"}) {
			t.Fatalf("%q, %v", kept, err)
		}
		links := slices.DeleteFunc(told.told, func(text string) bool { return !strings.HasPrefix(text, "sign in") && text != confirm })
		if !slices.Equal(links, want) {
			t.Errorf("links to %q, want %q", links, want)
		}
	}
	p, err := f.Store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	if apps, err := f.Store.Apps(p); err != nil || len(apps) != 2 {
		t.Errorf("stored %v, %v", apps, err)
	}
}

// TestAppsDeclined: whoever declines keeps what there was before.
func TestAppsDeclined(t *testing.T) {
	f, told := startFlow(t, guarded())
	f.WebCA = string(told.cluster.WebCA())
	loggedIn(t, f, nil)
	told.browser.Wait()
	told.user = ""
	kept, err := told.keep(f, "open", "notes")
	var declined *login.UnconfirmedError
	if !errors.As(err, &declined) || !slices.Equal(kept, []string{"open"}) {
		t.Errorf("%q, %v", kept, err)
	}
	var unknown *access.UnknownServerError
	if _, err := told.keep(f, "note"); !errors.As(err, &unknown) || !strings.Contains(strings.Join(unknown.Hints(), " "), "did you mean notes?") {
		t.Errorf("%v", err)
	}
}

// TestConfirmForABridge: its certificate is stored, and what its error says has no word
// of a command line.
func TestConfirmForABridge(t *testing.T) {
	f, told := startFlow(t, guarded())
	loggedIn(t, f, nil)
	told.browser.Wait()
	c, err := clustersOf(f).OpenLogin(access.Source{WebCA: string(told.cluster.WebCA())})
	if err != nil {
		t.Fatal(err)
	}
	confirm := &Confirm{Cluster: c, App: "notes", Teller: told}
	cert, err := confirm.Run(t.Context())
	if err != nil || !cert.HasFactor() {
		t.Fatalf("%v", err)
	}
	told.browser.Wait()
	stored, err := c.StoredApp(t.Context(), "notes")
	if err != nil || stored == nil || !stored.Leaf.Equal(cert.Leaf) {
		t.Errorf("stored %v, %v", stored, err)
	}
	told.user = "bob" // signs in at the identity provider in the place of alice
	var declined *login.UnconfirmedError
	if cert, err := confirm.Run(t.Context()); cert != nil || !errors.As(err, &declined) {
		t.Errorf("somebody else: %v, %v", cert, err)
	}
	told.browser.Wait()
}
