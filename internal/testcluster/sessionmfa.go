// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/rand"
	"slices"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// CreateAuthenticateChallenge offers the factors that the caller has, TOTP too,
// although that is refused for a session (protocol.md 7.5). An app may be
// named, and one that needs no factor brings no challenge.
func (s *authService) CreateAuthenticateChallenge(ctx context.Context, req *wirepb.CreateAuthenticateChallengeRequest) (*wirepb.MFAAuthenticateChallenge, error) {
	answer := &wirepb.MFAAuthenticateChallenge{}
	if check := req.GetMfaRequiredCheck(); check != nil {
		required, err := s.IsMFARequired(ctx, check)
		if err != nil {
			return nil, err
		}
		answer.MfaRequired = required.MfaRequired
		if !required.Required {
			return answer, nil
		}
	}
	user, _ := s.auth.user(client(ctx).identity.Username)
	if s.auth.factors != nil && req.GetChallengeExtensions().GetScope() == scopeUserSession {
		if err := s.auth.factors.offer(answer, user, req); err != nil {
			return nil, grpcserve.Error(grpcserve.InvalidArgument, err.Error())
		}
	}
	if user.TOTPSecret != "" {
		answer.Totp = &wirepb.TOTPChallenge{}
	}
	if user.Passkey {
		challenge := make([]byte, 32)
		rand.Read(challenge) // never fails
		answer.WebauthnChallenge = &wirepb.CredentialAssertion{
			PublicKey: &wirepb.PublicKeyCredentialRequestOptions{Challenge: challenge, RpId: rpID},
		}
	}
	return answer, nil
}

// IsMFARequired tells whether the caller needs a second factor to use an app
// (protocol.md 7.5). Other targets are not modelled; none at all needs no
// factor.
func (s *authService) IsMFARequired(ctx context.Context, req *wirepb.IsMFARequiredRequest) (*wirepb.IsMFARequiredResponse, error) {
	if req.GetApp() == nil {
		return &wirepb.IsMFARequiredResponse{MfaRequired: wirepb.MFARequired_MFA_REQUIRED_NO}, nil
	}
	required, err := s.mfaRequired(client(ctx).identity, req.GetApp().GetName())
	if err != nil {
		return nil, err
	}
	answer := &wirepb.IsMFARequiredResponse{Required: required, MfaRequired: wirepb.MFARequired_MFA_REQUIRED_NO}
	if required {
		answer.MfaRequired = wirepb.MFARequired_MFA_REQUIRED_YES
	}
	return answer, nil
}

// mfaRequired decides whether an app needs a second factor: an app that may not
// be used needs none, and unless a role of the caller asks for one the app is
// not even looked up.
func (s *authService) mfaRequired(id identity, name string) (bool, error) {
	roles := s.auth.rolesOf(id)
	if !slices.ContainsFunc(roles, func(r Role) bool { return r.RequireSessionMFA }) {
		return false, nil
	}
	app, ok := s.auth.app(name)
	if !ok || !s.auth.appOnline(name) {
		return false, grpcserve.Errorf(grpcserve.NotFound, "application service %q not found", name)
	}
	return s.auth.mayUse(id, app) && mfaNeeded(roles, id.Traits, app), nil
}

// mfaNeeded reports whether roles that let a user use the app ask for a second
// factor on the way.
func mfaNeeded(roles []Role, traits map[string][]string, app App) bool {
	return appAllowed(roles, traits, app) && slices.ContainsFunc(roles, func(r Role) bool {
		return r.RequireSessionMFA && labelsMatch(r.AllowAppLabels, traits, app.Labels)
	})
}
