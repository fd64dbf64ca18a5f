// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"crypto/tls"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

const createChallenge = "/proto.AuthService/CreateAuthenticateChallenge"

// guarded is a cluster whose app web wants a second factor for each session.
type guarded struct {
	*local
	conn *grpc.ClientConn // of the user
	user string
}

func startGuarded(t *testing.T, user string, change ...func(*testcluster.Config)) *guarded {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) }))
	t.Cleanup(server.Close)
	l := newLocal(t, append([]func(*testcluster.Config){func(c *testcluster.Config) {
		c.Roles[0].RequireSessionMFA = true
		c.Apps = []testcluster.App{{Name: "web", URI: server.URL, Labels: map[string]string{"env": "dev"}}}
	}}, change...)...)
	return &guarded{local: l, conn: dialAs(t, l.cluster, user), user: user}
}

// withSSO makes the identity provider a second factor.
func withSSO(c *testcluster.Config) {
	c.Connector = testcluster.Connector{Type: "oidc", MFA: true}
}

// challenge asks for a second factor for a session, and names where both kinds are
// awaited.
func (g *guarded) challenge() *wirepb.MFAAuthenticateChallenge {
	g.t.Helper()
	return call[wirepb.MFAAuthenticateChallenge](g.t, g.conn, createChallenge, challengeRequest(callback))
}

func challengeRequest(to string) *wirepb.CreateAuthenticateChallengeRequest {
	return &wirepb.CreateAuthenticateChallengeRequest{
		Request:              &wirepb.CreateAuthenticateChallengeRequest_ContextUser{ContextUser: &wirepb.ContextUser{}},
		ChallengeExtensions:  &wirepb.ChallengeExtensions{Scope: 6, AllowReuse: 2},
		SsoClientRedirectUrl: to, ProxyAddress: "proxy.example.com:443", BrowserMfaRedirectUrl: to,
	}
}

// cert asks for a certificate of web with an answer.
func (g *guarded) cert(answer *wirepb.MFAAuthenticateResponse) (tls.Certificate, error) {
	g.t.Helper()
	key := newKey(g.t)
	req := certsRequest(g.t, "web", key.Public())
	req.Username, req.MfaResponse, req.Purpose = g.user, answer, wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS
	var certs wirepb.Certs
	if err := g.conn.Invoke(g.t.Context(), generateUserCerts, req, &certs); err != nil {
		return tls.Certificate{}, err
	}
	cert := parseCert(g.t, certs.GetTls())
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}, nil
}

// wantAccess opens web with the certificate.
func (g *guarded) wantAccess(cert tls.Certificate, status int, verified bool) {
	g.t.Helper()
	config := webConfig(g.t, g.cluster)
	config.GetClientCertificate = always(cert)
	if got := do(g.t, webClient(g.t, config), "GET", g.cluster.URL()+"/", nil); got.StatusCode != status {
		g.t.Errorf("the app answers %s", got.Status)
	}
	if has := attribute(g.t, cert.Leaf, "1.3.9999.1.8") != ""; has != verified {
		g.t.Errorf("the certificate names a device: %v", has)
	}
}

func (g *guarded) wantRefused(what string, answer *wirepb.MFAAuthenticateResponse) {
	g.t.Helper()
	if _, err := g.cert(answer); status.Code(err) != codes.PermissionDenied {
		g.t.Errorf("%s: %v", what, err)
	}
}

// confirmed is the answer of the page for the passkey, for a request.
func (g *guarded) confirmed(id string) *wirepb.BrowserMFAResponse {
	g.t.Helper()
	got := open(g.t, g.landing(g.confirm(g.cluster.URL()+"/web/mfa/browser/"+id, g.user, "sign-in")))
	assertion := got["browser_mfa_webauthn_response"].(object)
	response := assertion["response"].(object)
	raw := func(o object, name string) []byte {
		b, err := base64.RawURLEncoding.DecodeString(o[name].(string))
		if err != nil {
			g.t.Fatal(err)
		}
		return b
	}
	return &wirepb.BrowserMFAResponse{RequestId: id, WebauthnResponse: &wirepb.CredentialAssertionResponse{
		Type: "public-key", RawId: raw(assertion, "rawId"), Response: &wirepb.AssertionResponse{
			ClientDataJson: raw(response, "clientDataJSON"), AuthenticatorData: raw(response, "authenticatorData"), Signature: raw(response, "signature"),
		},
	}}
}

func browserAnswer(a *wirepb.BrowserMFAResponse) *wirepb.MFAAuthenticateResponse {
	return &wirepb.MFAAuthenticateResponse{Response: &wirepb.MFAAuthenticateResponse_Browser{Browser: a}}
}

func ssoAnswer(id, token string) *wirepb.MFAAuthenticateResponse {
	return &wirepb.MFAAuthenticateResponse{Response: &wirepb.MFAAuthenticateResponse_Sso{Sso: &wirepb.SSOResponse{RequestId: id, Token: token}}}
}

func TestBrowserFactor(t *testing.T) {
	g := startGuarded(t, "paul")
	plain, err := g.cert(nil) // issued all the same (recording certs-mfa-needed-single-use)
	if err != nil {
		t.Fatal(err)
	}
	g.wantAccess(plain, http.StatusNotFound, false)

	challenge := g.challenge()
	if challenge.GetSsoChallenge() != nil || challenge.GetWebauthnChallenge() == nil {
		t.Errorf("challenge %v", challenge)
	}
	answer := g.confirmed(challenge.GetBrowserMfaChallenge().GetRequestId())
	cert, err := g.cert(browserAnswer(answer))
	if err != nil {
		t.Fatal(err)
	}
	g.wantAccess(cert, http.StatusOK, true)
	g.wantRefused("an answer for the second time", browserAnswer(answer))
}

