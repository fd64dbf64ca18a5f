// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// jwtSigner is the cluster's JWT authority (protocol.md 10).
type jwtSigner struct {
	issuer string
	key    *ecdsa.PrivateKey
	header jwtHead // of each token
	jwks   []byte  // what /.well-known/jwks.json answers
}

// jwtHead is the header of a token.
type jwtHead struct {
	Alg  string `json:"alg"`
	ID   string `json:"kid"`
	Type string `json:"typ"`
}

// jwtClaims are the claims of an app token. Times are in seconds.
type jwtClaims struct {
	Audience string              `json:"aud"`
	Expires  int64               `json:"exp"`
	IssuedAt int64               `json:"iat"`
	Issuer   string              `json:"iss"`
	Before   int64               `json:"nbf"`
	Roles    []string            `json:"roles"`
	Subject  string              `json:"sub"`
	Traits   map[string][]string `json:"traits"`
	Username string              `json:"username"`
}

// jwkey is one entry of the key set. An empty kid is written too.
type jwkey struct {
	Type  string `json:"kty"`
	Alg   string `json:"alg"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
	Use   string `json:"use"`
	ID    string `json:"kid"`
}

// newJWTSigner makes the JWT authority of the named cluster: a fresh P-256 key.
func newJWTSigner(clusterName string) (*jwtSigner, error) {
	key, err := newKey()
	if err != nil {
		return nil, fmt.Errorf("generate jwt key: %w", err)
	}
	kid, err := keyID(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	jwks, err := marshalJWKS(&key.PublicKey, kid)
	if err != nil {
		return nil, err
	}
	return &jwtSigner{issuer: clusterName, key: key, header: jwtHead{"ES256", kid, "JWT"}, jwks: jwks}, nil
}

// keyID names a key by the hash of its PKIX form.
func keyID(pub *ecdsa.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return "", fmt.Errorf("marshal jwt key: %w", err)
	}
	sum := sha256.Sum256(der)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

// marshalJWKS renders the key set. The key appears twice: verifiers that
// predate key ids look for an empty one.
func marshalJWKS(pub *ecdsa.PublicKey, kid string) ([]byte, error) {
	point, err := pub.Bytes() // 0x04, X, Y
	if err != nil {
		return nil, fmt.Errorf("marshal jwt key: %w", err)
	}
	half := len(point) / 2
	key := jwkey{
		Type: "EC", Alg: "ES256", Curve: "P-256", Use: "sig", ID: kid,
		X: base64.RawURLEncoding.EncodeToString(point[1 : half+1]),
		Y: base64.RawURLEncoding.EncodeToString(point[half+1:]),
	}
	unnamed := key
	unnamed.ID = ""
	return json.Marshal(map[string][]jwkey{"keys": {key, unnamed}})
}

// sign makes the token that tells an app who its user is. It lives as long as
// the app session's certificate, or if life is not 0 no longer than that.
func (s *jwtSigner) sign(id identity, appURI string, life time.Duration) (string, error) {
	now := time.Now()
	expires := id.Expires.Unix()
	if life != 0 {
		expires = min(expires, now.Add(life).Unix())
	}
	return s.compact(jwtClaims{
		Audience: appURI, Expires: expires, IssuedAt: now.Unix(), Issuer: s.issuer,
		Before: now.Add(-10 * time.Second).Unix(),
		Roles:  id.Roles, Subject: id.Username, Traits: id.Traits, Username: id.Username,
	})
}

// compact writes a token: header, claims and signature, with dots between them. An
// ES256 signature is r and s, 32 bytes each, of the hash of what is before it.
func (s *jwtSigner) compact(claims jwtClaims) (string, error) {
	header, err := json.Marshal(s.header)
	if err != nil {
		return "", fmt.Errorf("marshal jwt header: %w", err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("marshal jwt claims: %w", err)
	}
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	sum := sha256.Sum256([]byte(text))
	rr, ss, err := ecdsa.Sign(rand.Reader, s.key, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign jwt: %w", err)
	}
	var signature [64]byte
	rr.FillBytes(signature[:32])
	ss.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature[:]), nil
}

// serveJWKS answers /.well-known/jwks.json of the web address.
func (s *jwtSigner) serveJWKS(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Write(s.jwks)
}
