// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// pair is a key with a certificate until then.
func pair(t *testing.T, until time.Time) creds.KeyPair {
	t.Helper()
	key, err := teleport.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey((*ecdsa.PrivateKey)(key))
	if err != nil {
		t.Fatal(err)
	}
	return creds.KeyPair{Key: der, Cert: cert}
}

// TestLogin is a login with apps that end with it, before it and after it.
func TestLogin(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	store := &creds.Store{Dir: t.TempDir()}
	p := creds.Profile{Proxy: "a:443", Cluster: "c", Username: "u", Expires: now.Add(time.Minute), Store: creds.File}
	if err := store.SaveLogin(t.Context(), p, pair(t, p.Expires)); err != nil {
		t.Fatal(err)
	}
	for app, until := range map[creds.App]time.Time{
		{Name: "short"}:              now.Add(10 * time.Second),
		{Name: "equal"}:              p.Expires,
		{Name: "long"}:               now.Add(time.Hour),
		{Name: "long", Leaf: "leaf"}: now.Add(time.Hour),
	} {
		if err := store.SaveApp(t.Context(), &p, app, pair(t, until)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := (&access.Clusters{Store: store, Now: time.Now}).Logins()
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	for _, test := range []struct {
		at         time.Time
		expired    bool
		apps, long string
	}{
		{now, false, "equal long short long@leaf", "long long@leaf"},
		{now.Add(30 * time.Second), false, "equal long long@leaf", "long long@leaf"},
		{now.Add(2 * time.Minute), true, "long long@leaf", "long long@leaf"},
		{now.Add(2 * time.Hour), true, "", ""},
	} {
		l, err := newLogin(all[0], test.at)
		if err != nil || l.Expired != test.expired || l.ExpiresIn != int64(p.Expires.Sub(test.at)/time.Second) || l.Store != "file" {
			t.Errorf("%+v, %v", l, err)
		}
		if apps := strings.Join(l.allApps(), " "); apps != test.apps {
			t.Errorf("at %v: apps %s, want %s", test.at.Sub(now), apps, test.apps)
		}
		if long := strings.Join(l.outliving(), " "); long != test.long {
			t.Errorf("at %v: outliving %s, want %s", test.at.Sub(now), long, test.long)
		}
		if text, err := json.Marshal(l); err != nil || strings.Contains(string(text), "null") {
			t.Errorf("%s, %v", text, err)
		}
		if !slices.IsSorted(l.Apps) {
			t.Errorf("apps %v", l.Apps)
		}
	}
}
