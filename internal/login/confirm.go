// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Confirm is one second factor for the certificate of an app, given in the browser
// (protocol.md 3.6, 3.7): at the identity provider, or with a passkey. Proxy, App
// and Begin are needed, the other fields may be left zero and mean what they mean in
// SSO. A Confirm is not changed by Run.
type Confirm struct {
	Proxy   *teleport.Proxy
	Cluster string
	Version string // of the cluster's Teleport, for errors
	App     string
	Timeout time.Duration

	// Begin asks the cluster for the factor, whose answer is awaited at callbackURL.
	Begin func(ctx context.Context, callbackURL string) (*teleport.SessionChallenge, error)

	Listen   string
	Callback string
	Open     func(url string) error
	Show     func(link string, openErr error)
	Warn     func(format string, a ...any)
	Log      *slog.Logger
}

// Run asks for the factor. It is good for one certificate, and within minutes. Its
// errors are, wrapped or not: ErrUnconfirmed, *UnconfirmedError, *NoFactorError,
// *teleport.PolicyError, those of Begin and of ctx.
func (f *Confirm) Run(ctx context.Context) (*teleport.SessionAnswer, error) {
	w := &window{
		proxy: f.Proxy, cluster: f.Cluster, listen: f.Listen, callback: f.Callback,
		timeout: f.Timeout, open: f.Open, show: f.Show, log: f.Log, warn: f.Warn,
	}
	c, listener, err := w.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	challenge, err := f.Begin(ctx, c.callbackURL())
	if err != nil {
		return nil, err
	}
	if challenge.Page == "" {
		return nil, &NoFactorError{App: f.App, TOTP: challenge.TOTP, WebAuthn: challenge.WebAuthn, Of: Attempt{Cluster: f.Cluster, Version: f.Version, Proxy: f.Proxy.Addr}}
	}
	c.app, c.denied, c.start = f.App, f.denied, consoleAnswer{RedirectURL: challenge.Page}
	if err := c.start.check(); err != nil {
		return nil, err
	}
	var answer *teleport.SessionAnswer // read once the wait is over
	c.read = func(opened []byte) (out outcome) {
		answer, out.err = challenge.Answer(opened)
		return out
	}
	out := w.attend(ctx, c, listener)
	switch {
	case errors.Is(out.err, ErrTimeout):
		return nil, ErrUnconfirmed
	case out.err != nil:
		return nil, out.err
	}
	return answer, nil
}

// denied is the error for the server's text in a callback.
func (f *Confirm) denied(text string) error {
	message := clean(text)
	if policy := teleport.PolicyOf(message); policy != nil {
		return policy
	}
	return &UnconfirmedError{App: f.App, Message: message}
}

// ErrUnconfirmed tells that the browser did not come back with a second factor in
// time.
var ErrUnconfirmed = errcode.Hinted(errcode.SignInTimeout, "nobody confirmed in time", "run the command again; --browser=none prints the link")

// UnconfirmedError tells that the person, or the cluster, refused to confirm.
type UnconfirmedError struct {
	App     string
	Message string // as in DeniedError
}

func (e *UnconfirmedError) Error() string {
	return "the use of " + e.App + " was not confirmed: " + cmp.Or(e.Message, "no reason was given")
}

func (e *UnconfirmedError) Hints() []string {
	if teleport.IsLock(e.Message) {
		return []string{teleport.LockHint}
	}
	return []string{"run the command again, and confirm as the user who is logged in"}
}
func (e *UnconfirmedError) ExitCode() int { return exitError }

func (e *UnconfirmedError) ErrorCode() errcode.Code {
	if teleport.IsLock(e.Message) {
		return errcode.Locked
	}
	return errcode.MFADenied
}

// NoFactorError tells that the user has no second factor for a session that could be
// given in the browser.
type NoFactorError struct {
	App            string
	TOTP, WebAuthn bool // what the user has all the same
	Of             Attempt
}

func (e *NoFactorError) Error() string {
	text := e.App + " needs a second factor for each session (per-session MFA)"
	switch {
	case e.WebAuthn:
		return fmt.Sprintf("%s, and %s does not offer to take your passkey or security key in the browser", text, e.Of.cluster())
	case e.TOTP:
		return text + ", for which Teleport takes no codes of an authenticator app (TOTP)"
	}
	return text + ", and you have none"
}

func (e *NoFactorError) Hints() []string {
	without := "or ask your Teleport administrator for a role that allows " + e.App + " without require_session_mfa"
	if e.WebAuthn || !teleport.TakesPasskeys(e.Of.Version) {
		return []string{
			"passkeys in the browser take Teleport " + teleport.BrowserMFAVersion + " or newer with allow_browser_authentication, the cluster runs " +
				cmp.Or(clean(e.Of.Version), "an older version"),
			without,
		}
	}
	return []string{"add a passkey or a security key in your account settings at " + e.Of.url(), without}
}
func (e *NoFactorError) ExitCode() int           { return exitError }
func (e *NoFactorError) ErrorCode() errcode.Code { return errcode.MFARequired }
