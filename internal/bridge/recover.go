// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// sessions knows how to open, replace and end the session of the client.
type sessions struct {
	*common
	up        upstream
	client    *client
	exchanges *exchanges
	listener  *listener
	fallback  *fallback

	suspecting atomic.Bool
}

// recovery is the opening of a new session after the server lost one. There is
// one at a time, whoever noticed the loss (transport.md 3.3).
type recovery struct {
	gen     int           // the lost generation
	done    chan struct{} // closed when it is over
	err     error         // valid then
	waiting atomic.Int64  // requests of the client that need it
	wanted  bool          // one of them began it
}

// errNeverOpened and errTooMany are why no recovery is attempted.
var (
	errNeverOpened = errors.New("no handshake of the client is known; restart the client")
	errTooMany     = errors.New("it was lost three times within a minute and is not reopened for half a minute; " + askServer)
)

// askServer is what to do about a server that loses one session after the other.
const askServer = "ask whoever runs the server whether it keeps restarting, or runs more than once without sharing its sessions"

// isLost says whether the answer to an exchange means that its session is lost.
// A response to the request itself does only if it says so (transport.md 3.2), and
// makes sure of it. Where a call may have run it stays as it was answered, and the
// session is seen to beside it.
func (ss *sessions) isLost(x *exchange, messages []frame.Message) bool {
	loss := x.answer.loss
	if !loss.likely && !x.session.isRaw() {
		loss = x.session.lossSaid(messages)
	}
	switch {
	case x.modern != "" || x.method() == methodInitialize || !loss.likely:
		return false
	case x.internal != nil:
		return loss.named || !x.awaits(messages)
	case x.awaits(messages):
		if !loss.named || x.replayed { // the new session is refused like the old: it is an answer
			return false
		}
		loss.doubtful = true
	}
	if loss.late && !repeatable[x.method()] {
		ss.suspectLater(x.session)
		return false
	}
	return !loss.doubtful || ss.isGone(x.session)
}

// lossSaid is what a response tells about the session that is an error. A tool that
// has sessions of its own may say the same, so that does not prove a loss; most codes
// may be those of what was executed; and a method that is not known, as ping may be,
// is so in any session.
func (s session) lossSaid(messages []frame.Message) loss {
	if len(messages) != 1 || messages[0].Failure == nil {
		return loss{}
	}
	failure := messages[0].Failure
	code, ok := codeOf(failure)
	text, _ := frame.LookupString(failure, "message")
	said := ok && code != codeNoMethod && s.isMeantBy([]byte(text))
	return loss{likely: said, doubtful: said, named: said, late: said && !refusing[code]}
}

// refusing are the codes of what is refused before anything is done: that of an invalid
// request and of invalid params, and those that the SDKs have for a session.
var refusing = map[int]bool{codeInvalidRequest: true, -32602: true, -32000: true, -32001: true, -32002: true}

// suspectLater sees to a session that may be lost, while nobody waits for it. One
// look at a time is enough.
func (ss *sessions) suspectLater(s session) {
	if !ss.suspecting.CompareAndSwap(false, true) {
		return
	}
	ss.start("session check", func() {
		defer ss.suspecting.Store(false)
		ss.suspectLoss(s)
	})
}

// lossOf makes the error for a request that was refused because of its
// session. It was not executed.
func lossOf(note string, cause error) *Error {
	e := &Error{Kind: kindSessionLost, Executed: NotExecuted, Retryable: true, Note: note, Err: cause}
	var c *Error
	if errors.As(cause, &c) {
		e.HTTPStatus = c.HTTPStatus
	}
	return e
}

// replay decides what becomes of an exchange whose session was lost, once
// there is a new one: nil sends it again (transport.md 3.3.8).
func (ss *sessions) replay(x *exchange, e *Error) error {
	switch {
	case x.replayed && e.instead != nil:
		return e.instead
	case x.internal != nil || x.replayed:
		return lostAgain(e)
	}
	lost := x.session
	if err := ss.recoverSession(x.ctx, lost.gen); err != nil {
		if e.instead != nil {
			return e.instead
		}
		return quoting(err, e)
	}
	x.replayed, x.began = true, time.Now()
	for _, m := range x.messages {
		if err := ss.mayReplay(m, lost); err != nil {
			return err
		}
	}
	return nil
}

// lostAgain is the error of a request whose second session was lost as the first,
// with the server's own words.
func lostAgain(e *Error) error {
	again := lossOf("the new one was lost as well", e.Err)
	if e.Err == nil {
		again.Note += "; " + askServer
	}
	again.HTTPStatus, again.Detail, again.DetailBy = e.HTTPStatus, e.Detail, e.DetailBy
	return again
}

// quoting adds what the server said when it refused the session to the reason why
// there is no other one, unless that has a server's words of its own.
func quoting(err error, refusal *Error) error {
	var e, cause *Error
	if !errors.As(err, &e) || e.Detail != "" || errors.As(e.Err, &cause) {
		return err
	}
	quoted := *e // others wait for the same
	quoted.Detail, quoted.DetailBy = refusal.Detail, refusal.DetailBy
	return &quoted
}

