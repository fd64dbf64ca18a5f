// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
)

// rpID is the relying party of the users' passkeys: the proxy's host.
const rpID = "localhost"

// LocalAuth is how the cluster signs its local users in. The zero value is
// that of a new cluster whose default is single sign-on.
type LocalAuth struct {
	// Default makes local the way to sign in where no connector is named.
	Default bool
	// SecondFactor is "on" (the default), "off", "optional" or "otp". With "off" a
	// password is enough, with "optional" it is for users without a device; "otp"
	// is "on" without WebAuthn.
	SecondFactor string
	// NoBrowserMFA is allow_browser_authentication: false. Below 18.8.0 there is
	// no browser MFA in any case.
	NoBrowserMFA bool
	// NoHeadless is allow_headless: false.
	NoHeadless bool
	// HeadlessTime is how long a headless login waits for its approval, by
	// default 180 s.
	HeadlessTime time.Duration
	// Disabled is allow_local_auth: false. Only the end of a local login tells.
	Disabled bool
	// MaxAttempts is the number of failed attempts in a row after which a user
	// is locked out, by default 5.
	MaxAttempts int
}

// Refusals of a local login.
var (
	errCredentials   = errors.New("invalid credentials")
	errPassword      = errors.New("invalid username or password")
	errSecondFactor  = errors.New("invalid username, password or second factor")
	errMissingFactor = errors.New("missing second factor authentication")
	errLocked        = errors.New("too many incorrect attempts, please try again later")
	errDisabled      = errors.New("local auth disabled")
	errNoKey         = badRequest("'ssh_pub_key' or 'tls_pub_key' must be set")
	errNoUser        = badRequest("missing parameter 'username'")
)

// localLogins are the logins of local users: with a password, and the code of an
// authenticator app or a passkey in the browser.
type localLogins struct {
	*listeners
	*site
	leaves *leaves

	mu       sync.Mutex
	failures map[string]int          // failed attempts in a row, by user
	used     map[string]map[int]bool // time steps whose TOTP code was taken, by user
	passkeys *webauthn.Devices
	browser  map[string]*browserMFA // by request id
}

func newLocalLogins(listeners *listeners, site *site, leaves *leaves) *localLogins {
	return &localLogins{
		listeners: listeners, site: site, leaves: leaves,
		failures: map[string]int{},
		used:     map[string]map[int]bool{},
		browser:  map[string]*browserMFA{},
		passkeys: webauthn.New(rpID),
	}
}

// mfaBeginRequest is the body of POST /webapi/mfa/login/begin.
type mfaBeginRequest struct {
	User            string `json:"user"`
	Pass            string `json:"pass"`
	Passwordless    bool   `json:"passwordless"`
	BrowserRedirect string `json:"browser_mfa_tsh_redirect_url"`
}

// mfaChallenge is its answer (protocol.md 3.1, 3.7).
type mfaChallenge struct {
	Webauthn *webauthn.Request `json:"webauthn_challenge"`
	TOTP     bool              `json:"totp_challenge"`
	SSO      *struct{}         `json:"sso_challenge"`
	Browser  *browserChallenge `json:"browser_challenge,omitempty"`
}

// serveMFABegin checks the password and tells what else is needed.
func (l *localLogins) serveMFABegin(w http.ResponseWriter, r *http.Request) {
	var req mfaBeginRequest
	if err := readJSON(w, r, &req); err != nil {
		writeRefusal(w, err)
		return
	}
	if req.Passwordless { // which cannot be finished: there is no such device
		writeJSON(w, mfaChallenge{Webauthn: l.passkeys.Any()})
		return
	}
	if l.attempt(req.User, func(user User) error { return checkPassword(user, req.Pass, errCredentials) }, errCredentials) != nil {
		writeRefusal(w, errCredentials) // also when the user is locked out
		return
	}
	user, _ := l.user(req.User)
	answer, err := l.mfaChallenge(user, req.BrowserRedirect)
	if err != nil {
		writeRefusal(w, err)
		return
	}
	writeJSON(w, answer)
}

// offersBrowserMFA tells whether passkeys can be used in the browser.
func (l *localLogins) offersBrowserMFA() bool {
	return !l.cfg.LocalAuth.NoBrowserMFA && l.cfg.LocalAuth.SecondFactor != "otp" && l.atLeast("18.8.0")
}

func (l *localLogins) mfaChallenge(user User, browserRedirect string) (*mfaChallenge, error) {
	challenge := &mfaChallenge{TOTP: user.TOTPSecret != ""}
	if l.cfg.LocalAuth.SecondFactor == "off" {
		return &mfaChallenge{}, nil
	}
	if !user.Passkey {
		return challenge, nil
	}
	challenge.Webauthn = l.passkeys.Challenge(user.Name, forLogin)
	if browserRedirect == "" || !l.offersBrowserMFA() {
		return challenge, nil
	}
	var err error
	challenge.Browser, err = l.beginBrowserMFA(newUUID(), user, forLogin, browserRedirect)
	return challenge, err
}

