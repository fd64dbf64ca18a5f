// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: tokens as a Teleport cluster signs them.

package grafanatest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const issuer = "demo-cluster"

// authority signs tokens and publishes its key, as a Teleport cluster does.
type authority struct {
	key     *ecdsa.PrivateKey
	server  *httptest.Server
	fetched atomic.Int32
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{key: newKey(t)}
	a.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		a.fetched.Add(1)
		public := jose.JSONWebKey{Key: a.key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}
		nameless := public
		nameless.KeyID = ""
		json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{public, nameless}})
	}))
	t.Cleanup(a.server.Close)
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (a *authority) url() string { return a.server.URL + "/.well-known/jwks.json" }

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.server.Certificate())
	return pool
}

// claims are those of a token that holds, for the given user.
func claims(user string, roles ...string) map[string]any {
	now := time.Now()
	return map[string]any{
		"iss":      issuer,
		"sub":      user,
		"username": user,
		"roles":    roles,
		"iat":      now.Unix(),
		"nbf":      now.Add(-10 * time.Second).Unix(),
		"exp":      now.Add(time.Minute).Unix(),
	}
}

func with(c map[string]any, name string, value any) map[string]any {
	if value == nil {
		delete(c, name)
	} else {
		c[name] = value
	}
	return c
}

func sign(t *testing.T, key *ecdsa.PrivateKey, kid string, claims map[string]any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("JWT")
	if kid != "" {
		options = options.WithHeader("kid", kid)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (a *authority) token(t *testing.T, user string, roles ...string) string {
	t.Helper()
	return sign(t, a.key, "k1", claims(user, roles...))
}
