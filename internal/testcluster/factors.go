// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/base64"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// scopeUserSession is what a challenge for a session is asked for with.
const scopeUserSession = 6

// factors are the second factors for a session that a client without devices can
// give: in the browser, where it is sent to the passkey or to the identity provider
// (protocol.md 3.6, 3.7).
type factors struct {
	local *localLogins
	sso   *ssoLogins
}

// offer adds what the client can be sent to the browser for: only to where it says
// that it awaits the answer, and of what the user has.
func (f *factors) offer(answer *wirepb.MFAAuthenticateChallenge, user User, req *wirepb.CreateAuthenticateChallengeRequest) (err error) {
	if to := req.GetSsoClientRedirectUrl(); to != "" && req.GetProxyAddress() != "" {
		if answer.SsoChallenge, err = f.sso.beginFactor(user, to); err != nil {
			return err
		}
	}
	if to := req.GetBrowserMfaRedirectUrl(); to != "" && user.Passkey && f.local.offersBrowserMFA() {
		id := newUUID()
		answer.BrowserMfaChallenge = &wirepb.BrowserMFAChallenge{RequestId: id}
		_, err = f.local.beginBrowserMFA(id, user, forSession(id), to)
	}
	return err
}

// forSession is the purpose of the challenge of a request.
func forSession(request string) string { return "session " + request }

// verify looks at the second factor of a request for a certificate, and returns the
// id of its device: empty if there is none. One is not needed here, whatever the
// app is (protocol.md 7.5). A code without the purpose of a session is left out,
// stricter than in 18.0.
func (f *factors) verify(user string, req *wirepb.UserCertsRequest) (device string, err error) {
	answer := req.GetMfaResponse()
	switch {
	case answer == nil, answer.GetTotp() != nil:
		return "", nil
	case answer.GetSso() != nil:
		device = f.sso.checkFactor(user, answer.GetSso())
	case answer.GetBrowser() != nil:
		device = f.checkBrowser(user, answer.GetBrowser())
	}
	if device == "" { // that of a device at the client too: there is none
		return "", grpcserve.Error(grpcserve.PermissionDenied, "access denied: the second factor was not accepted")
	}
	return device, nil
}

// checkBrowser returns the id of the passkey, or nothing.
func (f *factors) checkBrowser(user string, answer *wirepb.BrowserMFAResponse) (device string) {
	signed := answer.GetWebauthnResponse()
	raw := base64.RawURLEncoding.EncodeToString
	a := &webauthn.Assertion{ID: raw(signed.GetRawId()), RawID: raw(signed.GetRawId()), Type: signed.GetType()}
	a.Response.ClientData = raw(signed.GetResponse().GetClientDataJson())
	a.Response.AuthenticatorData = raw(signed.GetResponse().GetAuthenticatorData())
	a.Response.Signature = raw(signed.GetResponse().GetSignature())
	if a.Type != "public-key" || !f.local.passkeys.CheckAssertion(user, forSession(answer.GetRequestId()), a) {
		return ""
	}
	return a.ID
}
