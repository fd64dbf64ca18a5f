// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// A user is who a token speaks for.
type user struct {
	Login string
	Role  string // Viewer, Editor or Admin
}

// The algorithms Teleport's JWT authority signs with (protocol.md 10).
var algorithms = []jose.SignatureAlgorithm{jose.ES256, jose.RS256}

// authenticate finds the user of a request, or Grafana's 401: one for no
// credentials, one for a bearer token that is not a JWT with a subject (taken
// for an API key), one for a JWT that does not hold.
func (g *Grafana) authenticate(r *http.Request) (user, *refusal) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return user{}, unauthorized("auth.unauthorized", "Unauthorized")
	}
	parsed, err := jwt.ParseSigned(token, algorithms)
	if err != nil || !hasSubject(parsed) {
		return user{}, unauthorized("api-key.invalid", "Invalid API key")
	}
	u, err := g.verify(r.Context(), parsed)
	if err != nil {
		return user{}, unauthorized("jwt.invalid", "Failed to verify JWT")
	}
	return u, nil
}

func hasSubject(token *jwt.JSONWebToken) bool {
	var claims jwt.Claims
	err := token.UnsafeClaimsWithoutVerification(&claims)
	return err == nil && claims.Subject != ""
}

// verify checks signature, issuer and times. It is stricter than Grafana, which
// allows a minute of clock skew and tokens that never expire: here both ends
// share a clock, and the cluster always says how long a token holds.
func (g *Grafana) verify(ctx context.Context, token *jwt.JSONWebToken) (user, error) {
	g.mu.Lock()
	keys := g.keys
	g.mu.Unlock()
	candidates, err := keys.find(ctx, token.Headers[0].KeyID)
	if err != nil {
		return user{}, err
	}
	var registered jwt.Claims
	var extra struct {
		Roles []string `json:"roles"`
	}
	if err := verifySignature(token, candidates, &registered, &extra); err != nil {
		return user{}, err
	}
	if registered.Expiry == nil || registered.NotBefore == nil {
		return user{}, errors.New("token without exp or nbf")
	}
	expected := jwt.Expected{Issuer: g.cfg.Issuer, Time: time.Now()}
	if err := registered.ValidateWithLeeway(expected, 0); err != nil {
		return user{}, err
	}
	return user{Login: registered.Subject, Role: g.cfg.Role(extra.Roles)}, nil
}

func verifySignature(token *jwt.JSONWebToken, keys []jose.JSONWebKey, claims ...any) error {
	var err error
	for _, key := range keys {
		if err = token.Claims(key, claims...); err == nil {
			return nil
		}
	}
	return fmt.Errorf("no key verifies the token: %w", err)
}

// editorOrViewer is contains(roles[*], 'editor') && 'Editor' || 'Viewer'.
func editorOrViewer(roles []string) string {
	if slices.Contains(roles, "editor") {
		return Editor
	}
	return Viewer
}

// atLeast reports whether role includes what least may do. An unknown role
// includes nothing; an empty least asks for nothing.
func atLeast(role, least string) bool {
	order := []string{"", Viewer, Editor, Admin}
	return slices.Index(order, role) >= slices.Index(order, least)
}
