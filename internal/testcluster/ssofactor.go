// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// ssoFactor is a second factor that the identity provider is asked for
// (protocol.md 3.6).
type ssoFactor struct {
	id, user string
	token    string // once the identity provider has said yes
}

// beginFactor asks for it where the user's connector is one; else it is nil.
func (l *ssoLogins) beginFactor(user User, redirect string) (*wirepb.SSOChallenge, error) {
	connector := l.cfg.Connector
	if !connector.MFA || user.Password != "" || !l.atLeast("17.1.0") {
		return nil, nil
	}
	u, err := connector.parseCallback(redirect)
	if err != nil {
		return nil, err
	}
	factor := &ssoFactor{id: newUUID(), user: user.Name}
	state := l.begin(&login{connector: connector, redirect: u, begun: time.Now(), factor: factor})
	return &wirepb.SSOChallenge{RequestId: factor.id, RedirectUrl: l.authorizeURL(connector, state)}, nil
}

// finishFactor ends the page of the identity provider for a user, and returns the
// sealed token for the client.
func (l *ssoLogins) finishFactor(begun *login, user string) ([]byte, error) {
	if user != begun.factor.user {
		return nil, fmt.Errorf("access denied: it was %q who was asked", begun.factor.user)
	}
	l.mu.Lock()
	begun.factor.token = newUUID()
	l.mu.Unlock()
	response, err := seal(begun.redirect.Query().Get(secretParam), loginAnswer{Username: user, MFAToken: begun.factor.token})
	if err != nil {
		return nil, errors.Join(errUnusable, err)
	}
	return response, nil
}

// checkFactor returns the id of the device of a user's token, which is used up by
// it, or nothing.
func (l *ssoLogins) checkFactor(user string, answer *wirepb.SSOResponse) (device string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for state, begun := range l.byState {
		f := begun.factor
		if f == nil || f.id != answer.GetRequestId() || f.user != user || f.token == "" || begun.expired() {
			continue
		}
		if subtle.ConstantTimeCompare([]byte(f.token), []byte(answer.GetToken())) == 1 {
			delete(l.byState, state)
			return "sso " + begun.connector.Name
		}
	}
	return ""
}
