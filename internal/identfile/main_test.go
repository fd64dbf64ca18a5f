// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: certificates of a cluster of the test's own.

package identfile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// must turns a result and its error into the result: must(f())(t).
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// authority is the CA of a cluster of the test's own, for certificates that a
// real cluster does not issue.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB, cluster string) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{Organization: []string{cluster}, CommonName: cluster},
		NotBefore:             time.Now().Add(-time.Minute),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	return &authority{t: t, cert: must(x509.ParseCertificate(der))(t), key: key}
}

func (a *authority) pem() []byte { return certPEM(a.cert) }

// issue returns a certificate in PEM. Attributes are numbers below 1.3.9999.
func (a *authority) issue(pub crypto.PublicKey, user string, ttl time.Duration, attributes map[[2]int]string) []byte {
	a.t.Helper()
	subject := pkix.Name{CommonName: user, Organization: []string{"access"}}
	for oid, value := range attributes {
		subject.ExtraNames = append(subject.ExtraNames, pkix.AttributeTypeAndValue{
			Type: asn1.ObjectIdentifier{1, 3, 9999, oid[0], oid[1]}, Value: value,
		})
	}
	template := &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, big.NewInt(1<<62)))(a.t),
		Subject:      subject,
		NotBefore:    time.Now().Add(-24 * time.Hour),
		NotAfter:     time.Now().Add(ttl),
	}
	der := must(x509.CreateCertificate(rand.Reader, template, a.cert, pub, a.key))(a.t)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func certPEM(cert *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
}

func pkcs8PEM(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))(t)})
}

// join puts the parts of an identity file together.
func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// sshLines are what an identity file holds for SSH: the certificate, and a CA
// in the form of known_hosts.
func sshLines() (cert, ca []byte) {
	return []byte("ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNh\n"),
		[]byte("@cert-authority proxy.example.com,demo-cluster ssh-rsa AAAAB3Nz type=host\n")
}

// pair is a login of one user, with its CA.
func (a *authority) pair(user string, ttl time.Duration, attributes map[[2]int]string) (key, cert []byte) {
	k := newKey(a.t)
	return pkcs8PEM(a.t, k), a.issue(k.Public(), user, ttl, attributes)
}

// file is the identity file of a user; all have one size.
func (a *authority) file(user string, ttl time.Duration) []byte {
	key, cert := a.pair(user, ttl, nil)
	text := join(key, cert, a.pem())
	return join(text, bytes.Repeat([]byte("\n"), 4096-len(text)))
}

func write(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// openSSH writes a private key as ssh-keygen does without a password.
func openSSH(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	return pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: openSSHBytes(t, key)})
}

func openSSHBytes(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	section := sshUint32(nil, 7)
	section = sshUint32(section, 7)
	switch k := key.(type) {
	case ed25519.PrivateKey:
		section = sshBytes(section, []byte("ssh-ed25519"))
		section = sshBytes(section, k.Public().(ed25519.PublicKey))
		section = sshBytes(section, k)
	case *rsa.PrivateKey:
		section = sshBytes(section, []byte("ssh-rsa"))
		for _, n := range []*big.Int{k.N, big.NewInt(int64(k.E)), k.D, k.Precomputed.Qinv, k.Primes[0], k.Primes[1]} {
			section = sshNumber(section, n)
		}
	case *ecdsa.PrivateKey:
		section = sshBytes(section, []byte("ecdsa-sha2-nistp256"))
		section = sshBytes(section, []byte("nistp256"))
		section = sshBytes(section, must(k.PublicKey.Bytes())(t))
		section = sshNumber(section, new(big.Int).SetBytes(must(k.Bytes())(t)))
	default:
		t.Fatalf("no OpenSSH form of %T", key)
	}
	section = sshBytes(section, []byte("comment"))
	out := []byte(opensshMagic)
	for _, field := range []string{"none", "none", ""} {
		out = sshBytes(out, []byte(field))
	}
	out = sshUint32(out, 1)
	out = sshBytes(out, []byte("public"))
	return sshBytes(out, section)
}

func sshUint32(b []byte, n uint32) []byte { return binary.BigEndian.AppendUint32(b, n) }

func sshBytes(b, field []byte) []byte { return append(sshUint32(b, uint32(len(field))), field...) }

// sshNumber writes a zero before a number whose first bit is set: it would be
// a negative one.
func sshNumber(b []byte, n *big.Int) []byte {
	field := n.Bytes()
	if len(field) > 0 && field[0]&0x80 != 0 {
		field = append([]byte{0}, field...)
	}
	return sshBytes(b, field)
}
