// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
func (l *ssoLogins) serveCallback(w http.ResponseWriter, r *http.Request) {
	if err := l.hooks.wait(r.Context()); err != nil {
		return
	}
	begun := l.find(cmp.Or(r.FormValue("state"), r.FormValue("RelayState")))
	if begun == nil {
		l.cfg.Log.Warn("callback of a login that is not known")
		sendOn(w, callbackErrorPage)
		return
	}
	response, err := l.finishLogin(begun, r)
	switch {
	case errors.Is(err, errUnusable):
		l.cfg.Log.Warn("login failed", "error", err)
		sendOn(w, callbackErrorPage)
	case err != nil:
		l.cfg.Log.Warn("login failed", "error", err)
		sendOn(w, begun.errorURL(err))
	default:
		if begun.factor == nil {
			l.hooks.countLogin()
		}
		sendOn(w, begun.responseURL(response))
	}
}

// errUnusable ends a login whose client cannot be told how it ended.
var errUnusable = errors.New("callback cannot be used")

// finishLogin checks what the identity provider says and returns the sealed
// answer for the client.
func (l *ssoLogins) finishLogin(begun *login, r *http.Request) ([]byte, error) {
	if problem := r.FormValue("error"); problem != "" {
		return nil, begun.providerError(problem, r.FormValue("error_description"))
	}
	name, ok := l.redeem(begun, cmp.Or(r.FormValue("code"), r.FormValue("SAMLResponse")))
	if !ok {
		return nil, errors.New("invalid_grant: the code is incorrect or has been used")
	}
	user, ok := l.user(name)
	if !ok {
		return nil, fmt.Errorf("there is no user %q", name)
	}
	if begun.factor != nil {
		return l.finishFactor(begun, name)
	}
	if denial := l.hooks.denies(l.cfg.KeyPolicy); denial != "" {
		return nil, errors.New(denial)
	}
	if len(user.Roles) == 0 {
		return nil, begun.noRoleError(name)
	}
	answer, err := l.answerLogin(user, begun)
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
