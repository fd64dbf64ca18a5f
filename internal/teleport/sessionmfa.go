// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"

	"golang.org/x/mod/semver"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// browserMFAVersion is the first release that takes a second factor in the
// browser (protocol.md 3.7).
const browserMFAVersion = "v18.8.0"

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
	if status.Code(err) == codes.NotFound {
		return false, &AppNotFoundError{Name: app.Name}
	}
	if err != nil {
		return false, a.failed(ctx, "ask about a second factor", err)
	}
	return answer.GetRequired() || answer.GetMfaRequired() == wirepb.MFARequired_MFA_REQUIRED_YES, nil
}

// Factors are second factors that a user has.
type Factors struct {
	WebAuthn bool // a passkey or a security key
	TOTP     bool // an authenticator app: good for a login, never for a session
}

// Factors returns the second factors of the user, as the root offers them for a
// session. SSO and the browser are offered to those only
// who can follow a redirect, and so are not told here
// (CreateAuthenticateChallenge, protocol.md 7.5).
func (a *RootAuth) Factors(ctx context.Context) (Factors, error) {
	const session, once = 6, 2
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	answer, err := a.auth.CreateAuthenticateChallenge(ctx, &wirepb.CreateAuthenticateChallengeRequest{
		Request:             &wirepb.CreateAuthenticateChallengeRequest_ContextUser{ContextUser: &wirepb.ContextUser{}},
		ChallengeExtensions: &wirepb.ChallengeExtensions{Scope: session, AllowReuse: once},
	})
	if err != nil {
		return Factors{}, a.failed(ctx, "ask for your second factors", err)
	}
	return Factors{WebAuthn: answer.GetWebauthnChallenge() != nil, TOTP: answer.GetTotp() != nil}, nil
}

// Kinds of a second factor for a session.
const (
	MFAWebAuthn = "webauthn" // a passkey or a security key
	MFASSO      = "sso"      // the identity provider
	MFABrowser  = "browser"  // a passkey, in the browser
)

// SessionMFAKinds are the kinds of second factor that the cluster takes for a
// session, as far as its ping tells. A code of an authenticator app is none of
// them (protocol.md 7.5).
func (p *Ping) SessionMFAKinds() []string {
	var kinds []string
	if p.Auth.PreferredLocalMFA == "webauthn" {
		kinds = append(kinds, MFAWebAuthn)
	}
	if p.Auth.SecondFactor == "sso" {
		kinds = append(kinds, MFASSO)
	}
	if v, ok := canonical(p.ServerVersion); ok && len(kinds) > 0 && semver.Compare(release(v), browserMFAVersion) >= 0 {
		kinds = append(kinds, MFABrowser)
	}
	return kinds
}
