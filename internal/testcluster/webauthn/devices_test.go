// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package webauthn

import (
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
	raw := answered(t, d, "paul", d.Challenge("paul"))
	if !d.Check("paul", raw) {
		t.Error("the right answer is refused")
	}
	if d.Check("paul", raw) {
		t.Error("a challenge is good for two answers")
	}
	if d.Check("tina", answered(t, d, "tina", d.Challenge("paul"))) {
		t.Error("the challenge of another user is taken")
	}
	if d.Check("paul", answered(t, d, "tina", d.Challenge("paul"))) {
		t.Error("the passkey of another user is taken")
	}
	if d.Check("paul", answered(t, d, "paul", d.Any())) {
		t.Error("a challenge for nobody is taken")
	}
	for _, bad := range []string{"", "null", "{}", `{"response":{"clientDataJSON":"e30"}}`} {
		if d.Check("paul", json.RawMessage(bad)) {
			t.Errorf("%q is taken", bad)
		}
	}
}

// A signature of other data than those that are sent is none.
func TestSignature(t *testing.T) {
	d := New("localhost")
	a, err := d.Answer("paul", "https://localhost", d.Challenge("paul"))
	if err != nil {
		t.Fatal(err)
	}
	a.Response.AuthenticatorData = "AAAA"
	raw, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if d.Check("paul", raw) {
		t.Error("it is taken")
	}
}

func TestChallengeExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New("localhost")
		young, old := d.Challenge("paul"), d.Challenge("paul")
		time.Sleep(4 * time.Minute)
		if !d.Check("paul", answered(t, d, "paul", young)) {
			t.Error("it is refused after four minutes")
		}
		time.Sleep(2 * time.Minute)
		if d.Check("paul", answered(t, d, "paul", old)) {
			t.Error("it is taken after six minutes")
		}
	})
}
