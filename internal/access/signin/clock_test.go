// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: this machine's clock is wrong.

package signin

import (
	"context"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestClockIsCompared: before a tab opens the cluster is asked for its time. A
// login that is valid by that needs none, and the difference is kept.
func TestClockIsCompared(t *testing.T) {
	proxy := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"server_version":"18.3.0","cluster_name":"c"}`)) // with the Date of now
	}))
	defer proxy.Close()
	webCA := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})
	addr := proxy.Listener.Addr().String()
	for name, test := range map[string]struct {
		wrong   time.Duration // how far this machine's clock is ahead
		expires time.Duration // from now
		tab     bool
		says    string
	}{
		"ahead, and the login valid":   {2 * time.Hour, time.Hour, false, ""},
		"ahead, and the login over":    {2 * time.Hour, -time.Minute, true, "this machine's clock is 2h0m ahead of the cluster's"},
		"behind, and the login over":   {-2 * time.Hour, -time.Minute, true, "this machine's clock is 2h0m behind the cluster's"},
		"nearly right, the login over": {30 * time.Second, -time.Minute, true, "expired at"},
	} {
		t.Run(name, func(t *testing.T) {
			d := &desk{T: t, dir: t.TempDir()}
			now := func() time.Time { return time.Now().Add(test.wrong) }
			g := d.gate(now, func(context.Context) error { return ErrNobody })
			g.Clusters.Dial = nil
			store := &creds.Store{Dir: d.dir}
			if err := store.SaveLogin(t.Context(), creds.Profile{
				Proxy: addr, Cluster: "c", Username: "alice", Store: creds.File, WebCA: string(webCA),
				Issued: time.Now().Add(-2 * time.Hour), Expires: time.Now().Add(test.expires),
			}, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
				t.Fatal(err)
			}
			err := g.Attend(t.Context(), addr, time.Time{})
			if tab := d.tabs > 0; tab != test.tab || (err != nil) != test.tab {
				t.Fatalf("a tab was opened: %v, error %v", tab, err)
			}
			if err != nil && !strings.Contains(err.Error(), test.says) {
				t.Errorf("it says %q", err)
			}
			p, err := store.Profile(addr)
			if err != nil {
				t.Fatal(err)
			}
			want := -test.wrong
			if want.Abs() <= time.Minute {
				want = 0
			}
			if (p.ClockSkew - want).Abs() > 2*time.Second {
				t.Errorf("%v is kept", p.ClockSkew)
			}
			other := &access.Clusters{Store: store, Now: now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil }}
			if _, valid := other.LoggedIn(addr); valid != !test.tab {
				t.Errorf("the next process takes the login for valid: %v", valid)
			}
		})
	}
}
