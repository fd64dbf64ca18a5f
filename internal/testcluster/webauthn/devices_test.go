// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package webauthn

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"
)

// answered is the user's answer to a challenge, as it is sent.
func answered(t *testing.T, d *Devices, user string, req *Request) json.RawMessage {
	t.Helper()
	a, err := d.Answer(user, "https://localhost", req)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestCheck(t *testing.T) {
	d := New("localhost")
	raw := answered(t, d, "paul", d.Challenge("paul", "login"))
	if !d.Check("paul", "login", raw) {
		t.Error("the right answer is refused")
	}
	if d.Check("paul", "login", raw) {
		t.Error("a challenge is good for two answers")
	}
	if d.Check("tina", "login", answered(t, d, "tina", d.Challenge("paul", "login"))) {
		t.Error("the challenge of another user is taken")
	}
	if d.Check("paul", "login", answered(t, d, "tina", d.Challenge("paul", "login"))) {
		t.Error("the passkey of another user is taken")
	}
	if d.Check("paul", "login", answered(t, d, "paul", d.Any())) {
		t.Error("a challenge for nobody is taken")
	}
	if d.Check("paul", "login", answered(t, d, "paul", d.Challenge("paul", "a session"))) {
		t.Error("a challenge for something else is taken")
	}
	for _, bad := range []string{"", "null", "{}", `{"response":{"clientDataJSON":"e30"}}`} {
		if d.Check("paul", "login", json.RawMessage(bad)) {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestSignature changes what the authenticator says. A signature of other data than
// those that are sent is none; and one of the right data does not help without a
// person, or with less than an authenticator says.
func TestSignature(t *testing.T) {
	d := New("localhost")
	for name, c := range map[string]struct {
		change func(data []byte) []byte
		signed bool // anew
		want   bool
	}{
		"as it was":     {func(data []byte) []byte { return data }, true, true},
		"another count": {func(data []byte) []byte { data[36]++; return data }, false, false},
		"counted anew":  {func(data []byte) []byte { data[36]++; return data }, true, true},
		"nobody there":  {func(data []byte) []byte { data[32] &^= 1; return data }, true, false},
		"cut off":       {func(data []byte) []byte { return data[:36] }, true, false},
	} {
		a, err := d.Answer("paul", "https://localhost", d.Challenge("paul", "login"))
		if err != nil {
			t.Fatal(err)
		}
		data := c.change(fromRawURL(a.Response.AuthenticatorData))
		a.Response.AuthenticatorData = rawURL(data)
		if c.signed {
			signature, err := ecdsa.SignASN1(rand.Reader, d.of("paul").key, signedSum(data, fromRawURL(a.Response.ClientData)))
			if err != nil {
				t.Fatal(err)
			}
			a.Response.Signature = rawURL(signature)
		}
		if got := d.CheckAssertion("paul", "login", a); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// An answer that was given elsewhere is none.
func TestElsewhere(t *testing.T) {
	d := New("localhost")
	for name, c := range map[string]struct {
		party, origin string
		want          bool
	}{
		"here":          {"localhost", "https://localhost:3080", true},
		"below":         {"localhost", "https://teleport.localhost", true},
		"another host":  {"localhost", "https://evil.example", false},
		"a longer name": {"localhost", "https://evillocalhost", false},
		"no TLS":        {"localhost", "http://localhost:3080", false},
		"another party": {"evil.example", "https://localhost", false},
	} {
		req := d.Challenge("paul", "login")
		d.party = c.party
		a, err := d.Answer("paul", c.origin, req)
		d.party = "localhost"
		if err != nil {
			t.Fatal(err)
		}
		if got := d.CheckAssertion("paul", "login", a); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestChallengeExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New("localhost")
		young, old := d.Challenge("paul", "login"), d.Challenge("paul", "login")
		time.Sleep(4 * time.Minute)
		if !d.Check("paul", "login", answered(t, d, "paul", young)) {
			t.Error("it is refused after four minutes")
		}
		time.Sleep(2 * time.Minute)
		if d.Check("paul", "login", answered(t, d, "paul", old)) {
			t.Error("it is taken after six minutes")
		}
	})
}
