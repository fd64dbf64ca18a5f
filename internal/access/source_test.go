// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestSettle: where no port is named, that of a login counts: of tshmcp before
// that of tsh, 443 and 3080 before others.
func TestSettle(t *testing.T) {
	home := t.TempDir()
	profile := "web_proxy_addr: borrowed.test:8443\nuser: alice\n"
	if err := os.WriteFile(filepath.Join(home, "borrowed.test.yaml"), []byte(profile), 0o600); err != nil {
		t.Fatal(err)
	}
	tsh := identfile.TSH{Dir: home}
	for _, tt := range []struct {
		logins []string // the last one is current
		asked  string
		want   string
		known  bool
	}{
		{nil, "a.test", "a.test:443", false},
		{nil, "a.test:9", "a.test:9", true},
		{nil, "borrowed.test", "borrowed.test:8443", true},
		{[]string{"borrowed.test:3080"}, "borrowed.test", "borrowed.test:3080", true},
		{[]string{"a.test:3080", "b.test:443"}, "a.test", "a.test:3080", true},
		{[]string{"a.test:3080"}, "a.test:443", "a.test:443", true},
		{[]string{"a.test:443", "a.test:3080"}, "a.test", "a.test:443", true},
		{[]string{"a.test:9", "a.test:3080"}, "a.test", "a.test:3080", true},
		{[]string{"a.test:3080", "a.test:9"}, "a.test", "a.test:3080", true},
		{[]string{"a.test:7", "a.test:8", "a.test:9"}, "a.test", "a.test:9", true},
		{[]string{"[::1]:9", "a.test:8"}, "::1", "[::1]:9", true},
		{[]string{"a.test.b:3080"}, "a.test", "a.test:443", false},
	} {
		store := &creds.Store{Dir: t.TempDir()}
		for _, proxy := range tt.logins {
			p := creds.Profile{Proxy: proxy, Username: "alice", Store: creds.File}
			if err := store.SaveLogin(t.Context(), p, creds.KeyPair{Key: []byte("k"), Cert: []byte("c")}); err != nil {
				t.Fatal(err)
			}
		}
		to, err := teleport.ReadAddr(tt.asked)
		if err != nil {
			t.Fatal(err)
		}
		got, known := (&Clusters{Store: store}).Settle(to, tsh)
		if got != tt.want || known != tt.known {
			t.Errorf("%v, %s: %s, %v; want %s", tt.logins, tt.asked, got, known, tt.want)
		}
	}
	if got, _ := (&Clusters{Store: &creds.Store{Dir: t.TempDir()}}).Settle(teleport.Addr{}, tsh); got != "" {
		t.Errorf("no address: %s", got)
	}
}