// An answer is good for its request and its user, and one of a login is none.
func TestBrowserFactorRefused(t *testing.T) {
	g := startGuarded(t, "paul")
	answer := g.confirmed(g.challenge().GetBrowserMfaChallenge().GetRequestId())
	other := g.challenge().GetBrowserMfaChallenge().GetRequestId()
	answer.RequestId = other
	g.wantRefused("the answer to another request", browserAnswer(answer))

	answer = g.confirmed(g.challenge().GetBrowserMfaChallenge().GetRequestId())
	answer.WebauthnResponse.Response.Signature[9] ^= 1
	g.wantRefused("a forged signature", browserAnswer(answer))

	login := decode(t, g.begin("paul", "paul's").body)["browser_challenge"].(object)["requestId"].(string)
	g.wantRefused("the answer of a login", browserAnswer(g.confirmed(login)))
	g.wantRefused("no answer", browserAnswer(&wirepb.BrowserMFAResponse{RequestId: other}))
	g.wantRefused("a device at the client", &wirepb.MFAAuthenticateResponse{Response: &wirepb.MFAAuthenticateResponse_Webauthn{}})

	stolen := g.confirmed(g.challenge().GetBrowserMfaChallenge().GetRequestId())
	g.conn, g.user = dialAs(t, g.cluster, "alice"), "alice"
	g.wantRefused("the answer of somebody else", browserAnswer(stolen))
}

func TestSSOFactor(t *testing.T) {
	g := startGuarded(t, "alice", withSSO)
	j := newJourney(t, g.cluster)
	page := func() (id string, back func(user string) object) {
		challenge := g.challenge()
		if challenge.GetBrowserMfaChallenge() != nil {
			t.Errorf("challenge %v", challenge)
		}
		asked := challenge.GetSsoChallenge()
		return asked.GetRequestId(), func(user string) object {
			return open(t, j.land(j.choose(parseURL(t, asked.GetRedirectUrl()), user, "sign-in")))
		}
	}
	id, back := page()
	answer := back("alice")
	token := answer["mfa_token"].(string)
	if answer["tls_cert"] != nil || g.cluster.LoginCount() != 0 {
		t.Error("it is a login")
	}
	g.wantRefused("another token", ssoAnswer(id, "x"))
	g.wantRefused("an empty token", ssoAnswer(id, ""))
	cert, err := g.cert(ssoAnswer(id, token))
	if err != nil {
		t.Fatal(err)
	}
	g.wantAccess(cert, http.StatusOK, true)
	g.wantRefused("a token for the second time", ssoAnswer(id, token))

	id, _ = page()
	g.wantRefused("a request that nobody has confirmed", ssoAnswer(id, ""))
	asked := g.challenge().GetSsoChallenge()
	for user, action := range map[string]string{"bob": "sign-in", "alice": "deny"} {
		if landed := j.land(j.choose(parseURL(t, asked.GetRedirectUrl()), user, action)); landed.Query().Get("err") == "" || landed.Query().Get("secret_key") != secret {
			t.Errorf("%s %s: %s", user, action, landed)
		}
	}
}

// TestFactorsNotOffered: nobody is sent to a browser who does not await an answer
// there, and the answer goes only to where those of logins may go.
func TestFactorsNotOffered(t *testing.T) {
	for name, c := range map[string]struct {
		user         string
		change       func(*testcluster.Config)
		sso, browser bool
	}{
		"passkey":           {"paul", func(*testcluster.Config) {}, false, true},
		"18.7":              {"paul", func(c *testcluster.Config) { c.Version = "18.7.9" }, false, false},
		"switched off":      {"paul", func(c *testcluster.Config) { c.LocalAuth.NoBrowserMFA = true }, false, false},
		"a code alone":      {"tina", func(*testcluster.Config) {}, false, false},
		"SSO":               {"alice", withSSO, true, false},
		"SSO of 17.0":       {"alice", func(c *testcluster.Config) { withSSO(c); c.Version = "17.0.5" }, false, false},
		"SSO for logins":    {"alice", func(c *testcluster.Config) { withSSO(c); c.Connector.MFA = false }, false, false},
		"SSO, a local user": {"nora", withSSO, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := startGuarded(t, c.user, c.change)
			got := g.challenge()
			if sso, browser := got.GetSsoChallenge() != nil, got.GetBrowserMfaChallenge() != nil; sso != c.sso || browser != c.browser {
				t.Errorf("challenge %v", got)
			}
			quiet := call[wirepb.MFAAuthenticateChallenge](t, g.conn, createChallenge, challengeRequest(""))
			if quiet.GetSsoChallenge() != nil || quiet.GetBrowserMfaChallenge() != nil {
				t.Errorf("without a callback: %v", quiet)
			}
			err := g.conn.Invoke(t.Context(), createChallenge, challengeRequest("https://evil.example/callback?secret_key="+secret), &wirepb.MFAAuthenticateChallenge{})
			if want := c.sso || c.browser; want != (status.Code(err) == codes.InvalidArgument) {
				t.Errorf("a foreign callback: %v", err)
			}
		})
	}
}

// TestVerificationInterval bounds certificates by mfa_verification_interval.
func TestVerificationInterval(t *testing.T) {
	g := startGuarded(t, "paul", func(c *testcluster.Config) { c.Roles[0].MFAVerificationInterval = 10 * time.Minute })
	cert, err := g.cert(browserAnswer(g.confirmed(g.challenge().GetBrowserMfaChallenge().GetRequestId())))
	if err != nil {
		t.Fatal(err)
	}
	if !about(cert.Leaf.NotAfter, time.Now().Add(10*time.Minute)) {
		t.Errorf("it ends at %v", cert.Leaf.NotAfter)
	}
}

func parseURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
