// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"reflect"
	"testing"
	"time"
)

func TestIdentityOfCertificate(t *testing.T) {
	expires := time.Now().Add(11 * time.Hour).Truncate(time.Second)
	id := newAuthority(t, "demo-cluster").login(expires, newAuthority(t, "demo-cluster"))
	if got := id.Username(); got != "alice@example.com" {
		t.Errorf("user %q", got)
	}
	// The members of a multi-valued name are sorted when it is encoded.
	if got, want := sortedSet(id.Roles()), []string{"access", "dev", "mcp-user"}; !reflect.DeepEqual(got, want) {
		t.Errorf("roles %q; want %q", got, want)
	}
	want := map[string][]string{"logins": {"alice"}, "team": {"red", "blue"}, "empty": nil}
	if got := id.Traits(); !reflect.DeepEqual(got, want) {
		t.Errorf("traits %q; want %q", got, want)
	}
	if got := id.Cluster(); got != "demo-cluster" {
		t.Errorf("cluster %q", got)
	}
	if got := id.Expires(); !got.Equal(expires) {
		t.Errorf("expires %v; want %v", got, expires)
	}
	cert := id.TLSCertificate()
	if cert.Leaf != id.Cert || cert.PrivateKey != id.Key || !reflect.DeepEqual(cert.Certificate, [][]byte{id.Cert.Raw}) {
		t.Error("the client certificate is not the identity's")
	}
}

func TestTraitsThatCannotBeRead(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	for _, postal := range [][]string{nil, {"10115"}, {`{"logins":"alice"}`}} {
		id := &Identity{Cert: ca.pair(&x509.Certificate{Subject: pkix.Name{PostalCode: postal}}).Leaf}
		if got := id.Traits(); got != nil {
			t.Errorf("%q: traits %q; want none", postal, got)
		}
		if got := id.Roles(); got != nil {
			t.Errorf("roles %q; want none", got)
		}
	}
}

func TestKeyAndItsPEM(t *testing.T) {
	key := must(NewKey())(t)
	if key.Curve != elliptic.P256() {
		t.Errorf("curve %s", key.Curve.Params().Name)
	}
	text := must(PublicKeyPEM(key.Public()))(t)
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "PUBLIC KEY" || len(rest) != 0 {
		t.Fatalf("PEM %s", text)
	}
	pub := must(x509.ParsePKIXPublicKey(block.Bytes))(t)
	if !key.PublicKey.Equal(pub.(*ecdsa.PublicKey)) {
		t.Error("another key came back")
	}
	if _, err := PublicKeyPEM("not a key"); err == nil {
		t.Error("a string was encoded as a key")
	}
}

func TestParseCertificates(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	key := must(NewKey())(t)
	one := ca.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "one"}}, key.Public())
	two := ca.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "two"}}, key.Public())
	other := must(PublicKeyPEM(key.Public()))(t)
	bundle := append(append(append([]byte("text before\n"), other...), one...), two...)

	certs := must(ParseCertificates(bundle))(t)
	if len(certs) != 2 || certs[0].Subject.CommonName != "one" || certs[1].Subject.CommonName != "two" {
		t.Errorf("got %d certificates", len(certs))
	}
	if first := must(ParseCertificate(bundle))(t); first.Subject.CommonName != "one" {
		t.Errorf("first is %q", first.Subject.CommonName)
	}
	broken := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("junk")})
	for name, data := range map[string][]byte{"empty": nil, "no PEM": []byte("junk"), "only a key": other, "broken": broken, "broken second": append(one, broken...)} {
		if _, err := ParseCertificate(data); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
