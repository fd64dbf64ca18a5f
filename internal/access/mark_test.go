// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestMarkReplaces is when what an identity has brought is not used any more.
func TestMarkReplaces(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	in := func(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }
	own := func(user string, hours int) Mark { return Mark{known: true, user: user, until: in(hours)} }
	tsh := func(user, serial string) Mark { return Mark{known: true, from: FromTSH, user: user, key: serial} }
	nobody := Mark{known: true}
	for name, tc := range map[string]struct {
		was, is Mark
		want    bool
	}{
		"the first":               {Mark{}, own("alice", 1), false},
		"no news":                 {own("alice", 1), Mark{}, false},
		"the same":                {own("alice", 1), own("alice", 1), false},
		"in another time zone":    {own("alice", 1), Mark{known: true, user: "alice", until: in(1).Local()}, false},
		"another user":            {own("alice", 1), own("bob", 1), true},
		"a longer login":          {own("alice", 2), own("alice", 3), true},
		"a shorter one":           {own("alice", 2), own("alice", 1), false},
		"a short one of another":  {own("alice", 2), own("bob", 1), true},
		"logged out":              {own("alice", 2), nobody, true},
		"logged in":               {nobody, own("alice", 1), true},
		"tsh's instead":           {own("alice", 2), tsh("alice", "1"), true},
		"tshmcp's instead":        {tsh("alice", "1"), own("alice", 1), true},
		"tsh, the same":           {tsh("alice", "1"), tsh("alice", "1"), false},
		"tsh, renewed":            {tsh("alice", "1"), tsh("alice", "2"), true},
		"tsh, another user":       {tsh("alice", "1"), tsh("bob", "1"), true},
		"tsh, logged out":         {tsh("alice", "1"), nobody, true},
		"tsh, not to be read now": {tsh("alice", "1"), Mark{}, false},
	} {
		if got := tc.is.Replaces(tc.was, in(2)); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestMarkSameUser is whether what goes on was begun by the user of now.
func TestMarkSameUser(t *testing.T) {
	alice, longer := Mark{known: true, user: "alice"}, Mark{known: true, user: "alice", from: FromTSH, until: time.Unix(9, 0)}
	bob, nobody := Mark{known: true, user: "bob"}, Mark{known: true}
	for name, tc := range map[string]struct {
		was, is Mark
		want    bool
	}{
		"the same":     {alice, alice, true},
		"renewed":      {alice, longer, true},
		"another user": {alice, bob, false},
		"logged out":   {alice, nobody, false},
		"no news":      {alice, Mark{}, true},
		"the first":    {Mark{}, alice, true},
	} {
		if got := tc.is.SameUser(tc.was); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestMarkOfTSH has tsh log in and out, and be in the middle of it.
func TestMarkOfTSH(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{Users: []testcluster.User{{Name: "alice"}, {Name: "bob"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	home := identfile.TSH{Dir: t.TempDir()}
	put := func(name string, data []byte) {
		t.Helper()
		path := filepath.Join(home.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const keys = "keys/127.0.0.1/"
	login := func(user string) (finish func()) {
		t.Helper()
		key, cert, ca, err := cluster.Issue(user, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		put("127.0.0.1.yaml", []byte("web_proxy_addr: "+cluster.Addr()+"\nuser: "+user+"\n"))
		put(keys+"certs.pem", ca)
		put(keys+user+".crt", cert)
		return func() { put(keys+user+".key", key) }
	}
	who := (&Clusters{Store: &creds.Store{Dir: t.TempDir()}, Now: time.Now}).Watched(Source{TSH: home}, "")
	var last Mark
	step := func(what, user string, known, replaces bool) {
		t.Helper()
		m := who(cluster.Addr())
		if m.known != known || known && m.user != user || m.Replaces(last, time.Now()) != replaces {
			t.Errorf("%s: %+v after %+v", what, m, last)
		}
		last = m.Or(last)
	}
	step("nobody", "", true, false)
	login("alice")()
	step("alice", "alice", true, true)
	step("still alice", "alice", true, false)
	finish := login("alice")
	step("in the middle of a renewal", "", false, false)
	finish()
	step("renewed", "alice", true, true)
	put(keys+"alice.crt", []byte("-----BEGIN"))
	step("a certificate that is being written", "", false, false)
	finish = login("bob")
	put(keys+"bob.key", []byte(strings.Repeat("x", 9)))
	step("another user, who cannot be read", "bob", true, true)
	finish()
	step("bob, who can", "bob", true, false)
	put("127.0.0.1.yaml", nil)
	step("a profile that is being written", "", false, false)
	login("bob")()
	step("bob again", "bob", true, true)
	if err := os.RemoveAll(filepath.Join(home.Dir, "keys")); err != nil {
		t.Fatal(err)
	}
	step("logged out", "", true, true)
}