// mayReplay says why a message must not be sent again in a new session.
func (ss *sessions) mayReplay(m frame.Message, lost session) error {
	if strings.HasPrefix(m.Method, "tasks/") || frame.Lookup(m.Params, "cursor") != nil {
		e := lossOf("it was reopened, but what the request refers to is gone", nil)
		e.Retryable = false
		return e
	}
	if m.Method != methodCall || ss.cfg.SessionLoss == SessionLossReplay {
		return nil
	}
	dirty := false
	ss.update(func(s *inflight) { dirty = s.calledTools[lost.gen] })
	if !dirty && ss.cfg.SessionLoss == SessionLossAuto {
		return nil
	}
	return lossOf("it was reopened; the call was not executed, and its state on the server is gone", nil)
}

// steadySession returns the current session, after a recovery that is under
// way.
func (ss *sessions) steadySession(ctx context.Context) (s session, err error) {
	for {
		var r *recovery
		ss.update(func(f *inflight) { s, r = f.session, f.recovery })
		if r == nil && !s.fromMemory && !ss.renews(s) && !ss.hasEnded(s) {
			return s, nil
		}
		if err := ss.recoverSession(ctx, s.gen); err != nil {
			return session{}, err
		}
	}
}

func (r *recovery) wait(ctx context.Context) error {
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// recoverSession returns nil once the session of the generation was replaced.
func (ss *sessions) recoverSession(ctx context.Context, gen int) error {
	wanted := ClientWaits(ctx)
	for again := false; ; again = true {
		r, mine, err := ss.joinRecovery(gen, wanted)
		if r == nil || err != nil {
			return err
		}
		if mine {
			ss.start("recovery", func() { ss.runRecovery(r) })
		}
		joined := time.Now()
		err = r.wait(ctx)
		if wanted {
			r.waiting.Add(-1)
		}
		if err == nil || mine || r.wanted || !wanted || again || time.Since(joined) > ss.t.recovery/4 {
			return err
		}
		// It was begun when no request of the client needed it, which may have kept
		// it from a sign-in; it failed at once then.
	}
}

// joinRecovery returns the recovery to wait for and whether the caller must
// run it; nil if the generation is already replaced. A caller for whom the client
// waits is counted before the recovery can do anything.
func (ss *sessions) joinRecovery(gen int, wanted bool) (r *recovery, mine bool, err error) {
	ss.update(func(s *inflight) {
		switch {
		case s.session.gen > gen:
		case s.recovery != nil:
			r = s.recovery
		case s.session.state == nil || s.handshake != nil:
			err = lossOf("", errNeverOpened)
		default:
			if !s.session.fromMemory {
				if tooMany := s.recoverable(time.Now(), ss.t.recoveryPause, wanted); tooMany != nil {
					err = lossOf("", tooMany)
					return
				}
			}
			r, mine = &recovery{gen: gen, done: make(chan struct{}), wanted: wanted}, true
			s.recovery = r
		}
		if r != nil && wanted {
			r.waiting.Add(1)
		}
	})
	return r, mine, err
}

// recoverable counts a recovery and says whether it may run: so many in a minute,
// and then none for a while (transport.md 3.3.9). The last of them is for a request
// of the client.
func (s *inflight) recoverable(now time.Time, pause time.Duration, wanted bool) error {
	most, tooMany := 3, errTooMany
	if s.session.isRaw() {
		most, tooMany = maxReconnections, errEndsAgain
	}
	if now.Before(s.noRecovery) {
		return tooMany
	}
	s.recoveries = slices.DeleteFunc(s.recoveries, func(t time.Time) bool { return now.Sub(t) >= time.Minute })
	switch {
	case len(s.recoveries) >= most-1 && !wanted:
		return tooMany
	case len(s.recoveries) >= most:
		s.noRecovery = now.Add(pause)
		return tooMany
	}
	s.recoveries = append(s.recoveries, now)
	return nil
}

func (ss *sessions) runRecovery(r *recovery) {
	r.err = lossOf("", errors.New("internal error"))
	defer func() {
		ss.update(func(s *inflight) { s.recovery = nil })
		close(r.done)
	}()
	defer ss.rescue("recovery")
	limit := ss.t.recovery
	if ss.current().fromMemory {
		limit = ss.t.opening
	}
	ctx, cancel := context.WithTimeout(withWaits(ss.life, func() bool { return r.waiting.Load() > 0 }), limit)
	defer cancel()
	if r.err = ss.reopen(ctx); r.err != nil {
		ss.uncount(r.err)
		ss.log.Warn("the session was not recovered", "error", r.err)
		return
	}
	ss.log.Info("the server lost the session; a new one was opened")
}

// isGone makes sure of a loss that the answer to a GET, or of something on the
// way, hints at: a POST of the bridge's own must be refused, too (transport.md
// 3.2).
func (ss *sessions) isGone(s session) bool {
	if ss.current().gen != s.gen { // somebody was sure already
		return true
	}
	ctx, cancel := context.WithTimeout(ss.life, ss.t.laneItem)
	defer cancel()
	_, _, err := ss.exchanges.ask(ctx, s, newRequest("ping", nil))
	var e *Error
	return errors.As(err, &e) && e.Kind == kindSessionLost
}

// suspectLoss recovers a session that the answer to a GET says is lost. It
// returns true if it was.
func (ss *sessions) suspectLoss(s session) bool {
	if !ss.isGone(s) {
		return false
	}
	if err := ss.recoverSession(ss.life, s.gen); err != nil {
		ss.log.Warn("the session is lost", "error", err)
	}
	return true
}
