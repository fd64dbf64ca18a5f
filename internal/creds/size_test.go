// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: how long entries become.

package creds

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"
)

// identity makes a key pair like that of a Teleport login (protocol.md 5.1):
// the user and roles in the subject, the traits as JSON in its postal code,
// signed with RSA, which makes the longest signature in use.
func identity(t testing.TB, user string, roles []string, traits map[string][]string) KeyPair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	traitJSON, err := json.Marshal(traits)
	if err != nil {
		t.Fatal(err)
	}
	subject := pkix.Name{CommonName: user, Organization: roles, PostalCode: []string{string(traitJSON)}}
	for i, value := range []string{"demo-cluster", "192.0.2.17", "sso", "none"} {
		subject.ExtraNames = append(subject.ExtraNames, pkix.AttributeTypeAndValue{
			Type: asn1.ObjectIdentifier{1, 3, 9999, 1, 7 + i}, Value: value})
	}
	cert := sign(t, key.Public(), subject)
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return KeyPair{Key: der, Cert: cert, Meta: map[string]string{
		"uri": "mcp+https://grafana.internal.example.com/mcp", "public_addr": "grafana-mcp.proxy.example.com"}}
}

func sign(t testing.TB, pub crypto.PublicKey, subject pkix.Name) []byte {
	ca, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: subject, NotBefore: time.Now(), NotAfter: time.Now().Add(12 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	issuer := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "demo-cluster", Organization: []string{"demo-cluster"}}}
	cert, err := x509.CreateCertificate(rand.Reader, template, issuer, pub, ca)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// list makes n names; random ones cannot be compressed.
func list(n int, format string, random bool) []string {
	names := make([]string, n)
	for i := range names {
		if names[i] = fmt.Sprintf(format, i); random {
			names[i] = rand.Text()
		}
	}
	return names
}

// TestEntrySizes stores logins of several sizes. The memory keyring checks the
// limits of Windows and macOS for every entry; this prints how near they are.
func TestEntrySizes(t *testing.T) {
	long := strings.Repeat("a-rather-long-name.", 12)
	for _, tc := range []struct {
		name          string
		user, proxy   string
		roles, traits []string
		maxParts      int
	}{
		{"small", "alice", "proxy.example.com:443", []string{"access"}, nil, 1},
		{"40 roles, 60 trait values", "alice@example.com", "proxy.example.com:443",
			list(40, "team-%02d-read-only-production", false), list(60, "okta-group-engineering-%02d", false), 1},
		{"40 random roles, 60 random trait values", "alice@example.com", "proxy.example.com:443",
			list(40, "", true), list(60, "", true), 2},
		{"1000 random trait values, long names", long, long + ":443", list(40, "", true), list(1000, "", true), 15},
	} {
		t.Run(tc.name, func(t *testing.T) {
			k := newMemoryKeyring(t)
			s := &Store{Dir: t.TempDir(), keyring: k}
			p := Profile{Proxy: tc.proxy, Username: tc.user, Expires: time.Now()}
			kp := identity(t, tc.user, tc.roles, map[string][]string{"groups": tc.traits, "logins": {"root", "alice"}})
			if err := s.SaveLogin(t.Context(), p, kp); err != nil {
				t.Fatal(err)
			}
			for _, account := range k.accounts() {
				t.Logf("%d+%d bytes DER: entry %4d bytes (of %d), command %4d (of %d), user name %3d (of %d): %.60s",
					len(kp.Key), len(kp.Cert), len(k.entries[account]), maxWindowsBlob,
					macCommand(account, k.entries[account]), maxMacCommand, len(account), maxWindowsUser, account)
			}
			if parts := len(k.entries) - 1; parts > tc.maxParts {
				t.Errorf("%d parts, want at most %d", parts, tc.maxParts)
			}
			if err := s.SaveApp(t.Context(), &p, App{long, long}, kp); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFullEntry has the longest part under the longest account.
func TestFullEntry(t *testing.T) {
	long := strings.Repeat("x", 300)
	name := partName(appAccount(&Profile{Proxy: long, Username: long}, App{long, long}), 2, maxParts)
	k := newMemoryKeyring(t)
	if err := k.set(name, strings.Repeat("x", partSize)); err != nil {
		t.Error(err)
	}
	t.Logf("entry %d bytes, command %d, user name %d", partSize, macCommand(name, strings.Repeat("x", partSize)), len(name))
}
