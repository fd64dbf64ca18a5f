// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a CA of the test's own.

package teleport

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// discardLog keeps servers quiet about the handshakes that tests break.
var discardLog = log.New(io.Discard, "", 0)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testContext bounds a test that talks to a server.
func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// authority is a CA of the test's own.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T, cluster string) *authority {
	t.Helper()
	key := must(NewKey())(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		// The issuer as a real cluster writes it.
		Subject:               pkix.Name{Organization: []string{cluster}, CommonName: cluster, SerialNumber: "254203186236"},
		NotBefore:             time.Now().Add(-time.Minute),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key))(t)
	return &authority{t: t, cert: must(x509.ParseCertificate(der))(t), key: key}
}

// issue signs template for pub and returns PEM.
func (a *authority) issue(template *x509.Certificate, pub any) []byte {
	a.t.Helper()
	if template.SerialNumber == nil {
		template.SerialNumber = must(rand.Int(rand.Reader, big.NewInt(1<<62)))(a.t)
	}
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	template.NotBefore = time.Now().Add(-2 * time.Hour)
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	der := must(x509.CreateCertificate(rand.Reader, template, a.cert, pub, a.key))(a.t)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// pair issues a certificate with a key of its own.
func (a *authority) pair(template *x509.Certificate) *tls.Certificate {
	a.t.Helper()
	key := must(NewKey())(a.t)
	return must(pairCertificate(a.issue(template, key.Public()), key))(a.t)
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// login makes the identity of a user, with a subject in the layout measured on
// a real cluster (protocol.md 5.1).
func (a *authority) login(expires time.Time, hostCA *authority) *Identity {
	attr := func(n int, value string) pkix.AttributeTypeAndValue {
		return pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 3, 9999, 1, n}, Value: value}
	}
	cert := a.pair(&x509.Certificate{
		NotAfter: expires,
		Subject: pkix.Name{
			CommonName:    "alice@example.com",
			Organization:  []string{"mcp-user", "access", "dev"},
			Locality:      []string{"-teleport-internal-join"},
			StreetAddress: []string{"demo-cluster"},
			PostalCode:    []string{`{"logins":["alice"],"team":["red","blue"],"empty":null}`},
			ExtraNames:    []pkix.AttributeTypeAndValue{attr(7, "demo-cluster"), attr(15, "none"), attr(20, "sso")},
		},
	})
	return &Identity{Key: cert.PrivateKey.(*ecdsa.PrivateKey), Cert: cert.Leaf, HostCAs: []*x509.Certificate{hostCA.cert}}
}

// listen opens a loopback port that is closed at the end of the test.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { l.Close() })
	return l
}

// must turns a result and its error into the result: must(f())(t).
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
