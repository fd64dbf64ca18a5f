// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package login signs a person in to a Teleport cluster and returns the
// identity that it yields. There are three ways:
//
//   - [SSO] through the browser at the identity provider of the cluster
//     ("console login").
//   - [Local] with the password of a user that the cluster itself knows, and
//     a one-time code or, through the browser, a passkey.
//   - [Headless] with the approval of the same user in a browser on another
//     computer.
//
// [Confirm] asks a person who is logged in for a second factor, in the same way.
//
// # The ceremony in the browser
//
//  1. A listener is opened on a free port of 127.0.0.1, a key pair and a
//     random secret are made. Nothing of them leaves the process but the
//     public key and, in the callback URL, the secret.
//  2. The proxy is asked to start the login (protocol.md 2.1, 3.7). It
//     answers with the page of the identity provider: a URL, or an HTML form
//     that posts itself; or with the request for which a passkey is needed.
//  3. The browser is sent to a short link on the listener, which leads to
//     that page. A person can open the link by hand as well. The first browser
//     that opens it has it: others are refused, and told of.
//  4. In the end the proxy sends the browser back to the listener with the
//     answer, sealed with the secret, or with an error and the secret.
//  5. The answer is opened and checked, the browser is led to a page that
//     tells how it ended, and the listener is closed.
//
// # What can end the wait
//
// Only an answer that was made with the secret, the timeout or the context.
// Any page in the browser, and any program on the machine, can send requests
// to the listener; whatever was not made with the secret is refused with a
// small page, and the wait goes on.
//
// # Passwords
//
// A password goes to the proxy, over TLS, and nowhere else: no error, log or
// page holds it.
package login

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// The lifetimes that a cluster takes in a browser login, which has to name one,
// and the one that users get by default (protocol.md 2.1).
const (
	MinTTL     = time.Minute
	MaxTTL     = 30 * time.Hour
	DefaultTTL = 12 * time.Hour
)

// SSO is one login through the browser. Proxy and Connector are needed, the
// other fields may be left zero. An SSO is not changed by Run.
type SSO struct {
	Proxy     *teleport.Proxy
	Connector teleport.Connector // of type oidc, saml or github
	Cluster   string             // that must issue the certificate, and its name on the pages; "": whichever does
	TTL       time.Duration      // lifetime asked for, between MinTTL and MaxTTL, capped by the roles; 0: DefaultTTL
	Timeout   time.Duration      // how long the browser may take; 0: 3 min

	// Listen is the address, host:port, at which the browser is awaited; "": a
	// free port of 127.0.0.1.
	Listen string
	// Callback is the base URL, as ParseCallback returns it, by which browsers
	// reach that address; "": the address itself. Other hosts than this one must
	// be allowed by the connector (protocol.md 2.2).
	Callback string

	// Open opens the browser; it is called once, with the short link. It
	// should return when the browser is started. nil: only Show.
	Open func(url string) error
	// Show tells the person the link; it is called once, after Open.
	// openErr tells why no browser was opened (ErrNoBrowser: Open is nil); it
	// is nil when one was, or when Open is still busy after 5 s.
	Show func(link string, openErr error)

	// Warn tells the person that something is odd; nil: nobody is told.
	Warn func(format string, a ...any)

	// Judge says whether the identity is the one that is wanted, before the
	// browser shows how the login has ended. Its error is that of Run. A question
	// is one that the caller has to ask before the identity is of use. nil: every
	// identity is.
	Judge func(*teleport.Identity) (question string, err error)

	Log    *slog.Logger                      // nil: discard
	NewKey func() (*ecdsa.PrivateKey, error) // nil: teleport.NewKey
}

// Run runs the ceremony (protocol.md 2). It returns when the login has
// ended and the browser has seen how, or, at once, when ctx has ended; the
// listener and everything behind it is gone by then. Its errors are, wrapped or
// not: ErrTimeout, *DeniedError, *teleport.PolicyError, *NotServedError, *CallbackError,
// *teleport.APIError, the error of ctx.
func (s *SSO) Run(ctx context.Context) (*teleport.Identity, error) {
	key, err := newKey(s.NewKey)
	if err != nil {
		return nil, err
	}
	w := s.window()
	c, listener, err := w.prepare(ctx)
	if err != nil {
		return nil, err
	}
	defer listener.Close()
	c.read = func(plain []byte) outcome {
		return s.judged(readAnswer(plain, key, s.Cluster, s.Proxy.Clock.Now()))
	}
	if c.start, err = s.begin(ctx, c.callbackURL(), key.Public()); err != nil {
		return nil, err
	}
	out := w.attend(ctx, c, listener)
	return out.identity, out.err
}

// judged is the outcome of an answer that was read.
func (s *SSO) judged(identity *teleport.Identity, err error) outcome {
	if err != nil || s.Judge == nil {
		return outcome{identity: identity, err: err}
	}
	question, err := s.Judge(identity)
	if err != nil {
		return outcome{err: err}
	}
	return outcome{identity: identity, question: question}
}

func (s *SSO) window() *window {
	return &window{
		proxy: s.Proxy, cluster: s.Cluster, listen: s.Listen, callback: s.Callback,
		timeout: s.Timeout, open: s.Open, show: s.Show, log: s.Log, warn: s.Warn,
	}
}

// newKey makes the key of a login; nil stands for the usual way.
func newKey(make func() (*ecdsa.PrivateKey, error)) (*ecdsa.PrivateKey, error) {
	if make == nil {
		make = teleport.NewKey
	}
	key, err := make()
	if err != nil {
		return nil, fmt.Errorf("make a login key: %w", err)
	}
	return key, nil
}
