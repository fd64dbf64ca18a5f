// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// loginTTL is how long the proxy keeps a login that has begun
// (protocol.md 2.4).
const loginTTL = 10 * time.Minute

// What a console login may ask for as cert_ttl; a request without one asks for 0
// and is refused too (protocol.md 2.1).
const (
	minLoginTTL = time.Minute
	maxLoginTTL = 30 * time.Hour
)

// Failures of a login are blurred on purpose (protocol.md 2.1).
const (
	loginFailed      = "Failed to login. Please check Teleport's log for more details."
	loginBadCallback = "Failed to login due to a disallowed callback URL. Please check Teleport's log for more details."
)

// secretParam is the query parameter of a client's callback that holds its key.
const secretParam = "secret_key"

// ssoLogins are the logins through the browser and the identity provider: where
// they begin, the identity provider itself, and the callback on which they end.
type ssoLogins struct {
	*listeners
	*site
	connectors connectors

	mu      sync.Mutex
	byState map[string]*login // that have begun, by the state that the browser carries
}

// login is one login that has begun.
type login struct {
	connector Connector
	userType  string   // "sso" (also "") or "local"
	redirect  *url.URL // the client's callback
	keys      loginKeys
	ttl       time.Duration // that the client asked for; 0: the default
	clientIP  string
	begun     time.Time
	codes     map[string]string // of the identity provider, to user name
	factor    *ssoFactor        // that is asked for; nil: it is a login
}

// loginKeys are the public keys of a login, as they were sent. They are looked at
// when there is somebody to certify.
type loginKeys struct {
	SSH []byte `json:"ssh_pub_key"` // line of authorized_keys
	TLS []byte `json:"tls_pub_key"` // PEM
}

func (k loginKeys) none() bool { return len(k.SSH) == 0 && len(k.TLS) == 0 }

// consoleRequest is the body of POST /webapi/TYPE/login/console; the fields
// that the cluster ignores are left out.
type consoleRequest struct {
	RedirectURL string `json:"redirect_url"`
	loginKeys
	CertTTL       time.Duration `json:"cert_ttl"` // nanoseconds
	ConnectorID   string        `json:"connector_id"`
	ClientVersion string        `json:"client_version"`
}

// consoleAnswer names where the browser must go: exactly one is not empty.
type consoleAnswer struct {
	RedirectURL string `json:"redirect_url"`
	PostForm    string `json:"post_form"` // base64 of an HTML document
}

// serveConsole begins a login (protocol.md 2.1).
func (l *ssoLogins) serveConsole(w http.ResponseWriter, r *http.Request, connectorType string) {
	var req consoleRequest
	if err := readJSON(w, r, &req); err != nil {
		l.refuseLogin(w, loginFailed, err)
		return
	}
	begun, err := l.newLogin(req, connectorType, r.RemoteAddr)
	if errors.Is(err, errDisallowedCallback) {
		l.refuseLogin(w, loginBadCallback, err)
		return
	}
	if err != nil {
		l.refuseLogin(w, loginFailed, err)
		return
	}
	state := l.begin(begun)
	if begun.connector.PostForm && req.ClientVersion != "" {
		params := l.authorizeParams(begun.connector, state)
		page := htmlPage("postform.html", map[string]any{"Action": params.Action, "Fields": hiddenFields(params.Fields)})
		writeJSON(w, consoleAnswer{PostForm: base64.StdEncoding.EncodeToString([]byte(page))})
		return
	}
	writeJSON(w, consoleAnswer{RedirectURL: l.authorizeURL(begun.connector, state)})
}

func (l *ssoLogins) refuseLogin(w http.ResponseWriter, message string, err error) {
	l.cfg.Log.Warn("login refused", "error", err)
	writeError(w, http.StatusForbidden, message)
}

// newLogin checks the request for a login.
func (l *ssoLogins) newLogin(req consoleRequest, connectorType, remoteAddr string) (*login, error) {
	connector, ok := l.connectors.find(req.ConnectorID)
	if !ok || connector.Type != connectorType || l.hooks.blurs() {
		return nil, errors.New("there is no such connector")
	}
	redirect, err := connector.parseCallback(req.RedirectURL)
	if err != nil {
		return nil, err
	}
	if req.loginKeys.none() {
		return nil, errors.New("a public key is needed")
	}
	if req.CertTTL < minLoginTTL || req.CertTTL > maxLoginTTL {
		return nil, fmt.Errorf("wrong CertTTL %v", req.CertTTL)
	}
	begun := &login{connector: connector, redirect: redirect, keys: req.loginKeys, ttl: req.CertTTL, begun: time.Now()}
	begun.clientIP, _, _ = net.SplitHostPort(remoteAddr)
	return begun, nil
}

var errDisallowedCallback = errors.New("disallowed callback URL")

// parseCallback applies the rules for a client's callback (protocol.md 2.2):
// http on this host, and what the connector's client_redirect_settings allow.
// An empty URL is refused with the blurred text.
func (c Connector) parseCallback(s string) (*url.URL, error) {
	if s == "" {
		return nil, errors.New("missing RedirectURL")
	}
	u, err := url.Parse(s)
	if err != nil {
		return nil, errDisallowedCallback
	}
	query, err := url.ParseQuery(u.RawQuery)
	switch {
	case err != nil,
		u.Opaque != "" || u.User != nil || u.Fragment != "" || strings.Contains(s, "#"),
		u.EscapedPath() != "/callback",
		len(query) != 1 || len(query[secretParam]) != 1,
		!c.allowsCallback(u):
		return nil, errDisallowedCallback
	}
	return u, nil
}

func (c Connector) allowsCallback(u *url.URL) bool {
	host := u.Hostname()
	if u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, host) {
		return true
	}
	if u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && slices.Contains(c.CallbackHosts, host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(c.CallbackCIDRs, func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)
		return err == nil && prefix.Contains(ip)
	})
}

// begin stores a login and returns its state. Logins that were not finished
// in time are forgotten.
func (l *ssoLogins) begin(begun *login) (state string) {
	state = newState()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.byState == nil {
		l.byState = map[string]*login{}
	}
	for old, login := range l.byState {
		if login.expired() {
			delete(l.byState, old)
		}
	}
	l.byState[state] = begun
	return state
}

func (l *login) expired() bool { return time.Since(l.begun) > loginTTL }

// find returns the login of a state, nil if there is none any more.
func (l *ssoLogins) find(state string) *login {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found := l.byState[state]; found != nil && !found.expired() {
		return found
	}
	return nil
}

// grant makes a code that stands for a user who has signed in at the identity
// provider; redeem turns it back, once.
func (l *ssoLogins) grant(begun *login, user string) (code string) {
	code = newUUID()
	l.mu.Lock()
	defer l.mu.Unlock()
	if begun.codes == nil {
		begun.codes = map[string]string{}
	}
	begun.codes[code] = user
	return code
}

func (l *ssoLogins) redeem(begun *login, code string) (user string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	user, ok = begun.codes[code]
	delete(begun.codes, code)
	return user, ok
}
