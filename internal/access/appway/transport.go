// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// How long a request waits for a certificate while somebody signs in: below
// the limits of the clients themselves, so that they hear from us what is
// missing (60 s is the least usual limit of a call, 30 s that of a start).
const (
	holdInitialize = 25 * time.Second
	holdRequest    = 50 * time.Second
	// A client that asks which eras there are turns to initialize as soon as that
	// fails, and initialize can be answered from memory.
	holdDiscover = 250 * time.Millisecond
)

// maxTries bounds how often one request is sent. Each further time a certificate
// has been given up that kept it from the app, so few are enough.
const maxTries = 20

// RoundTrip sends the request once it has a link, and again over another one if
// Teleport refused it before it reached the app (protocol.md 8.4). It returns an
// answer of the app, or of somebody unknown, as it is, and a *bridge.Error for one
// of Teleport's own. The link is found when it is first needed, so that a bridge
// started before the login works after it.
func (w *Way) RoundTrip(req *http.Request) (*http.Response, error) {
	s := &sending{w: w, ctx: req.Context(), req: req, began: w.cfg.Now()}
	for try := 1; ; try++ {
		l, err := w.prepare(s.ctx, isStart(req), isDiscover(req))
		if err != nil {
			closeBody(s.req)
			if try > 1 && !isStart(req) {
				err = unsent(err)
			}
			return nil, err
		}
		s.last = try == maxTries
		res, err := s.send(l)
		if !errors.Is(err, errAgain) {
			return res, err
		}
		if s.req, err = replay(s.req); err != nil {
			return nil, err
		}
	}
}

// refusedCertificate names the failure of a request for which there is no
// certificate because access is denied. That of a client's start stays one that
// may pass: the bridge can answer it from memory.
func refusedCertificate(start bool, err error) error {
	if start || !access.IsDenial(err) || access.NeedsFactor(err) != nil { // which passes, as a login does
		return err
	}
	return &bridge.Error{Kind: bridge.KindForbidden, Executed: bridge.NotExecuted, Err: err}
}

// unsent is the failure of a request that was refused before it reached the app, and
// for which there is no other certificate then.
func unsent(err error) error {
	var stated *bridge.Error
	switch {
	case errors.As(err, &stated):
		return err
	case isWay(err):
		return &bridge.Error{Kind: bridge.KindUnreachable, Executed: bridge.NotExecuted, Retryable: true, Err: err}
	}
	return &bridge.Error{Kind: bridge.KindForbidden, Executed: bridge.NotExecuted, Err: err}
}

// isStart tells whether the request is an initialize: only that has no version.
func isStart(req *http.Request) bool { return req.Header.Get("Mcp-Protocol-Version") == "" }

const methodDiscover = "server/discover"

func isDiscover(req *http.Request) bool { return req.Header.Get("Mcp-Method") == methodDiscover }

// prepare waits until there is a link, as long as the client will for an
// initialize, a server/discover or another request.
func (w *Way) prepare(ctx context.Context, start, discover bool) (*link, error) {
	hold := holdRequest
	if start {
		hold = holdInitialize
	}
	patience := hold
	if discover && w.cfg.Known != nil && w.cfg.Known() {
		patience = holdDiscover
	}
	ctx, cancel := context.WithTimeout(ctx, hold)
	defer cancel()
	l, err := w.logins.await(ctx, patience)
	if err != nil && !isWay(err) {
		err = noCertError{err}
	}
	return l, refusedCertificate(start, err)
}

// noCertError tells the bridge that there is no certificate to send a request
// with, and that it is not the way to the cluster that is the matter.
type noCertError struct{ error }

func (e noCertError) Unwrap() error           { return e.error }
func (e noCertError) ClientCertificate() bool { return true }

// isWay tells whether err is about the way to the cluster: the certificate could
// not be asked for.
func isWay(err error) bool {
	var (
		egress   *teleport.EgressError
		upgrade  *teleport.UpgradeError
		unproven *tls.CertificateVerificationError
		header   tls.RecordHeaderError
		network  *net.OpError
		name     *net.DNSError
		auth     *teleport.AuthError
	)
	return errors.As(err, &egress) || errors.As(err, &upgrade) || errors.As(err, &unproven) || errors.As(err, &header) ||
		errors.As(err, &network) && !isLocal(network) || errors.As(err, &name) || errors.As(err, &auth) && auth.Unreachable()
}

// isLocal tells whether an error is about a socket of this machine, such as that of a
// keyring.
func isLocal(err *net.OpError) bool { return strings.HasPrefix(err.Net, "unix") }

// replay is the request with its body from the start.
func replay(req *http.Request) (*http.Request, error) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the body cannot be read twice")
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
