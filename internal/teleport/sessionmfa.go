// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"net"
	"net/url"

	"golang.org/x/mod/semver"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// BrowserMFAVersion is the first release that takes a passkey in the browser
// (protocol.md 3.7).
const BrowserMFAVersion = "18.8.0"

// MFARequired tells whether the cluster that has the app, which a must be the
// auth service of, wants a second factor for each session with it: a role option,
// require_session_mfa. Certificates are issued and the app is listed all the
// same; what is sent to it is denied (IsMFARequired, protocol.md 7.5).
//
// An app that the user may not use needs no factor, so look the app up first.
// One that does not exist is an *AppNotFoundError if a role of the user asks for
// a factor somewhere, and needs none otherwise.
func (a *Auth) MFARequired(ctx context.Context, app App) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	answer, err := a.auth.IsMFARequired(ctx, &wirepb.IsMFARequiredRequest{
		Target: &wirepb.IsMFARequiredRequest_App{App: &wirepb.RouteToApp{
			Name: app.Name, PublicAddr: app.PublicAddr, ClusterName: app.Cluster, Uri: app.URI,
		}},
	})
	if rpc.CodeOf(err) == rpc.NotFound {
		return false, &AppNotFoundError{Name: app.Name}
	}
	if err != nil {
		return false, a.failed(ctx, "ask about a second factor", err)
	}
	return answer.GetRequired() || answer.GetMfaRequired() == wirepb.MFARequired_MFA_REQUIRED_YES, nil
}

// SessionChallenge is what a user can show as a second factor for a session, as the
// root asks for it.
type SessionChallenge struct {
	TOTP     bool // an authenticator app: good for a login, never for a session
	WebAuthn bool // a passkey or a security key
	// Page is where the browser is sent to give one: to the identity provider, or to
	// the cluster for a passkey. It is empty where the browser is no help.
	Page string

	sso, browser string // the id of the request; one at most is set
}

// TakesPasskeys tells whether a release can take passkeys in the browser.
func TakesPasskeys(version string) bool {
	v, ok := canonical(version)
	return ok && semver.Compare(release(v), "v"+BrowserMFAVersion) >= 0
}

// SessionChallenge asks for a second factor (CreateAuthenticateChallenge,
// protocol.md 7.5). The answer is awaited at callbackURL; without one, the browser
// is no help. An identity provider goes before a passkey, as it does in tsh.
func (a *RootAuth) SessionChallenge(ctx context.Context, callbackURL string) (*SessionChallenge, error) {
	const session, once = 6, 2
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	answer, err := a.auth.CreateAuthenticateChallenge(ctx, &wirepb.CreateAuthenticateChallengeRequest{
		Request:                  &wirepb.CreateAuthenticateChallengeRequest_ContextUser{ContextUser: &wirepb.ContextUser{}},
		ChallengeExtensions:      &wirepb.ChallengeExtensions{Scope: session, AllowReuse: once},
		SsoClientRedirectUrl:     callbackURL,
		ProxyAddress:             a.proxyAddr,
		BrowserMfaTshRedirectUrl: callbackURL,
	})
	if err != nil {
		return nil, a.failed(ctx, "ask for a second factor", err)
	}
	c := &SessionChallenge{TOTP: answer.GetTotp() != nil, WebAuthn: answer.GetWebauthnChallenge() != nil}
	sso, browser := answer.GetSsoChallenge(), answer.GetBrowserMfaChallenge().GetRequestId()
	switch {
	case sso.GetRedirectUrl() != "":
		c.sso, c.Page = sso.GetRequestId(), sso.GetRedirectUrl()
	case browser != "":
		c.browser, c.Page = browser, BrowserMFAPage(a.proxyAddr, browser)
	}
	return c, nil
}

// BrowserMFAPage is the page of the cluster on which the passkey is used that a
// request asks for (protocol.md 3.7).
func BrowserMFAPage(proxyAddr, request string) string {
	u := url.URL{Scheme: "https", Host: WebHost(proxyAddr), Path: "/web/mfa/browser/" + request}
	return u.String()
}

// WebHost is a proxy's address as it stands in a URL: without the default port.
func WebHost(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port != "443" {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.To4() == nil {
		return "[" + host + "]"
	}
	return host
}
