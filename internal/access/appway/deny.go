// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"errors"
	"math"
	"strconv"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// noteDenial keeps how the app service denied what came over the link, or that it
// does not any more.
func (m *machine) noteDenial(l *link, d *denial) { m.move(denialNoted, func(*state) { l.denied = d }) }

func (m *machine) lastDenial(l *link) (d *denial) {
	m.move(nothingMoves, func(*state) { d = l.denied })
	return d
}

// appError is a refusal as the bridge takes it: with what may have become of the
// request, and whether to send it again.
func appError(answer teleport.Answer, status int, cause error) *bridge.Error {
	e := &bridge.Error{HTTPStatus: status, Detail: answer.Reason, DetailBy: "Teleport", Err: cause}
	switch answer.Refusal {
	case teleport.AppUnreachable:
		e.Kind, e.Executed, e.Retryable = bridge.KindUnreachable, bridge.NotExecuted, true
	case teleport.AppSilent:
		e.Kind, e.Executed, e.Retryable = bridge.KindConnectionLost, bridge.MayHaveRun, true
	case teleport.AppSlow:
		e.Kind, e.Executed = bridge.KindTimeout, bridge.MayHaveRun
	case teleport.AnswerTooLong:
		e.Kind, e.Executed, e.Limit = bridge.KindResponseTooLarge, bridge.MayHaveRun, teleport.AppAnswerLimit
	case teleport.AnswerUnusable:
		e.Kind, e.Executed, e.Retryable = bridge.KindMalformed, bridge.MayHaveRun, status >= 500
	case teleport.RequestRefused:
		e.Kind, e.Executed = bridge.KindHTTPStatus, bridge.NotExecuted
	case teleport.Unexplained:
		e.Kind, e.Executed = bridge.KindForbidden, bridge.MayHaveRun
	default:
		e.Kind, e.Executed = bridge.KindForbidden, bridge.NotExecuted
	}
	return e
}

// held is the error of a request whose certificate is not replaced now because so
// many were, or nil.
func (s *sending) held(l *link) error {
	var until time.Time
	s.w.move(nothingMoves, func(*state) { until = l.held })
	if now := s.w.cfg.Now(); until.After(now) {
		return s.again(&ForgottenError{Name: s.w.cfg.App, Until: until, wait: until.Sub(now)})
	}
	return nil
}

// again is the error of a request that did not reach the app, and will later.
func (s *sending) again(cause *ForgottenError) error {
	e := &bridge.Error{Kind: bridge.KindUnreachable, Executed: bridge.NotExecuted, Retryable: true, Err: cause}
	if cause.wait > 0 {
		e.RetryAfter = strconv.Itoa(int(math.Ceil(cause.wait.Seconds())))
	}
	return e
}

// deny is the error of a request that Teleport refused for who sent it. why is
// what the cluster said about it, nil if it knows no reason.
func (s *sending) deny(answer teleport.Answer, status int, why error) error {
	if teleport.PolicyOf(answer.Reason) != nil {
		why = &access.DeviceNeededError{Name: s.w.cfg.App}
	}
	e := appError(answer, status, why)
	var (
		missing *access.NotLoggedInError
		away    *access.LeafAwayError
		unknown *access.UnknownServerError
	)
	switch {
	case errors.As(why, &unknown) && answer.Refusal == teleport.AccessDenied:
		e.Err = &notAllowedError{Name: s.w.cfg.App, Cluster: unknown.Cluster, Offer: unknown.Offer()}
	case errors.As(why, &unknown):
		e.Err = &appGoneError{unknown}
	case access.IsDenial(why), errors.As(why, &missing):
	case errors.As(why, &away):
		e.Kind = bridge.KindUnreachable
	default:
		e.Err = &RefusedError{Name: s.w.cfg.App, Refusal: answer.Refusal, Err: why}
		if answer.Refusal == teleport.SessionUnknown && why == nil { // a start of the client can wait for it
			e.Kind = bridge.KindUnreachable
		}
	}
	return e
}
