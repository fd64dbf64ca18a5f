// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// A stdio app, and an SSE app, is reached over a connection of its own kind. What
// the certificate is for tells which kind of app it is, so it is found first.

var _ bridge.Raw = (*Way)(nil)

const methodInitialize = "initialize"

// IsRaw tells whether the app is a stdio or an SSE app, as soon as there is a
// certificate for it.
func (w *Way) IsRaw(ctx context.Context, method string) (bool, error) {
	if w.cfg.Path != "" {
		return false, nil
	}
	l, err := w.prepareFor(ctx, method)
	if err != nil {
		return false, err
	}
	raw := l.cert.IsRaw()
	w.move(nothingMoves, func(s *state) { raw = raw || s.raw })
	return raw, nil
}

// isRawNow tells whether the app turns out to be a raw one where a client begins a
// session over HTTP, which Teleport answers with a bare 500 then (protocol.md 13.1):
// it was changed since its certificate was stored, or that is one for a single app,
// of which nothing else is known.
func (s *sending) isRawNow(l *link, status int) bool {
	begins := isStart(s.req) || isDiscover(s.req)
	if status != http.StatusInternalServerError || !begins || !l.cert.MCP || s.last {
		return false
	}
	if l.cluster.OnlyApp() != "" {
		s.w.move(turnedRaw, func(s *state) { s.raw = true })
		return true
	}
	raw, err := access.IsRaw(s.ctx, l.cluster, s.w.cfg.App)
	return err == nil && raw && s.w.links.reject(s.ctx, l, outdone)
}

func (w *Way) prepareFor(ctx context.Context, method string) (*link, error) {
	return w.prepare(ctx, method == methodInitialize, method == methodDiscover)
}

// Dial opens a connection to the app, with another certificate if the proxy does
// not take the one in use.
func (w *Way) Dial(ctx context.Context, method string, limit time.Duration) (bridge.Conn, error) {
	s := &sending{w: w, ctx: ctx, began: w.cfg.Now()}
	for try := 1; ; try++ {
		l, err := w.prepareFor(ctx, method)
		if err != nil {
			return nil, err
		}
		s.last = try == maxTries
		user := w.links.user()
		conn, err := s.dial(l, limit)
		if err == nil {
			return &rawConn{Conn: conn, w: w, l: l, user: user, began: s.began, closed: make(chan struct{})}, nil
		}
		if err = s.undialled(l, err); !errors.Is(err, errAgain) {
			return nil, err
		}
	}
}

// user is the identity that is found at this moment.
func (a *links) user() (who access.Mark) {
	a.watch()
	a.move(nothingMoves, func(s *state) { who = s.who })
	return who
}

func (s *sending) dial(l *link, limit time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(s.ctx, limit)
	defer cancel()
	return teleport.DialMCP(ctx, l.cluster.Proxy, l.cert.Certificate)
}

// undialled is about a connection that was not opened. A proxy from before such
// apps hangs up in the handshake, and says nothing (protocol.md 13.2).
func (s *sending) undialled(l *link, err error) error {
	if !errors.Is(err, io.EOF) {
		return s.failed(l, err)
	}
	found := s.found(l)
	if found.why == nil {
		found.why = access.OneAppTooOld(l.cluster, found.version, true)
	}
	switch {
	case s.proven(l, found.why):
		return errAgain
	case isRefusal(found.why):
		return s.deny(teleport.Answer{Refusal: teleport.AccessDenied}, 0, found.why)
	case found.why != nil:
		err = &silentError{Name: s.w.cfg.App, Kind: l.cert.Kind(), Err: found.why}
	case found.version == "":
		err = &hungUpError{Name: s.w.cfg.App, Kind: l.cert.Kind(), Needs: l.cert.Needs()}
	default:
		return err
	}
	return &bridge.Error{Kind: bridge.KindUnreachable, Executed: bridge.NotExecuted, Retryable: true, Err: err}
}

// isRefusal tells whether that is why a connection was ended: access is denied, or
// there is no login, or no way to the cluster that the app is in.
func isRefusal(why error) bool {
	var (
		missing *access.NotLoggedInError
		away    *access.LeafAwayError
	)
	return access.IsDenial(why) || errors.As(why, &missing) || errors.As(why, &away)
}

// Why finds out why the connection has ended before the server said anything. That
// looks the same for all that can be wrong, so the auth service is asked first. If
// nothing stands in the way, the app session may be over, and another certificate
// begins one.
func (c *rawConn) Why(ctx context.Context, refusal string, cause error) error {
	s := &sending{w: c.w, ctx: ctx, began: c.began}
	if cause != nil && !errors.Is(cause, net.ErrClosed) {
		return again(s.failed(c.l, cause))
	}
	found := s.found(c.l)
	why := found.why
	if why == nil && isHTTP(refusal) {
		why = access.OneAppTooOld(c.l.cluster, found.version, false)
	}
	switch {
	case s.proven(c.l, why):
		return bridge.ErrAgain
	case isRefusal(why), teleport.PolicyOf(refusal) != nil:
		return s.deny(refusedBy(refusal), 0, why)
	case why == nil && s.replaced(c.l, groundsOf(refusal)):
		return bridge.ErrAgain
	}
	if err := s.held(c.l); why == nil && err != nil {
		return err
	}
	return s.unserved(c.l, refusal, why)
}

// refusedBy is who refused a connection, with this text: the app service, or
// somebody who did not say so.
func refusedBy(refusal string) teleport.Answer {
	if refusal == "" {
		return teleport.Answer{Refusal: teleport.SessionUnknown}
	}
	return teleport.Answer{Refusal: teleport.AccessDenied, Reason: refusal}
}

// groundsOf are the grounds for another certificate after a refusal, of which this
// is the text.
func groundsOf(refusal string) grounds {
	if refusal == "" || isHTTP(refusal) {
		return refused
	}
	return denied
}

// isHTTP tells whether a refusal is the answer of an HTTP server.
func isHTTP(refusal string) bool { return strings.HasPrefix(refusal, "HTTP/") }

// again is err for the bridge.
func again(err error) error {
	if errors.Is(err, errAgain) {
		return bridge.ErrAgain
	}
	return err
}

// unserved is the error of a connection that has ended although nothing is known
// to stand in the way; why is what kept the cluster from being asked.
func (s *sending) unserved(l *link, refusal string, why error) error {
	name := s.w.cfg.App
	switch {
	case isHTTP(refusal):
		return &bridge.Error{Kind: bridge.KindForbidden, Executed: bridge.NotExecuted, Err: &notRawError{Name: name, Kind: l.cert.Kind()}}
	case refusal != "":
		return s.deny(refusedBy(refusal), 0, why)
	}
	return &bridge.Error{
		Kind: bridge.KindUnreachable, Executed: bridge.MayHaveRun, Retryable: true,
		Err: &silentError{Name: name, Kind: l.cert.Kind(), Err: why},
	}
}
