// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Where a browser ends whose login has no usable callback of a client
// (protocol.md 2.4).
const callbackErrorPage = "/web/msg/error/login/callback"

// callbackPath is where the identity provider of a connector of that type sends
// the browser.
func callbackPath(typ string) string {
	if typ == "saml" {
		return "/webapi/saml/acs"
	}
	return "/webapi/" + typ + "/callback"
}

// serveCallback ends a login: it turns the code of the identity provider into
// certificates, and sends the browser on to the client with the answer.
func (c *Cluster) serveCallback(w http.ResponseWriter, r *http.Request) {
	if err := c.hooks.wait(r.Context()); err != nil {
		return
	}
	begun := c.logins.find(cmp.Or(r.FormValue("state"), r.FormValue("RelayState")))
	if begun == nil {
		c.cfg.Log.Warn("callback of a login that is not known")
		sendOn(w, callbackErrorPage)
		return
	}
	response, err := c.finishLogin(begun, r)
	switch {
	case errors.Is(err, errUnusable):
		c.cfg.Log.Warn("login failed", "error", err)
		sendOn(w, callbackErrorPage)
	case err != nil:
		c.cfg.Log.Warn("login failed", "error", err)
		sendOn(w, begun.errorURL(err))
	default:
		c.hooks.countLogin()
		sendOn(w, begun.responseURL(response))
	}
}

// errUnusable ends a login whose client cannot be told how it ended.
var errUnusable = errors.New("callback cannot be used")

// finishLogin checks what the identity provider says and returns the sealed
// answer for the client.
func (c *Cluster) finishLogin(begun *login, r *http.Request) ([]byte, error) {
	if problem := r.FormValue("error"); problem != "" {
		return nil, begun.providerError(problem, r.FormValue("error_description"))
	}
	name, ok := c.logins.redeem(begun, cmp.Or(r.FormValue("code"), r.FormValue("SAMLResponse")))
	if !ok {
		return nil, errors.New("invalid_grant: the code is incorrect or has been used")
	}
	user, ok := c.user(name)
	if !ok {
		return nil, fmt.Errorf("there is no user %q", name)
	}
	if denial := c.denial(); denial != "" {
		return nil, errors.New(denial)
	}
	if len(user.Roles) == 0 {
		return nil, begun.noRoleError(name)
	}
	answer, err := c.answerLogin(user, begun)
	if err != nil {
		return nil, err
	}
	response, err := seal(begun.redirect.Query().Get(secretParam), answer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnusable, err)
	}
	return response, nil
}

// providerError tells that the identity provider has sent the user back with an
// error.
func (l *login) providerError(code, description string) error {
	if l.connector.Type != "github" {
		return fmt.Errorf("%s: %s", code, description)
	}
	return fmt.Errorf("GitHub returned error: %s [%s]\n\tOAuth2 error code=invalid_request, message=%[2]s", description, code)
}

// noRoleError tells that the connector gives the user no role.
func (l *login) noRoleError(name string) error {
	if l.connector.Type != "github" {
		return fmt.Errorf("access denied for %q: no role is mapped to the user", name)
	}
	return &webError{http.StatusForbidden, "Failed to query GitHub API for user claims.\n\tlist of user teams is empty, did you grant access?"}
}

// loginAnswer is what a client gets for a login, sealed (protocol.md 2.4).
type loginAnswer struct {
	Username    string       `json:"username"`
	Cert        []byte       `json:"cert"`
	TLSCert     []byte       `json:"tls_cert"`
	HostSigners []hostSigner `json:"host_signers"`
	SAMLLogout  bool         `json:"samlSingleLogoutEnabled"`
	MFAToken    string       `json:"mfa_token"`
	BrowserMFA  *assertion   `json:"browser_mfa_webauthn_response,omitempty"` // of browser MFA, which has nothing else
}

// hostSigner is the host CA of one cluster (protocol.md 5.2).
type hostSigner struct {
	DomainName   string   `json:"domain_name"`
	CheckingKeys [][]byte `json:"checking_keys"`
	TLSCerts     [][]byte `json:"tls_certs"` // PEM
}

func (c *Cluster) answerLogin(user User, begun *login) (*loginAnswer, error) {
	if locked := c.lockError(user.Name); locked != nil {
		return nil, locked
	}
	id := c.loginIdentity(user, time.Time{})
	id.LoginIP, id.UserType = begun.clientIP, begun.userType
	ttl := c.sessionTTL(c.rolesOf(id))
	if begun.ttl != 0 { // one below 0 gives a certificate that is over
		ttl = min(ttl, begun.ttl)
	}
	id.Expires = c.hooks.capExpiry(time.Now().Add(ttl))
	answer := &loginAnswer{Username: user.Name, HostSigners: []hostSigner{{
		DomainName: c.cfg.Name, CheckingKeys: [][]byte{c.sshCA.line()}, TLSCerts: [][]byte{c.host.ca().pem()},
	}}}
	return answer, c.certify(answer, id, begun.keys)
}

// certify puts the certificates for the keys of a login into its answer.
func (c *Cluster) certify(answer *loginAnswer, id identity, keys loginKeys) (err error) {
	if len(keys.SSH) > 0 {
		answer.Cert, err = c.sshCA.issue(keys.SSH, id.Username, id.Principals, time.Now().Add(-clockSkew), id.Expires)
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
	answer.TLSCert, err = c.issueUserCert(id, key)
	return err
}

// responseURL is the client's callback with the answer in place of the secret.
func (l *login) responseURL(response []byte) string {
	return l.clientURL(url.Values{"response": {string(response)}})
}

// errorURL is the client's callback with an error; the secret stays.
func (l *login) errorURL(err error) string {
	query := l.redirect.Query()
	query.Set("err", err.Error())
	return l.clientURL(query)
}

func (l *login) clientURL(query url.Values) string {
	u := *l.redirect
	u.RawQuery = query.Encode()
	return u.String()
}
