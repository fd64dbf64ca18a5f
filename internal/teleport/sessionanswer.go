// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// SessionAnswer is a second factor for one certificate.
type SessionAnswer struct {
	wire *wirepb.MFAAuthenticateResponse
}

// ErrNoFactor tells that what came back from the browser is no second factor.
var ErrNoFactor = errcode.New(errcode.ProxyAnswer, "the cluster's answer is unusable: it holds no second factor")

// Answer reads what came back from the browser, opened (protocol.md 2.4).
func (c *SessionChallenge) Answer(opened []byte) (*SessionAnswer, error) {
	var said struct {
		Token     string     `json:"mfa_token"`
		Assertion *assertion `json:"browser_mfa_webauthn_response"`
	}
	if json.Unmarshal(opened, &said) != nil {
		return nil, ErrNoFactor
	}
	switch {
	case c.sso != "" && said.Token != "":
		return &SessionAnswer{&wirepb.MFAAuthenticateResponse{Response: &wirepb.MFAAuthenticateResponse_Sso{
			Sso: &wirepb.SSOResponse{RequestId: c.sso, Token: said.Token},
		}}}, nil
	case c.browser != "" && said.Assertion.complete():
		return &SessionAnswer{&wirepb.MFAAuthenticateResponse{Response: &wirepb.MFAAuthenticateResponse_Browser{
			Browser: &wirepb.BrowserMFAResponse{RequestId: c.browser, WebauthnResponse: said.Assertion.wire()},
		}}}, nil
	}
	return nil, ErrNoFactor
}

// assertion is the answer of a passkey as JSON (protocol.md 3.2).
type assertion struct {
	Type     string    `json:"type"`
	RawID    base64URL `json:"rawId"`
	Response struct {
		ClientData        base64URL `json:"clientDataJSON"`
		AuthenticatorData base64URL `json:"authenticatorData"`
		Signature         base64URL `json:"signature"`
		UserHandle        base64URL `json:"userHandle"`
	} `json:"response"`
	Extensions struct {
		AppID bool `json:"appid"`
	} `json:"extensions"`
}

func (a *assertion) complete() bool {
	return a != nil && len(a.RawID) > 0 && len(a.Response.ClientData) > 0 && len(a.Response.AuthenticatorData) > 0 && len(a.Response.Signature) > 0
}

func (a *assertion) wire() *wirepb.CredentialAssertionResponse {
	return &wirepb.CredentialAssertionResponse{
		Type: a.Type, RawId: a.RawID,
		Response: &wirepb.AuthenticatorAssertionResponse{
			ClientDataJson: a.Response.ClientData, AuthenticatorData: a.Response.AuthenticatorData,
			Signature: a.Response.Signature, UserHandle: a.Response.UserHandle,
		},
		Extensions: &wirepb.AuthenticationExtensionsClientOutputs{AppId: a.Extensions.AppID},
	}
}

// base64URL is a binary member of a passkey's answer, padded or not.
type base64URL []byte

// UnmarshalText decodes it.
func (b *base64URL) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(string(text), "="))
	return err
}

// FactorRefusedError tells that the cluster did not accept a second factor.
type FactorRefusedError struct {
	App string
	Err *AuthError
}

func (e *FactorRefusedError) Error() string {
	return "the cluster did not accept the second factor for " + e.App + ": " + e.Err.Message
}

// Unwrap returns the failed call.
func (e *FactorRefusedError) Unwrap() error { return e.Err }

func (e *FactorRefusedError) Hints() []string {
	return []string{"try again, with a device of yours that the cluster knows"}
}
func (e *FactorRefusedError) ExitCode() int           { return exitError }
func (e *FactorRefusedError) ErrorCode() errcode.Code { return errcode.MFADenied }

// factorRefused is err of a call that brought a second factor for the app.
func factorRefused(app string, err error) error {
	refused, plain := err.(*AuthError) // a login that is over, a lock and a policy are more than that
	if !plain || !refused.Denied() && refused.Code != rpc.InvalidArgument {
		return err
	}
	return &FactorRefusedError{App: app, Err: refused}
}

// oidMFADevice names the device whose second factor a certificate was issued with
// (protocol.md 5.1).
var oidMFADevice = asn1.ObjectIdentifier{1, 3, 9999, 1, 8}

// HasFactor tells whether a certificate was issued with a second factor.
func HasFactor(cert *x509.Certificate) bool { return len(subjectValues(cert, oidMFADevice)) > 0 }
