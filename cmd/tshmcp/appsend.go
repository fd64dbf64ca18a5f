// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// judgeTime is how long the text of a refusal may take to arrive.
const judgeTime = 2 * time.Second

// errAgain means that a request did not reach the app and is to be sent with
// another certificate.
var errAgain = errors.New("send it again")

// sending is one request of the bridge on its way.
type sending struct {
	*appTransport
	req   *http.Request
	began time.Time
	last  bool // it is not sent again
}

// send sends the request once. What it returns with errAgain is nothing.
func (s *sending) send(link *appLink) (*http.Response, error) {
	if err := s.recheck(link); err != nil {
		return nil, err
	}
	res, err := link.http.RoundTrip(s.req)
	if err != nil {
		return nil, s.failed(link, err)
	}
	answer := judge(res, link.cert.MCP)
	if err = s.settle(link, answer, res.StatusCode); err == nil {
		return res, nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, teleport.AnswerPrefix))
	res.Body.Close()
	return nil, err
}

// recheck asks, before a request is sent with a certificate that was denied,
// whether it would be denied again: the app service goes on refusing an app
// session for as long as it is used, also when access is back (protocol.md 15.3),
// and may take 10 s for it. nil sends the request.
func (s *sending) recheck(link *appLink) error {
	was := link.cert.denied.Load()
	if was == nil {
		return nil
	}
	why := s.look.why(s.req.Context(), s.began)
	pause := denialPause
	if was.explained { // and what stood in the way is gone
		pause = 0
	}
	switch {
	case why == nil && !link.cert.MCP: // judged anew at each request
		link.cert.denied.Store(nil)
		return nil
	case why == nil && s.replaced(link, pause):
		return errAgain
	case !access.IsDenial(why):
		return nil
	}
	closeBody(s.req)
	answer := was.answer
	if answer.Refusal == teleport.Unexplained { // it is not even sent
		answer.Refusal = teleport.SessionUnknown
	}
	return s.certs.deny(answer, 0, why)
}

// settle decides what becomes of a request that was answered. nil passes the
// answer on.
func (s *sending) settle(link *appLink, answer teleport.Answer, status int) error {
	switch answer.Refusal {
	case teleport.SessionUnknown:
		return s.unknown(link, answer, status)
	case teleport.AccessDenied:
		return s.denied(link, answer, status)
	case teleport.Unexplained:
		return s.unexplained(link, answer, status)
	}
	link.cert.passed.Store(true)
	link.cert.denied.Store(nil)
	if answer.Refusal == teleport.NotTeleports || s.req.Method != http.MethodPost {
		return nil
	}
	return appError(answer, status, &appRefusedError{Name: s.certs.app, Refusal: answer.Refusal})
}

// unknown is about a request that was refused in the words of the proxy. They
// are its own if it says the same to a request that goes to no app.
func (s *sending) unknown(link *appLink, answer teleport.Answer, status int) error {
	switch {
	case !s.refusesAll(link):
		return nil
	case s.replaced(link, renewalPause):
		return errAgain
	}
	return s.certs.deny(answer, status, s.look.why(s.req.Context(), s.began))
}

// refusesAll tells whether the proxy refuses the certificate, whatever is asked
// for. OPTIONS is answered by the app service of an MCP app, and is a harmless
// question to an ordinary one.
func (s *sending) refusesAll(link *appLink) bool {
	ctx, cancel := context.WithTimeout(s.req.Context(), whyTime)
	defer cancel()
	probe, err := http.NewRequestWithContext(ctx, http.MethodOptions, s.req.URL.String(), nil)
	if err != nil {
		return true
	}
	res, err := link.http.RoundTrip(probe)
	if err != nil {
		return true
	}
	defer res.Body.Close()
	return judge(res, link.cert.MCP).Refusal == teleport.SessionUnknown
}

// denied is about a request that the app service denied. If nothing stands in
// the way any more, only a new certificate, which is a new app session, is
// judged anew.
func (s *sending) denied(link *appLink, answer teleport.Answer, status int) error {
	why := s.look.why(s.req.Context(), s.began)
	if why == nil && !answer.Proven {
		return nil // the words are the app's own
	}
	link.cert.denied.Store(&denial{answer, access.IsDenial(why)})
	if why == nil && s.replaced(link, denialPause) {
		return errAgain
	}
	return s.certs.deny(answer, status, why)
}

// unexplained is about an answer that a denial may be behind, or an app that
// hung up after it did what was asked: so the request is not sent again.
func (s *sending) unexplained(link *appLink, answer teleport.Answer, status int) error {
	why := s.look.why(s.req.Context(), s.began)
	if why != nil && !access.IsDenial(why) {
		return nil
	}
	if why != nil || link.cert.MCP {
		link.cert.denied.Store(&denial{answer, why != nil})
	}
	if why == nil {
		return nil
	}
	return s.certs.deny(answer, status, why)
}

// replaced gives the certificate up if another one may do better.
func (s *sending) replaced(link *appLink, pause time.Duration) bool {
	return !s.last && s.certs.reject(s.req.Context(), link.cert, pause)
}

// failed is about a request that got no answer. A certificate that the proxy
// does not take, as one whose CA was rotated, may have been replaced.
func (s *sending) failed(link *appLink, err error) error {
	s.forget(err)
	var alert tls.AlertError
	if errors.As(err, &alert) && aboutCertificate[alert] && s.replaced(link, renewalPause) {
		return errAgain
	}
	return err
}

// aboutCertificate are the TLS alerts by which a server refuses a client's
// certificate: bad, unsupported, revoked, expired, unknown, of an unknown CA, or
// access denied. Nothing of the request was read then.
var aboutCertificate = map[tls.AlertError]bool{42: true, 43: true, 44: true, 45: true, 46: true, 48: true, 49: true}

// judge tells who answered at an MCP app or an ordinary one. Only the beginning
// of a refusal is read for it, and put back.
func judge(res *http.Response, mcp bool) teleport.Answer {
	if !mcp && teleport.OnlyOfMCPApps(res.Header) {
		return teleport.Answer{Origin: teleport.FromApp}
	}
	if !teleport.MayBeTeleports(res.StatusCode, res.Header) {
		return teleport.WhoAnswered(res.StatusCode, res.Header, nil)
	}
	body := res.Body
	late := time.AfterFunc(judgeTime, func() { body.Close() })
	defer late.Stop()
	prefix, err := io.ReadAll(io.LimitReader(body, teleport.AnswerPrefix))
	rest := io.Reader(body)
	if err != nil {
		rest = failingReader{err}
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(prefix), rest), body}
	return teleport.WhoAnswered(res.StatusCode, res.Header, prefix)
}

// failingReader is the end of a body that broke off.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func closeBody(req *http.Request) {
	if req.Body != nil {
		req.Body.Close()
	}
}