// mfaFinishRequest is the body of POST /webapi/mfa/login/finish.
type mfaFinishRequest struct {
	User     string          `json:"user"`
	Password string          `json:"password"`
	TOTPCode string          `json:"totp_code"`
	Webauthn json.RawMessage `json:"webauthn_challenge_response"`
	loginKeys
	TTL            time.Duration `json:"ttl"` // nanoseconds
	RouteToCluster string
}

// check finds what is wrong with a request before it is tried.
func (req mfaFinishRequest) check() error {
	switch {
	case req.loginKeys.none():
		return errNoKey
	case req.User == "":
		return errNoUser
	}
	return nil
}

// serveMFAFinish ends a local login. Its answer is that of every login, but
// not sealed.
func (l *localLogins) serveMFAFinish(w http.ResponseWriter, r *http.Request) {
	var req mfaFinishRequest
	if err := readJSON(w, r, &req); err != nil {
		writeRefusal(w, err)
		return
	}
	l.finish(w, r, req)
}

// serveSSHCerts is the login in one step, with a password and a code, that
// releases before 18 have beside it (protocol.md 11).
func (l *localLogins) serveSSHCerts(w http.ResponseWriter, r *http.Request) {
	var req struct {
		mfaFinishRequest
		OTPToken string `json:"otp_token"`
	}
	if err := readJSON(w, r, &req); err != nil {
		writeRefusal(w, err)
		return
	}
	req.TOTPCode, req.Webauthn = req.OTPToken, nil
	l.finish(w, r, req.mfaFinishRequest)
}

func (l *localLogins) finish(w http.ResponseWriter, r *http.Request, req mfaFinishRequest) {
	if err := req.check(); err != nil {
		writeRefusal(w, err)
		return
	}
	answer, err := l.finishLocal(req, r)
	if err != nil {
		l.cfg.Log.Warn("login refused", "error", err)
		writeRefusal(w, err)
		return
	}
	l.hooks.countLogin()
	writeJSON(w, answer)
}

func (l *localLogins) finishLocal(req mfaFinishRequest, r *http.Request) (*loginAnswer, error) {
	if l.cfg.LocalAuth.Disabled {
		return nil, errDisabled
	}
	if err := l.attempt(req.User, func(user User) error { return l.checkFactors(user, req) }, refusalOf(req)); err != nil {
		return nil, err
	}
	if to := req.RouteToCluster; to != "" && to != l.cfg.Name && l.leaves.find(to) == nil {
		return nil, &webError{http.StatusNotFound, fmt.Sprintf("remote cluster %q is not found", to)}
	}
	if err := l.hooks.wait(r.Context()); err != nil {
		return nil, err
	}
	if denial := l.hooks.denies(l.cfg.KeyPolicy); denial != "" {
		return nil, errors.New(denial)
	}
	return l.answerLocal(req.User, req.loginKeys, req.TTL, r)
}

// refusalOf is what a login is refused with that fails, whatever the reason.
func refusalOf(req mfaFinishRequest) error {
	switch {
	case isSet(req.Webauthn):
		return errCredentials
	case req.TOTPCode != "":
		return errSecondFactor
	}
	return errPassword
}

func isSet(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func (l *localLogins) checkFactors(user User, req mfaFinishRequest) error {
	switch {
	case isSet(req.Webauthn):
		if err := checkPassword(user, req.Password, errCredentials); err != nil {
			return err
		}
		if !l.passkeys.Check(user.Name, forLogin, req.Webauthn) {
			return errCredentials
		}
		return nil
	case req.TOTPCode != "":
		if err := checkPassword(user, req.Password, errSecondFactor); err != nil {
			return err
		}
		return l.checkTOTP(user, req.TOTPCode)
	}
	switch l.cfg.LocalAuth.SecondFactor {
	case "off":
	case "optional":
		if user.TOTPSecret != "" || user.Passkey {
			return errMissingFactor
		}
	default:
		return errMissingFactor
	}
	return checkPassword(user, req.Password, errPassword)
}

// checkPassword also refuses users that have none: the identity provider's.
func checkPassword(user User, password string, refusal error) error {
	if user.Password == "" || subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) != 1 {
		return refusal
	}
	return nil
}

// attempt counts what fails of a user's attempts in a row, and locks the user
// out after MaxAttempts. An unknown user is refused like a wrong password.
func (l *localLogins) attempt(name string, check func(User) error, unknown error) error {
	user, ok := l.user(name)
	if !ok {
		return unknown
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failures[name] >= l.cfg.LocalAuth.MaxAttempts {
		return errLocked
	}
	err := check(user)
	switch {
	case err == nil:
		delete(l.failures, name)
	case !errors.Is(err, errMissingFactor):
		l.failures[name]++
		if l.failures[name] >= l.cfg.LocalAuth.MaxAttempts {
			return errLocked
		}
	}
	return err
}

// unlock forgets the failed attempts of a user.
func (l *localLogins) unlock(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, user)
}
