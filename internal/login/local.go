// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Prompt is what a person is asked for.
type Prompt int

// The prompts of a local login. None of the answers is shown as it is typed.
const (
	// AskPassword asks for the password of the cluster's own user.
	AskPassword Prompt = iota
	// AskCode asks for the one-time code of the user's authenticator app.
	AskCode
	// AskCodeOrBrowser is AskCode for a user who has a passkey too: an empty
	// answer chooses the passkey, in the browser.
	AskCodeOrBrowser
)

// Local is one login of a user that the cluster itself knows, with a password
// and whatever second factor the cluster asks for: a one-time code, or a
// passkey through the browser (browser MFA, protocol.md 3.7). Proxy, User
// and Ask are needed, the other fields may be left zero and mean what they mean
// in SSO. A Local is not changed by Run.
type Local struct {
	Proxy   *teleport.Proxy
	Cluster string
	Version string // of the cluster's Teleport, for errors
	User    string
	TTL     time.Duration
	Timeout time.Duration

	// Ask asks the person; it is called once for each thing that is needed.
	Ask func(context.Context, Prompt) (string, error)

	Listen   string
	Callback string
	Open     func(url string) error
	Show     func(link string, openErr error)
	Warn     func(format string, a ...any)

	Log    *slog.Logger
	NewKey func() (*ecdsa.PrivateKey, error)
}

// Run runs the login (protocol.md 3.1). A wrong answer ends it: it counts
// against the user at the cluster, so it is not tried again here. Its errors
// are, wrapped or not: *RefusedError, *teleport.PolicyError, *PasskeyError, those of the
// browser as in [SSO.Run], *teleport.APIError, those of Ask and of ctx.
func (l *Local) Run(ctx context.Context) (*teleport.Identity, error) {
	key, err := newKey(l.NewKey)
	if err != nil {
		return nil, err
	}
	w := l.window()
	c, listener, err := w.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	password, err := l.Ask(ctx, AskPassword)
	if err != nil {
		return nil, err
	}
	challenge, err := l.begin(ctx, password, c.callbackURL())
	if err != nil {
		return nil, err
	}
	proof, err := l.prove(ctx, challenge, func(start consoleAnswer) (json.RawMessage, error) {
		c.read, c.start = readAssertion, start
		out := w.attend(ctx, c, listener)
		return out.assertion, out.err
	})
	if err != nil {
		return nil, err
	}
	return l.finish(ctx, key, password, proof)
}

func (l *Local) window() *window {
	return &window{
		proxy: l.Proxy, cluster: l.Cluster, listen: l.Listen, callback: l.Callback,
		timeout: l.Timeout, open: l.Open, show: l.Show, log: l.Log, warn: l.Warn,
	}
}

func (l *Local) attempt() Attempt {
	return Attempt{User: l.User, Cluster: l.Cluster, Version: l.Version, Proxy: l.Proxy.Addr}
}

// mfaBegin is the body of POST /webapi/mfa/login/begin.
type mfaBegin struct {
	User         string `json:"user"`
	Password     string `json:"pass"`
	Passwordless bool   `json:"passwordless"`
	// BrowserRedirect says that a passkey can be used in the browser. Servers
	// that know nothing of that leave browser_challenge out of the answer.
	BrowserRedirect string `json:"browser_mfa_tsh_redirect_url"`
}

// challenge is what the cluster asks for besides the password. None of the
// fields is set where it asks for nothing, or where the user has nothing.
type challenge struct {
	TOTP     bool            `json:"totp_challenge"`
	WebAuthn json.RawMessage `json:"webauthn_challenge"`
	Browser  *struct {
		RequestID  string `json:"requestId"`
		RequestID2 string `json:"request_id"` // as the design paper writes it
	} `json:"browser_challenge"`
}

// browserRequest is the id of the page for the passkey, empty if none is offered.
func (c challenge) browserRequest() string {
	if c.Browser == nil {
		return ""
	}
	return cmp.Or(c.Browser.RequestID, c.Browser.RequestID2)
}

func (c challenge) wantsPasskey() bool { return len(c.WebAuthn) > 0 && string(c.WebAuthn) != "null" }

func (l *Local) begin(ctx context.Context, password, callbackURL string) (challenge, error) {
	var answer challenge
	request := mfaBegin{User: l.User, Password: password, BrowserRedirect: callbackURL}
	if err := l.Proxy.Post(ctx, "/webapi/mfa/login/begin", request, &answer); err != nil {
		return challenge{}, l.attempt().refused(err, WrongPassword)
	}
	orDiscard(l.Log).Debug("the password is right", "code", answer.TOTP, "passkey", answer.wantsPasskey(), "browser", answer.browserRequest() != "")
	return answer, nil
}

// proof is the second factor: at most one of the two.
type proof struct {
	code      string
	assertion json.RawMessage
}

// prove gets the second factor from the person; browser leads to the passkey.
func (l *Local) prove(ctx context.Context, c challenge, browser func(consoleAnswer) (json.RawMessage, error)) (proof, error) {
	id := c.browserRequest()
	if c.TOTP {
		prompt := AskCode
		if id != "" {
			prompt = AskCodeOrBrowser
		}
		code, err := l.Ask(ctx, prompt)
		if err != nil || code != "" || id == "" {
			return proof{code: code}, err
		}
	}
	switch {
	case id != "":
		assertion, err := browser(consoleAnswer{RedirectURL: teleport.BrowserMFAPage(l.Proxy.Addr, id)})
		return proof{assertion: assertion}, err
	case c.wantsPasskey():
		return proof{}, &PasskeyError{Of: l.attempt()}
	}
	return proof{}, nil
}

// readAssertion takes the proof out of what the browser brought back. It is
// handed on unread, as the proxy made it.
func readAssertion(plain []byte) outcome {
	var answer struct {
		Assertion json.RawMessage `json:"browser_mfa_webauthn_response"`
	}
	if json.Unmarshal(plain, &answer) != nil || len(answer.Assertion) == 0 || answer.Assertion[0] != '{' {
		return outcome{err: errNoAssertion}
	}
	return outcome{assertion: answer.Assertion}
}

// mfaFinish is the body of POST /webapi/mfa/login/finish.
type mfaFinish struct {
	User         string          `json:"user"`
	Password     string          `json:"password"`
	Code         string          `json:"totp_code,omitempty"`
	Assertion    json.RawMessage `json:"webauthn_challenge_response,omitempty"`
	TLSPublicKey []byte          `json:"tls_pub_key"`   // PEM
	TTL          time.Duration   `json:"ttl,omitempty"` // nanoseconds
}

func (l *Local) finish(ctx context.Context, key *ecdsa.PrivateKey, password string, p proof) (*teleport.Identity, error) {
	pem, err := teleport.PublicKeyPEM(key.Public())
	if err != nil {
		return nil, err
	}
	request := mfaFinish{User: l.User, Password: password, Code: p.code, Assertion: p.assertion, TLSPublicKey: pem, TTL: max(l.TTL, 0)}
	orDiscard(l.Log).Debug("finishing the login")
	var answer json.RawMessage
	if err := l.Proxy.Post(ctx, "/webapi/mfa/login/finish", request, &answer); err != nil {
		return nil, l.attempt().refused(err, p.doubt())
	}
	return readAnswer(answer, key, l.Cluster, l.Proxy.Clock.Now())
}

// doubt is what a refusal without a reason is about: the password was right a
// moment ago.
func (p proof) doubt() Reason {
	switch {
	case p.assertion != nil:
		return WrongPasskey
	case p.code != "":
		return WrongCode
	}
	return WrongPassword
}
