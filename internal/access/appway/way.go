// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package appway is the way of a running bridge to one app: it gets the app's
// certificate, renews it, has the user sign in when that takes a login, opens the
// connections, and makes out what an answer of Teleport's own means.
//
//	state     everything that changes, in one place     (state, flight)
//	link      a certificate with its connections        (link, find, renew, replace)
//	sign-in   who may ask for one, and what is said     (login, prove, notice)
//	transport one request of the bridge on its way      (transport, send, await, judge, cut, deny, redirect)
//	raw       a connection to a stdio or SSE app        (raw, rawconn)
//	look-up   what stands between the user and the app  (lookup), what could be requested (advise)
package appway

import (
	"context"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// Config is what a Way needs of the world. App, Open, Now and Log must be set.
type Config struct {
	App  string
	Path string // of an ordinary HTTP app; empty for an MCP app
	// Open opens the cluster at the proxy's address; "" is for that of the flags.
	Open func(proxy string) (*access.Cluster, error)
	// Who is the identity that is found for the cluster at the proxy's address at
	// this moment, wherever it comes from; nil: it is always the same.
	Who func(proxy string) access.Mark
	// Follow calls look when Who may find another one at the proxy's address, until ctx
	// ends; nil: only requests look.
	Follow func(ctx context.Context, proxy func() string, look func())
	// Changed is told that the same user may use something else of the app than before;
	// nil: nobody is.
	Changed func()
	Gate    *signin.Gate // sends the user to the browser; nil: nobody can be sent
	Tell    func(string) // says one line to the log that the client keeps
	// Waits tells of a request's context whether the client waits for it; nil: it
	// never does.
	Waits func(context.Context) bool
	Known func() bool // whether initialize can be answered from memory; nil: it cannot
	Now   func() time.Time
	Log   *slog.Logger
}

// Way is the way to one app. It is an http.RoundTripper for its bridge and safe
// for concurrent use.
type Way struct {
	*machine
	end    context.CancelFunc
	links  *links
	logins *logins
	look   *lookup
}

// New returns a Way that has found nothing yet. It must be closed.
func New(ctx context.Context, cfg Config) *Way {
	ctx, end := context.WithCancel(ctx)
	m := &machine{cfg: cfg, life: ctx}
	l := &links{m}
	return &Way{machine: m, end: end, links: l, logins: &logins{l}, look: &lookup{l}}
}

// Start looks for the certificate ahead of the first request, hands what became
// of that, nil if it is there, to first unless it is a matter of logging in, and renews the
// certificate before it expires.
func (w *Way) Start(first func(error)) {
	w.work.Go(func() {
		_, err := w.links.get(w.life)
		if w.life.Err() != nil {
			return
		}
		if !w.logins.tell(err) {
			first(err)
		}
		w.work.Go(func() { w.links.follow(w.life) })
		w.links.keep(w.life)
	})
}

// Close ends what is under way, a sign-in too, waits for it and closes the
// connections that no request uses.
func (w *Way) Close() {
	w.end()
	w.work.Wait()
	w.CloseIdleConnections()
}

// CloseIdleConnections closes what is kept for later requests.
func (w *Way) CloseIdleConnections() { w.inHand().close() }
