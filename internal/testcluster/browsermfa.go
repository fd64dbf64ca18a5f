// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/webauthn"
)

// browserMFATime is how long a request for browser MFA lives (protocol.md 3.7:
// a session of five minutes).
const browserMFATime = 5 * time.Minute

// browserChallenge sends the client's user to /web/mfa/browser/ID.
type browserChallenge struct {
	RequestID string `json:"requestId"`
}

// browserMFA is a login, or a session, that waits for its user to confirm in the browser.
type browserMFA struct {
	user      User
	redirect  *url.URL // the client's callback
	challenge *webauthn.Request
	begun     time.Time
}

// forLogin is the purpose of the challenges at a login.
const forLogin = "login"

func (l *localLogins) beginBrowserMFA(id string, user User, purpose, redirect string) (*browserChallenge, error) {
	u, err := l.cfg.Connector.parseCallback(redirect)
	if err != nil {
		return nil, errors.New("invalid browser MFA redirect URL")
	}
	request := &browserMFA{user: user, redirect: u, challenge: l.passkeys.Challenge(user.Name, purpose), begun: time.Now()}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.browser[id] = request
	return &browserChallenge{RequestID: id}, nil
}

// findBrowserMFA returns a request, nil if there is none any more.
func (l *localLogins) findBrowserMFA(id string) *browserMFA {
	l.mu.Lock()
	defer l.mu.Unlock()
	if found := l.browser[id]; found != nil && time.Since(found.begun) < browserMFATime {
		return found
	}
	return nil
}

// serveBrowserMFA shows the page on which the user signs in to the web UI and
// confirms, in one step: real pages are two, and scripts.
func (l *localLogins) serveBrowserMFA(w http.ResponseWriter, r *http.Request) {
	found := l.findBrowserMFA(r.PathValue("id"))
	if found == nil {
		http.Error(w, "This request is not known, or took too long.", http.StatusNotFound)
		return
	}
	writeConfirmPage(w, l.cfg, confirmPage{Title: "Verify that it is you", Action: r.URL.Path, Asked: found.challenge})
}

// serveBrowserMFAAnswer ends the page: with the user's passkey, or with a refusal.
func (l *localLogins) serveBrowserMFAAnswer(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	request := l.findBrowserMFA(id)
	if request == nil || r.FormValue("action") == "sign-in" && r.FormValue("user") != request.user.Name {
		// That it is somebody else's is not told (protocol.md 3.7).
		http.Error(w, "This request is not known, or took too long.", http.StatusNotFound)
		return
	}
	l.mu.Lock()
	delete(l.browser, id)
	l.mu.Unlock()
	begun := &login{redirect: request.redirect}
	if r.FormValue("action") == "deny" {
		sendOn(w, begun.errorURL(errors.New("MFA was canceled")))
		return
	}
	answer, err := l.answerBrowserMFA(request, r.FormValue("assertion"))
	if err != nil {
		sendOn(w, begun.errorURL(err))
		return
	}
	response, err := seal(request.redirect.Query().Get(secretParam), loginAnswer{BrowserMFA: answer})
	if err != nil {
		sendOn(w, callbackErrorPage)
		return
	}
	sendOn(w, begun.responseURL(response))
}

// answerBrowserMFA is the answer of the browser's own device, or of the user's
// that is played here. It is not looked at: the auth service does that.
func (l *localLogins) answerBrowserMFA(request *browserMFA, assertion string) (*webauthn.Assertion, error) {
	if assertion == "" {
		return l.passkeys.Answer(request.user.Name, l.origin(), request.challenge)
	}
	answer := &webauthn.Assertion{}
	return answer, json.Unmarshal([]byte(assertion), answer)
}

// origin is that of the pages of the web UI, for the devices.
func (l *localLogins) origin() string {
	_, port, _ := net.SplitHostPort(l.Addr())
	return "https://" + rpID + ":" + port
}

// Passkey is the device of a user, for a browser that plays one itself: its id, and
// the private key as PKCS #8. Its relying party is localhost.
func (c *Cluster) Passkey(user string) (id, pkcs8 []byte, err error) {
	return c.local.passkeys.Key(user)
}

// confirmPage is what a page shows on which a person picks who they are and agrees
// or not. It has the elements of the identity provider's: #user, #sign-in, #deny.
// With a challenge it has #passkey too, which asks a device of the browser.
type confirmPage struct {
	Title, Action string
	Asked         *webauthn.Request // or nil
}

func writeConfirmPage(w http.ResponseWriter, cfg Config, page confirmPage) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	button, script := passkeyParts(page.Asked)
	io.WriteString(w, htmlPage("confirm.html", map[string]any{
		"Cluster": cfg.Name, "Title": page.Title, "Action": page.Action, "Options": userOptions(cfg.Users),
		"PasskeyButton": button, "PasskeyScript": script,
	}))
}
