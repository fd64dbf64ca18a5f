// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"errors"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// The members of a passkey's answer may be padded or not (protocol.md 3.7).
func TestAnswer(t *testing.T) {
	for _, pad := range []string{"", "="} {
		c := &SessionChallenge{browser: "r-1"}
		answer, err := c.Answer([]byte(`{"mfa_token":"","browser_mfa_webauthn_response":{"id":"x","rawId":"_-8` + pad + `","type":"public-key","extensions":{"appid":true},
			"response":{"clientDataJSON":"e30` + pad + `","authenticatorData":"AQI` + pad + `","signature":"AwQ` + pad + `","userHandle":null}}}`))
		if err != nil {
			t.Fatal(err)
		}
		got := answer.wire.GetBrowser()
		signed := got.GetWebauthnResponse()
		if got.GetRequestId() != "r-1" || signed.GetType() != "public-key" || !bytes.Equal(signed.GetRawId(), []byte{0xff, 0xef}) ||
			!bytes.Equal(signed.GetResponse().GetClientDataJson(), []byte("{}")) || !bytes.Equal(signed.GetResponse().GetAuthenticatorData(), []byte{1, 2}) ||
			!bytes.Equal(signed.GetResponse().GetSignature(), []byte{3, 4}) || signed.GetResponse().GetUserHandle() != nil || !signed.GetExtensions().GetAppId() {
			t.Errorf("%v", got)
		}
	}
	answer, err := (&SessionChallenge{sso: "r-2"}).Answer([]byte(`{"username":"alice","cert":null,"mfa_token":"t"}`))
	if err != nil || answer.wire.GetSso().GetRequestId() != "r-2" || answer.wire.GetSso().GetToken() != "t" {
		t.Errorf("%v, %v", answer, err)
	}
}

func TestAnswerIsNone(t *testing.T) {
	const signed = `{"rawId":"AQ","response":{"clientDataJSON":"AQ","authenticatorData":"AQ","signature":"AQ"}}`
	sso, browser := &SessionChallenge{sso: "r"}, &SessionChallenge{browser: "r"}
	for name, c := range map[string]struct {
		of     *SessionChallenge
		opened string
	}{
		"no JSON":                 {sso, "{"},
		"a login":                 {sso, `{"username":"alice","tls_cert":"AQ=="}`},
		"of the other kind":       {sso, `{"browser_mfa_webauthn_response":` + signed + `}`},
		"of the other kind again": {browser, `{"mfa_token":"t"}`},
		"nothing signed":          {browser, `{"browser_mfa_webauthn_response":{"rawId":"AQ"}}`},
		"no base64":               {browser, `{"browser_mfa_webauthn_response":{"rawId":"+/"}}`},
		"null":                    {browser, `null`},
		"of no request":           {&SessionChallenge{}, `{"mfa_token":"t","browser_mfa_webauthn_response":` + signed + `}`},
	} {
		if answer, err := c.of.Answer([]byte(c.opened)); answer != nil || !errors.Is(err, ErrNoFactor) {
			t.Errorf("%s: %v, %v", name, answer, err)
		}
	}
}

// A second factor goes with its purpose, and what comes back must say that it was
// taken.
func TestAppCertWithFactor(t *testing.T) {
	s := startAuth(t)
	a := s.dial()
	answer, err := (&SessionChallenge{sso: "r"}).Answer([]byte(`{"mfa_token":"t"}`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.IssueAppCert(testContext(t), AppCertRequest{App: grafana, Factor: answer})
	var wrong *WrongCertError
	if !errors.As(err, &wrong) {
		t.Errorf("a certificate without the device: %v", err)
	}
	if s.issued.GetPurpose() != wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS || s.issued.GetMfaResponse().GetSso().GetToken() != "t" {
		t.Errorf("request %v", s.issued)
	}
	if _, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana}); err != nil || s.issued.GetPurpose() != 0 || s.issued.GetMfaResponse() != nil {
		t.Errorf("without a factor: %v, %v", s.issued, err)
	}
	for _, code := range []codes.Code{codes.PermissionDenied, codes.InvalidArgument} {
		s.certs = func(*wirepb.UserCertsRequest) (*wirepb.Certs, error) { return nil, status.Error(code, "no such token") }
		_, err = a.IssueAppCert(testContext(t), AppCertRequest{App: grafana, Factor: answer})
		var refused *FactorRefusedError
		if !errors.As(err, &refused) || refused.App != grafana.Name {
			t.Errorf("%v: %v", code, err)
		}
	}
	s.certs = func(*wirepb.UserCertsRequest) (*wirepb.Certs, error) {
		return nil, status.Error(codes.PermissionDenied, "access denied: client credentials have expired, please relogin.")
	}
	var over *ExpiredError
	if _, err = a.IssueAppCert(testContext(t), AppCertRequest{App: grafana, Factor: answer}); !errors.As(err, &over) {
		t.Errorf("a login that is over: %v", err)
	}
}
