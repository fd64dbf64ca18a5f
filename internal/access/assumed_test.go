// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestAssumedIdentity is which certificate an identity has, for all apps and for one.
func TestAssumedIdentity(t *testing.T) {
	key, err := teleport.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := teleport.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(time.Hour)
	issue := func(name string, pub any) *x509.Certificate {
		template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: end}
		der, err := x509.CreateCertificate(nil, template, template, pub, key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return cert
	}
	store := &creds.Store{Dir: t.TempDir()}
	p := creds.Profile{Proxy: "a:443", Cluster: "c", Username: "u", Expires: end, Store: creds.File}
	login, err := FromIdentity(&teleport.Identity{Key: key, Cert: issue("login", &key.PublicKey)})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.SaveLogin(t.Context(), p, login); err != nil {
		t.Fatal(err)
	}
	assume := func(all ...creds.Assumed) *Cluster {
		t.Helper()
		if err := creds.Assume(t.Context(), store, &p, func([]creds.Assumed) []creds.Assumed { return all }); err != nil {
			t.Fatal(err)
		}
		clusters := &Clusters{Store: store, Now: time.Now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeNever, nil }}
		c, err := clusters.Open(Source{Addr: "a:443"})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	soon := time.Now().Add(time.Minute)
	roles := creds.Assumed{Requests: []string{"1"}, Cert: CertPEM(issue("roles", &key.PublicKey)), Expires: end}
	app := creds.Assumed{Requests: []string{"2"}, Cert: CertPEM(issue("app", &key.PublicKey)), Apps: []creds.App{{Name: "notes"}}, Expires: soon}
	over := roles
	over.Expires = time.Now()
	for _, tt := range []struct {
		c     *Cluster
		want  string
		until time.Time
	}{
		{assume(), "login", end},
		{assume(roles), "roles", end},
		{assume(roles, app), "roles", end},
		{As(assume(roles, app), "notes"), "app", soon},
		{As(assume(roles, app), "others"), "roles", end},
		{As(assume(app), "others"), "login", end},
		{assume(over), "login", end},
		{Login(assume(roles)), "login", end},
	} {
		id, err := tt.c.Identity(t.Context())
		if err != nil || id.Username() != tt.want || !Until(tt.c).Equal(tt.until) {
			t.Errorf("%v, %v until %v, want %s until %v", id, err, Until(tt.c), tt.want, tt.until)
		}
	}
	if grants := Grants(assume(roles, app)); len(grants) != 1 || grants[0].Apps[0] != "notes" || len(Grants(assume(roles))) != 0 {
		t.Errorf("grants %v", grants)
	}
	foreign, damaged := roles, roles
	foreign.Cert, damaged.Cert = CertPEM(issue("foreign", &other.PublicKey)), "nothing"
	for _, bad := range []creds.Assumed{foreign, damaged} {
		var wrong *AssumedError
		c := assume(bad)
		c.Named = []string{"--proxy=a.test:1"}
		if _, err := c.Identity(t.Context()); !errors.As(err, &wrong) || strings.Join(wrong.Hints(), "\n") != "run: tshmcp request drop --proxy=a.test:1" {
			t.Errorf("%v", err)
		}
	}
}

// TestDeletedRequestWhereNobodyAnswers: what other requests give is not given up with a
// deleted one where the cluster cannot be asked for it.
func TestDeletedRequestWhereNobodyAnswers(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{Users: []testcluster.User{{Name: "alice"}}})
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	store := &creds.Store{Dir: t.TempDir()}
	keyPEM, certPEM, hostCA, err := cluster.Issue("alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := pem.Decode(keyPEM)
	cert, _ := pem.Decode(certPEM)
	end := time.Now().Add(time.Hour)
	p := creds.Profile{Proxy: cluster.Addr(), Cluster: cluster.Name(), Username: "alice", Expires: end, Store: creds.File, HostCAs: []string{string(hostCA)}, WebCA: string(cluster.WebCA())}
	if err := store.SaveLogin(t.Context(), p, creds.KeyPair{Key: key.Bytes, Cert: cert.Bytes}); err != nil {
		t.Fatal(err)
	}
	clusters := &Clusters{Store: store, Now: time.Now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeNever, nil }}
	open := func() *Cluster {
		t.Helper()
		c, err := clusters.Open(Source{Addr: cluster.Addr()})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	both := creds.Assumed{Requests: []string{"first", "second"}, Cert: "x", Expires: end}
	if err := Assume(t.Context(), open(), func([]creds.Assumed) []creds.Assumed { return []creds.Assumed{both} }); err != nil {
		t.Fatal(err)
	}
	c := open()
	a, left := endedBy(c, &teleport.AuthError{Message: `access request "first" not found`})
	if a == nil || !slices.Equal(left, []string{"second"}) {
		t.Fatalf("%v, and %q are left", a, left)
	}
	cluster.Close()
	if _, err := without(t.Context(), c, a, left); err == nil {
		t.Error("it is given up")
	}
	if still := open().Profile.Assumed; len(still) != 1 || !slices.Equal(still[0].Requests, both.Requests) {
		t.Errorf("still assumed: %v", still)
	}
	if c, err := without(t.Context(), c, a, nil); err != nil || len(c.Profile.Assumed)+len(open().Profile.Assumed) != 0 {
		t.Errorf("where none is left: %v", err)
	}
}

// TestMarkAssumed: what is assumed, dropped or over replaces what was, for
// the app that it is for.
func TestMarkAssumed(t *testing.T) {
	store := &creds.Store{Dir: t.TempDir()}
	now := time.Now()
	p := creds.Profile{Proxy: "a:443", Cluster: "c", Username: "u", Expires: now.Add(time.Hour), Store: creds.File}
	if err := store.SaveLogin(t.Context(), p, creds.KeyPair{}); err != nil {
		t.Fatal(err)
	}
	at := now
	clusters := &Clusters{Store: store, Now: func() time.Time { return at }}
	notes, others := clusters.Watched(Source{Leaf: "c"}, "notes"), clusters.Watched(Source{}, "others")
	was, wasOthers := notes("a:443"), others("a:443")
	changed := func(what string, want bool) {
		t.Helper()
		is := notes("a:443")
		if is.Replaces(was, p.Expires) != want || is.OtherAccess(was) != want || !is.SameUser(was) {
			t.Errorf("%s: replaces %v, other access %v, same user %v", what, is.Replaces(was, p.Expires), is.OtherAccess(was), is.SameUser(was))
		}
		was = is
		if is := others("a:443"); is.Replaces(wasOthers, p.Expires) || !is.SameUser(wasOthers) {
			t.Errorf("%s: another app is touched", what)
		}
	}
	changed("nothing", false)
	set := func(all ...creds.Assumed) {
		if err := creds.Assume(t.Context(), store, &p, func([]creds.Assumed) []creds.Assumed { return all }); err != nil {
			t.Fatal(err)
		}
	}
	a := creds.Assumed{Requests: []string{"1"}, Cert: "x", Apps: []creds.App{{Name: "notes"}}, Expires: now.Add(time.Minute)}
	set(a)
	changed("assumed", true)
	changed("assumed, still", false)
	a.Cert = "of a new login"
	set(a)
	if is := notes("a:443"); !is.Replaces(was, p.Expires) || is.OtherAccess(was) {
		t.Errorf("the same with a new login: replaces %v, other access %v", is.Replaces(was, p.Expires), is.OtherAccess(was))
	}
	was = notes("a:443")
	at = now.Add(time.Minute)
	changed("over", true)
	at = now
	changed("again", true)
	set()
	changed("dropped", true)
}
