// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// consoleRequest starts a login (protocol.md 2.1). A TLS key is enough:
// the ssh key is left out (protocol.md 4).
type consoleRequest struct {
	RedirectURL   string        `json:"redirect_url"`
	TLSPublicKey  []byte        `json:"tls_pub_key"` // PEM
	TTL           time.Duration `json:"cert_ttl"`    // nanoseconds
	ConnectorID   string        `json:"connector_id"`
	PKCEVerifier  string        `json:"PKCEVerifier"`
	ClientVersion string        `json:"client_version"`
}

// consoleAnswer tells where the browser has to go: one of the two is set.
type consoleAnswer struct {
	RedirectURL string `json:"redirect_url"`
	PostForm    []byte `json:"post_form"` // an HTML document that posts a form by itself
}

var errNoLoginPage = errcode.New(errcode.ProxyAnswer, "the proxy sent no usable sign-in page")

// begin asks the proxy to start the login that ends at callbackURL.
func (s *SSO) begin(ctx context.Context, callbackURL string, key crypto.PublicKey) (consoleAnswer, error) {
	path, err := consolePath(s.Connector.Type)
	if err != nil {
		return consoleAnswer{}, err
	}
	request, err := s.consoleRequest(callbackURL, key)
	if err != nil {
		return consoleAnswer{}, err
	}
	var answer consoleAnswer
	if err := s.Proxy.Post(ctx, path, request, &answer); err != nil {
		return consoleAnswer{}, s.beginError(err, callbackURL)
	}
	return answer, answer.check()
}

func consolePath(connectorType string) (string, error) {
	switch connectorType {
	case "oidc", "saml", "github":
		return "/webapi/" + connectorType + "/login/console", nil
	}
	return "", errcode.Errorf(errcode.LoginKindOff, "connectors of type %q have no sign-in in the browser", connectorType)
}

func (s *SSO) consoleRequest(callbackURL string, key crypto.PublicKey) (consoleRequest, error) {
	pem, err := teleport.PublicKeyPEM(key)
	if err != nil {
		return consoleRequest{}, fmt.Errorf("encode the login key: %w", err)
	}
	return consoleRequest{
		RedirectURL:   callbackURL,
		TLSPublicKey:  pem,
		TTL:           cmp.Or(s.TTL, DefaultTTL),
		ConnectorID:   s.Connector.Name,
		PKCEVerifier:  base64.RawURLEncoding.EncodeToString(randomBytes(32)), // RFC 7636, 4.1
		ClientVersion: teleport.Version,
	}, nil
}

func (s *SSO) beginError(err error, callbackURL string) error {
	var refused *teleport.APIError
	if errors.As(err, &refused) {
		if policy := teleport.PolicyOf(clean(refused.Message)); policy != nil {
			return policy
		}
		if strings.Contains(refused.Message, "disallowed callback") {
			base, _, _ := strings.Cut(callbackURL, "/callback?")
			return &CallbackError{Base: base, Connector: s.Connector.Name, Err: err}
		}
		if strings.HasPrefix(refused.Message, "Failed to login.") {
			return &BlurredError{Connector: s.Connector.Name, Err: err}
		}
		missing := refused.Status == http.StatusNotFound || refused.Status == http.StatusNotImplemented
		if missing && s.Connector.Type != "github" {
			return &NotServedError{Type: s.Connector.Type, Err: err}
		}
	}
	return Limited(fmt.Errorf("start the login with %s connector %q: %w", s.Connector.Type, s.Connector.Name, err))
}

// check holds the proxy to http and https: the browser is about to be sent to
// the URL, and other schemes start programs. The URL stays out of the error, it
// carries the state of the login.
func (a consoleAnswer) check() error {
	if len(a.PostForm) > 0 {
		return nil
	}
	u, err := url.Parse(a.RedirectURL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errNoLoginPage
	}
	return nil
}

// randomBytes cannot fail: crypto/rand ends the program when the system has
// no randomness.
func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}
