// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// errAgain means that a request did not reach the app and is to be sent with
// another certificate.
var errAgain = errors.New("send it again")

// sending is one request of the bridge on its way, or a connection that one needs.
type sending struct {
	w     *Way
	ctx   context.Context // of the request
	req   *http.Request   // nil of a connection
	began time.Time
	last  bool // it is not sent again
}

// send sends the request once. What it returns with errAgain is nothing.
func (s *sending) send(l *link) (*http.Response, error) {
	if err := s.recheck(l); err != nil {
		return nil, err
	}
	res, err := l.roundTrip(s.req)
	if err != nil {
		return nil, s.failed(l, err)
	}
	mendRedirect(l, s.req, res)
	answer := judge(res, l.cert.MCP)
	if err = s.settle(l, answer, res.StatusCode); err == nil {
		err = s.emptied(l, res)
	}
	if err == nil {
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
func (s *sending) recheck(l *link) error {
	was := s.w.lastDenial(l)
	if was == nil {
		return nil
	}
	why := s.found(l).why
	grounds := denied
	if was.explained { // and what stood in the way is gone
		grounds = outdone
	}
	switch {
	case why == nil && !l.cert.MCP: // judged anew at each request
		s.w.noteDenial(l, nil)
		return nil
	case why == nil && s.replaced(l, grounds), s.proven(l, why):
		return errAgain
	case !access.IsDenial(why):
		return nil
	}
	closeBody(s.req)
	answer := was.answer
	if answer.Refusal == teleport.Unexplained { // it is not even sent
		answer.Refusal = teleport.SessionUnknown
	}
	return s.deny(answer, 0, why)
}

// settle decides what becomes of a request that was answered. nil passes the
// answer on.
func (s *sending) settle(l *link, answer teleport.Answer, status int) error {
	switch answer.Refusal {
	case teleport.SessionUnknown:
		return s.unknown(l, answer, status)
	case teleport.AccessDenied:
		return s.denied(l, answer, status)
	case teleport.Unexplained:
		return s.unexplained(l, answer, status)
	}
	s.w.move(passed, func(st *state) { l.passed, l.held, l.denied, st.unused = true, time.Time{}, nil, 0 })
	if answer.Refusal == teleport.NotTeleports || s.req.Method != http.MethodPost {
		return nil
	}
	return appError(answer, status, &RefusedError{Name: s.w.cfg.App, Refusal: answer.Refusal})
}

// unknown is about a request that was refused in the words of the proxy. They
// are its own if it says the same to a request that goes to no app.
func (s *sending) unknown(l *link, answer teleport.Answer, status int) error {
	if !s.last && s.w.inHand() != l {
		return errAgain // somebody was told the same before
	}
	all, err := s.refusesAll(l)
	grounds := refused
	if l.cert.MCP { // whose server was not asked
		grounds = forgotten
	}
	switch {
	case err != nil:
		return err
	case !all:
		return nil
	case s.replaced(l, grounds):
		return errAgain
	case s.last:
		return s.again(&ForgottenError{Name: s.w.cfg.App})
	}
	if err := s.held(l); err != nil {
		return err
	}
	return s.deny(answer, status, s.found(l).why)
}

// refusesAll tells whether the proxy refuses the certificate, whatever is asked
// for. All requests that were refused at the same time ask once.
func (s *sending) refusesAll(l *link) (bool, error) {
	toProbe := route[bool]{probeBegun, probeEnded, func(*state) **flight[bool] { return &l.probing }, whyTime}
	url := s.req.URL.String()
	return share(s.ctx, s.w.machine, toProbe, func(ctx context.Context) (bool, error) { return l.refused(ctx, url), nil })
}

// refused asks the proxy with a request that goes to no app. OPTIONS is answered
// by the app service of an MCP app, and is a harmless question to an ordinary one.
func (l *link) refused(ctx context.Context, url string) bool {
	probe, err := http.NewRequestWithContext(ctx, http.MethodOptions, url, nil)
	if err != nil {
		return true
	}
	res, err := l.http.RoundTrip(probe)
	if err != nil {
		return true
	}
	defer res.Body.Close()
	return judge(res, l.cert.MCP).Refusal == teleport.SessionUnknown
}

// denied is about a request that the app service denied. If nothing stands in
// the way any more, only a new certificate, which is a new app session, is
// judged anew.
func (s *sending) denied(l *link, answer teleport.Answer, status int) error {
	found := s.found(l)
	why := found.why
	if why == nil && !answer.ProvenAt(found.version) {
		return nil // the words are the app's own
	}
	s.w.noteDenial(l, &denial{answer, access.IsDenial(why)})
	if why == nil && s.replaced(l, denied) || s.proven(l, why) {
		return errAgain
	}
	if err := s.held(l); why == nil && err != nil {
		return err
	}
	return s.deny(answer, status, why)
}

// unexplained is about an answer that a denial may be behind, or an app that
// hung up after it did what was asked: so the request is not sent again.
func (s *sending) unexplained(l *link, answer teleport.Answer, status int) error {
	why := s.found(l).why
	if why != nil && !access.IsDenial(why) {
		return nil
	}
	if why == nil && s.isRawNow(l, status) {
		return bridge.ErrAgain
	}
	if why != nil || l.cert.MCP {
		s.w.noteDenial(l, &denial{answer, why != nil})
	}
	if why == nil {
		return nil
	}
	return s.deny(answer, status, why)
}

// found is what stands between the user and the app, over that link.
func (s *sending) found(l *link) finding { return s.w.look.result(s.ctx, s.began).over(l) }

// replaced gives the certificate up if another one may do better: one that has
// expired on the way, however new it is.
func (s *sending) replaced(l *link, why grounds) bool {
	if l.over() {
		why = outdone
	}
	return !s.last && s.w.links.reject(s.ctx, l, why)
}

// failed is about a request that got no answer. A certificate that the proxy
// does not take, as one whose CA was rotated, may have been replaced; nothing of the
// request was read then.
func (s *sending) failed(l *link, err error) error {
	var unknown x509.UnknownAuthorityError
	if errors.As(err, &unknown) {
		s.w.links.forget(l)
	}
	if !s.last && err.Error() == closedUnused {
		return errAgain
	}
	if errcode.Foreign(err) != errcode.CertRefused {
		return err
	}
	if s.replaced(l, forgotten) {
		return errAgain
	}
	return cmp.Or(s.held(l), err)
}

// closedUnused is what net/http, which exports no error for it, says of a kept
// connection that the proxy had closed before it was given the request. Many calls
// at once leave connections that were opened for one of them and never used: the
// proxy closes those sooner than others, 10 s after they were opened (protocol.md
// 8.1), and net/http sends no POST again by itself.
const closedUnused = "http: server closed idle connection"
