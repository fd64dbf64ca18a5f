// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"errors"
	"testing"
	"time"
)

// The rules for a client's callback (protocol.md 2.2).
func TestParseCallback(t *testing.T) {
	for s, allowed := range map[string]bool{
		"http://127.0.0.1:41234/callback?secret_key=00":               true,
		"http://localhost:41234/callback?secret_key=00":               true,
		"http://[::1]:41234/callback?secret_key=00":                   true,
		"http://localhost/callback?secret_key=00":                     true,
		"http://127.0.0.1:41234/callback?secret_key=":                 true,
		"https://127.0.0.1:41234/callback?secret_key=00":              false,
		"http://127.0.0.2:41234/callback?secret_key=00":               false,
		"http://localhost.evil.example/callback?secret_key=00":        false,
		"http://192.168.1.2:41234/callback?secret_key=00":             false,
		"http://127.0.0.1:41234/callback":                             false,
		"http://127.0.0.1:41234/callback?secret_key=00&x=1":           false,
		"http://127.0.0.1:41234/callback?secret_key=00&secret_key=11": false,
		"http://127.0.0.1:41234/callback?key=00":                      false,
		"http://127.0.0.1:41234/callback/?secret_key=00":              false,
		"http://127.0.0.1:41234/c%61llback?secret_key=00":             false,
		"http://127.0.0.1:41234/?secret_key=00":                       false,
		"http://user@127.0.0.1:41234/callback?secret_key=00":          false,
		"http://127.0.0.1:41234/callback?secret_key=00#fragment":      false,
		"http://127.0.0.1:41234/callback?secret_key=00#":              false,
		"http://127.0.0.1:41234/callback?secret_key=%zz":              false,
		"http:127.0.0.1/callback?secret_key=00":                       false,
		"ftp://127.0.0.1/callback?secret_key=00":                      false,
		"://":                                                         false,
	} {
		u, err := (Connector{}).parseCallback(s)
		if allowed != (err == nil) || err != nil && !errors.Is(err, errDisallowedCallback) {
			t.Errorf("%q: %v, %v; want allowed %v", s, u, err, allowed)
		}
	}
}

// The proxy forgets a login after ten minutes (protocol.md 2.4).
func TestLoginExpires(t *testing.T) {
	var l ssoLogins
	young := l.begin(&login{begun: time.Now().Add(-9 * time.Minute)})
	old := l.begin(&login{begun: time.Now().Add(-11 * time.Minute)})
	if l.find(young) == nil {
		t.Error("a login of nine minutes is not known any more")
	}
	if l.find(old) != nil {
		t.Error("a login of eleven minutes is still known")
	}
	l.begin(&login{begun: time.Now()})
	if len(l.byState) != 2 {
		t.Errorf("%d logins are kept, want 2", len(l.byState))
	}
}

// A code is good for the login that it was made for.
func TestCodeOfAnotherLogin(t *testing.T) {
	var l ssoLogins
	one, two := &login{begun: time.Now()}, &login{begun: time.Now()}
	code := l.grant(one, "alice")
	if user, ok := l.redeem(two, code); ok {
		t.Errorf("another login got %q for it", user)
	}
	if user, ok := l.redeem(one, code); !ok || user != "alice" {
		t.Errorf("got %q, %v", user, ok)
	}
}
