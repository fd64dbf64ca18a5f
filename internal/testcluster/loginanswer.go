// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
)

// loginAnswer is what a client gets for a login, sealed (protocol.md 2.4).
type loginAnswer struct {
	Username    string              `json:"username"`
	Cert        []byte              `json:"cert"`
	TLSCert     []byte              `json:"tls_cert"`
	HostSigners []hostSigner        `json:"host_signers"`
	SAMLLogout  bool                `json:"samlSingleLogoutEnabled"`
	MFAToken    string              `json:"mfa_token"`
	BrowserMFA  *webauthn.Assertion `json:"browser_mfa_webauthn_response,omitempty"` // of browser MFA, which has nothing else
}

// hostSigner is the host CA of one cluster (protocol.md 5.2).
type hostSigner struct {
	DomainName   string   `json:"domain_name"`
	CheckingKeys [][]byte `json:"checking_keys"`
	TLSCerts     [][]byte `json:"tls_certs"` // PEM
}

// answerLogin issues the certificates of a login.
func (i *issuer) answerLogin(user User, begun *login) (*loginAnswer, error) {
	if locked := i.accounts.lockError(user.Name); locked != nil {
		return nil, locked
	}
	id := i.loginIdentity(user, time.Time{})
	id.LoginIP, id.UserType = begun.clientIP, begun.userType
	ttl := i.sessionTTL(i.accounts.rolesOf(id))
	if begun.ttl != 0 { // one below 0 gives a certificate that is over
		ttl = min(ttl, begun.ttl)
	}
	id.Expires = i.hooks.capExpiry(time.Now().Add(ttl))
	answer := &loginAnswer{Username: user.Name, HostSigners: []hostSigner{{
		DomainName: i.cluster, CheckingKeys: [][]byte{i.sshCA.line()}, TLSCerts: [][]byte{i.host.ca().pem()},
	}}}
	return answer, i.certify(answer, id, begun.keys)
}

// certify puts the certificates for the keys of a login into its answer.
func (i *issuer) certify(answer *loginAnswer, id identity, keys loginKeys) (err error) {
	if len(keys.SSH) > 0 {
		answer.Cert, err = i.sshCA.issue(keys.SSH, id.Username, id.Principals, time.Now().Add(-clockSkew), id.Expires)
		if err != nil {
			return err
		}
	}
	if len(keys.TLS) == 0 {
		return nil
	}
	key, err := parsePublicKey(keys.TLS)
	if err != nil {
		return err
	}
	answer.TLSCert, err = i.issueUserCert(id, key)
	return err
}

// answerLocal issues the certificate of a local user.
func (i *issuer) answerLocal(name string, keys loginKeys, ttl time.Duration, r *http.Request) (*loginAnswer, error) {
	begun := &login{keys: keys, ttl: ttl, userType: "local"}
	begun.clientIP, _, _ = net.SplitHostPort(r.RemoteAddr)
	user, _ := i.accounts.user(name)
	return i.answerLogin(user, begun)
}
