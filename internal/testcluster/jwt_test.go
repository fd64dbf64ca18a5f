// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// fetchJWKS reads the key set as an app does.
func fetchJWKS(t *testing.T, c *Cluster) []byte {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.WebCA())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport, Timeout: limit}).Get(c.URL() + "/.well-known/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("answer = %d %s", resp.StatusCode, resp.Header.Get("Content-Type"))
	}
	return []byte(readAll(t, resp))
}

// tokens is an app that answers with its user's token.
func tokens(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, r.Header.Get("Teleport-Jwt-Assertion"))
}

// TestToken verifies a token against the served keys, and its form against
// protocol.md 10.
func TestToken(t *testing.T) {
	up := upstream(t, tokens)
	c := startApps(t, App{Name: "web", URI: up.URL})
	id := appIdentity(c, "alice", "web", time.Hour)
	raw := readAll(t, do(t, clientOf(t, c, id), c, "GET", "/", ""))

	var set jose.JSONWebKeySet
	if err := json.Unmarshal(fetchJWKS(t, c), &set); err != nil {
		t.Fatal(err)
	}
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	header := token.Headers[0]
	if header.Algorithm != "ES256" || header.KeyID == "" || header.ExtraHeaders["typ"] != "JWT" {
		t.Errorf("header = %+v", header)
	}
	if n := len(set.Key(header.KeyID)); n != 1 {
		t.Fatalf("%d keys of the token's id", n)
	}
	for _, kid := range []string{header.KeyID, ""} {
		var claims map[string]any
		if err := token.Claims(set.Key(kid)[0].Key, &claims); err != nil {
			t.Fatalf("verify with kid %q: %v", kid, err)
		}
		checkClaims(t, claims, up.URL, c.Name(), id)
	}
}

// TestManyTokens verifies enough tokens that some of their signatures have an r or an s that
// begins with zero bytes, and holds the header to the byte.
func TestManyTokens(t *testing.T) {
	signer, err := newJWTSigner("rig-cluster")
	if err != nil {
		t.Fatal(err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(signer.jwks, &set); err != nil {
		t.Fatal(err)
	}
	short := 0
	for range 2000 {
		raw, err := signer.sign(identity{Username: "bob", Roles: []string{"a&b"}}, "http://127.0.0.1", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.ES256})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := token.Verify(set.Keys[0]); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		if signature := token.Signatures[0].Signature; signature[0] == 0 || signature[32] == 0 {
			short++
		}
		header, _, _ := strings.Cut(raw, ".")
		want := `{"alg":"ES256","kid":"` + set.Keys[0].KeyID + `","typ":"JWT"}`
		if got, err := base64.RawURLEncoding.DecodeString(header); err != nil || string(got) != want {
			t.Fatalf("header %s, %v; want %s", got, err, want)
		}
	}
	if short == 0 {
		t.Error("no signature had a short half")
	}
}

func checkClaims(t *testing.T, claims map[string]any, aud, cluster string, id identity) {
	t.Helper()
	issued, _ := claims["iat"].(float64)
	if now := float64(time.Now().Unix()); issued < now-60 || issued > now {
		t.Errorf("iat = %v", claims["iat"])
	}
	got, _ := json.Marshal(claims)
	want, _ := json.Marshal(map[string]any{
		"aud": aud, "exp": id.Expires.Unix(), "iat": issued, "nbf": issued - 10, "iss": cluster,
		"sub": "alice", "username": "alice", "roles": []string{"dev"}, "traits": id.Traits,
	})
	if string(got) != string(want) {
		t.Errorf("claims = %s\nwant     %s", got, want)
	}
}

func TestTokenIsCachedPerSession(t *testing.T) {
	up := upstream(t, tokens)
	c := startApps(t, App{Name: "web", URI: up.URL})
	client := appClient(t, c, "web")
	first := readAll(t, do(t, client, c, "GET", "/", ""))
	if again := readAll(t, do(t, client, c, "GET", "/", "")); again != first {
		t.Error("the same session got another token")
	}
	if other := readAll(t, do(t, appClient(t, c, "web"), c, "GET", "/", "")); other == first {
		t.Error("another session got the same token")
	}
}

func TestJWKSForm(t *testing.T) {
	c := startApps(t)
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(fetchJWKS(t, c), &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 2 {
		t.Fatalf("%d keys", len(set.Keys))
	}
	for i, key := range set.Keys {
		kid, ok := key["kid"]
		if !ok || (kid == "") != (i == 1) || key["kty"] != "EC" || key["alg"] != "ES256" || key["crv"] != "P-256" || key["use"] != "sig" {
			t.Errorf("key %d = %v", i, key)
		}
	}
	if !slices.Equal([]string{set.Keys[0]["x"], set.Keys[0]["y"]}, []string{set.Keys[1]["x"], set.Keys[1]["y"]}) {
		t.Error("the keys differ")
	}
}
