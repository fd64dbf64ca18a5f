// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

func TestMargin(t *testing.T) {
	begin := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for life, want := range map[time.Duration]time.Duration{
		12 * time.Hour: time.Minute, 10 * time.Minute: time.Minute, 2 * time.Minute: 12 * time.Second, -time.Hour: 0,
	} {
		if got := Margin(begin, begin.Add(life)); got != want {
			t.Errorf("of %v: %v, want %v", life, got, want)
		}
	}
	if got := Margin(time.Time{}, begin); got != time.Minute {
		t.Errorf("of a life that nobody noted: %v", got)
	}
}

// TestIssuedAt: a certificate is backdated, and one that is not is read as it is
// where that shows.
func TestIssuedAt(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for _, life := range []time.Duration{time.Second, 10 * time.Second, 59 * time.Second, 2 * time.Minute, time.Hour} {
		cert := &x509.Certificate{NotBefore: now.Add(-time.Minute), NotAfter: now.Add(life)}
		if got := IssuedAt(cert); !got.Equal(now) {
			t.Errorf("%v: %v", life, got)
		}
	}
	if got := IssuedAt(&x509.Certificate{NotBefore: now, NotAfter: now.Add(time.Second)}); !got.Equal(now) {
		t.Errorf("not backdated: %v", got)
	}
}

// TestSeemsOver: the cluster is asked for its time before a login is called expired,
// once and not for each request, whatever comes of it; what it says is kept.
func TestSeemsOver(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(`{"server_version":"18.3.0","cluster_name":"c"}`)) // with the Date of now
	}))
	defer proxy.Close()
	webCA := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})
	nobody := func(context.Context, string, string) (net.Conn, error) {
		asked.Add(1)
		return nil, errors.New("no way")
	}
	const ahead = 2 * 365 * 24 * time.Hour // of this machine's clock
	for name, test := range map[string]struct {
		wrong   time.Duration
		expires time.Duration // from now
		dial    func(context.Context, string, string) (net.Conn, error)
		asks    int32
		says    string // "": it is not over
		kept    bool
	}{
		"valid by both":           {0, time.Hour, nil, 0, "", false},
		"valid by the cluster's":  {ahead, time.Hour, nil, 1, "", true},
		"over by both":            {ahead, -time.Hour, nil, 1, "by the cluster's clock: this machine's clock is 17520h0m ahead of the cluster's", true},
		"over, and both agree":    {0, -time.Hour, nil, 1, "expired at ", false},
		"nobody tells":            {ahead, time.Hour, nobody, 1, " by this machine's clock", false},
		"nobody tells, and right": {0, -time.Hour, nobody, 1, " by this machine's clock", false},
	} {
		t.Run(name, func(t *testing.T) {
			asked.Store(0)
			o := &Clusters{
				Store: &creds.Store{Dir: t.TempDir()}, Dial: test.dial,
				Now:         func() time.Time { return time.Now().Add(test.wrong) },
				UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeAuto, nil },
			}
			p := creds.Profile{
				Proxy: proxy.Listener.Addr().String(), Cluster: "c", Username: "alice", Store: creds.File, WebCA: string(webCA),
				Issued: time.Now().Add(-2 * time.Hour), Expires: time.Now().Add(test.expires),
			}
			if err := o.Store.SaveLogin(t.Context(), p, creds.KeyPair{Key: []byte("key"), Cert: []byte("cert")}); err != nil {
				t.Fatal(err)
			}
			for range 5 { // requests of one bridge
				c, err := o.OpenLogin(Source{Addr: p.Proxy})
				if err != nil {
					t.Fatal(err)
				}
				err = c.checkTime(t.Context())
				if (err != nil) != (test.says != "") || err != nil && !strings.Contains(err.Error(), test.says) {
					t.Fatalf("error %v, want %q", err, test.says)
				}
				if err != nil && test.wrong == 0 && test.dial == nil && strings.Contains(err.Error(), "clock") {
					t.Errorf("the clocks agree, and it says %q", err)
				}
			}
			if n := asked.Load(); n != test.asks {
				t.Errorf("asked %d times, want %d", n, test.asks)
			}
			kept, err := o.Store.Profile(p.Proxy)
			if err != nil || (kept.ClockSkew != 0) != test.kept || test.kept && (kept.ClockSkew+test.wrong).Abs() > 2*time.Second {
				t.Errorf("kept %v, %v", kept.ClockSkew, err)
			}
		})
	}
}
