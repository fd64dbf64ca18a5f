// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestStartRequest compares the request with protocol.md 2.1.
func TestStartRequest(t *testing.T) {
	r := start(t, newFakeProxy(t), func(s *SSO) {
		s.Connector = teleport.Connector{Type: "oidc", Name: "my-oidc"}
		s.TTL = 90 * time.Minute
	})
	for name, want := range map[string]any{
		"cert_ttl":       float64(5_400_000_000_000),
		"connector_id":   "my-oidc",
		"client_version": teleport.Version,
		"ssh_pub_key":    nil, "public_key": nil,
	} {
		if got := r.field(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"redirect_url": `^http://127\.0\.0\.1:[0-9]+/callback\?secret_key=[0-9a-f]{64}$`,
		"PKCEVerifier": `^[A-Za-z0-9._~-]{43,128}$`,
	} {
		if got, _ := r.field(name).(string); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %q does not match %s", name, got, want)
		}
	}
	if key, ok := r.publicKey(t).(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Error("tls_pub_key is no P-256 key")
	}
	if got := strings.Join(r.paths, ","); got != "POST /webapi/oidc/login/console" {
		t.Errorf("requests to the proxy: %s", got)
	}
	r.cancel()
	r.end()
}

func TestStartRequestWithoutTTL(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	if ttl := r.field("cert_ttl"); ttl != float64(DefaultTTL) {
		t.Errorf("cert_ttl %v, want 12 h: the server refuses a login without one", ttl)
	}
	r.cancel()
	r.end()
}

func TestLinkRedirects(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	if !regexp.MustCompile(`^http://127\.0\.0\.1:[0-9]+/[A-Z2-7]{26}$`).MatchString(r.link) {
		t.Errorf("link %s", r.link)
	}
	cookie := ""
	for range 2 { // a link that the same browser opens again still works
		rep := r.send("GET", r.link, "", "Cookie", cookie)
		if set := rep.Header.Get("Set-Cookie"); set != "" {
			cookie, _, _ = strings.Cut(set, ";")
		}
		if rep.StatusCode != http.StatusFound || rep.Header.Get("Location") != idpURL {
			t.Errorf("the link leads with %d to %s", rep.StatusCode, rep.Header.Get("Location"))
		}
		if rep.Header.Get("Cache-Control") != "no-store" || rep.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("headers %v", rep.Header)
		}
	}
	r.cancel()
	r.end()
}

func TestLinkServesForm(t *testing.T) {
	const form = `<form method="post" action="https://idp.example/sso"></form><script>document.forms[0].submit()</script>`
	f := newFakeProxy(t)
	f.body = `{"redirect_url":"","post_form":"` + base64.StdEncoding.EncodeToString([]byte(form)) + `"}`
	r := start(t, f, func(s *SSO) { s.Connector = teleport.Connector{Type: "saml", Name: "idp"} })
	rep := r.send("GET", r.link, "")
	if rep.StatusCode != 200 || rep.body != form || !strings.HasPrefix(rep.Header.Get("Content-Type"), "text/html") {
		t.Errorf("status %d, type %s, body %s", rep.StatusCode, rep.Header.Get("Content-Type"), rep.body)
	}
	policy := rep.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'unsafe-inline'", "form-action https: http:"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	r.visit(r.goodURL())
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestBadStarts(t *testing.T) {
	apiError := func(status int) func(error) bool {
		return func(err error) bool {
			var refused *teleport.APIError
			return errors.As(err, &refused) && refused.Status == status
		}
	}
	notServed := func(err error) bool {
		var target *NotServedError
		return errors.As(err, &target) && apiError(http.StatusNotFound)(err) == (target.Type == "saml")
	}
	policy := func(err error) bool {
		var target *teleport.PolicyError
		return errors.As(err, &target) && target.Policy == "hardware_key"
	}
	noPage := func(err error) bool { return errors.Is(err, errNoLoginPage) }
	blurred := func(err error) bool { var e *BlurredError; return errors.As(err, &e) && apiError(403)(err) }
	failure := func(message string) string {
		body, _ := json.Marshal(map[string]any{"error": map[string]string{"message": message}})
		return string(body)
	}
	tests := []struct {
		name, connector string
		status          int
		body            string
		is              func(error) bool
		want            string
	}{
		{"blurred", "github", 403, failure("Failed to login. Please check Teleport's log for more details."), blurred, `the cluster refused to start a sign-in with the connector "idp"`},
		{"unknown connector", "github", 400, failure("invalid connector name"), apiError(400), `github connector "idp"`},
		{"no saml", "saml", 404, failure("not found"), notServed, "no sign-in with saml: that needs a Teleport Enterprise cluster"},
		{"no oidc", "oidc", 501, "", notServed, "no sign-in with oidc: that needs a Teleport Enterprise cluster"},
		{"no github", "github", 404, failure("not found"), apiError(404), "not found"},
		{"hardware key", "github", 403, failure("private key policy not met: hardware_key"), policy, "tshmcp does not support"},
		{"no page", "github", 200, `{"redirect_url":"","post_form":""}`, noPage, "no usable sign-in page"},
		{"script", "github", 200, `{"redirect_url":"javascript:alert(1)//idp-state-value"}`, noPage, "no usable sign-in page"},
		{"file", "github", 200, `{"redirect_url":"file:///etc/passwd"}`, noPage, "no usable sign-in page"},
		{"other program", "github", 200, `{"redirect_url":"vscode://idp.example/?x=1"}`, noPage, "no usable sign-in page"},
		{"no host", "github", 200, `{"redirect_url":"https:///x"}`, noPage, "no usable sign-in page"},
		{"header in the URL", "github", 200, `{"redirect_url":"https://idp.example/\r\nSet-Cookie: a=b"}`, noPage, "no usable sign-in page"},
		{"no base64", "saml", 200, `{"post_form":"<form>"}`, func(error) bool { return true }, "start the login"},
		{"connector of another type", "ldap", 200, "", func(error) bool { return true }, `connectors of type "ldap" have no sign-in in the browser`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := newFakeProxy(t)
			f.status, f.body = test.status, test.body
			r := start(t, f, func(s *SSO) { s.Connector = teleport.Connector{Type: test.connector, Name: "idp"} })
			_, err := r.end()
			if err == nil || !test.is(err) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %T %v, want %s", err, err, test.want)
			}
			if len(r.opened)+len(r.shown) > 0 {
				t.Error("a link was opened or shown")
			}
		})
	}
}

func TestUnreachableProxy(t *testing.T) {
	f := newFakeProxy(t)
	f.Close()
	r := start(t, f, nil)
	if _, err := r.end(); err == nil || !strings.HasPrefix(err.Error(), "start the login") {
		t.Errorf("error %v", err)
	}
}

func TestCancelDuringStart(t *testing.T) {
	f := newFakeProxy(t)
	f.mu.Lock() // the proxy does not answer
	ctx, cancel := context.WithCancel(t.Context())
	key := func() (*ecdsa.PrivateKey, error) { cancel(); return teleport.NewKey() }
	_, err := (&SSO{Proxy: f.proxy(), Connector: teleport.Connector{Type: "github"}, NewKey: key}).Run(ctx)
	f.mu.Unlock()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

func TestFailingKey(t *testing.T) {
	broken := errors.New("no randomness")
	r := start(t, newFakeProxy(t), func(s *SSO) { s.NewKey = func() (*ecdsa.PrivateKey, error) { return nil, broken } })
	if _, err := r.end(); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if len(r.paths) > 0 {
		t.Error("the proxy was asked without a key")
	}
}
