// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// hasEnded says whether the end of a session is known, so that nothing needs to be
// refused for it.
func (ss *sessions) hasEnded(s session) bool {
	u, ok := ss.up.(interface{ hasEnded(session) bool })
	return ok && u.hasEnded(s)
}

// renews says whether another session takes the place of one, since its user has other
// access by now.
func (ss *sessions) renews(s session) bool {
	u, ok := ss.up.(interface{ renew(session) bool })
	return ok && u.renew(s)
}

// reopenLost opens the session again whose connection has ended after it had lived
// for a while, without waiting for the client: its lists are out of date, and its
// next message is not to wait for a process to start. Each connection is a process,
// and one may end whenever it has begun, or be ended for being idle: only the first
// is opened at once, and later ones after pauses that grow. A message of the client
// waits for none of them.
func (ss *sessions) reopenLost(lived time.Duration) {
	busy := false
	ss.update(func(f *inflight) { busy, f.reopening.busy = f.reopening.busy, true })
	if busy {
		return
	}
	for !ss.reopened() {
		var pause time.Duration
		ss.update(func(f *inflight) { pause = f.reopening.after(lived, ss.t.reopenSteady) })
		if !sleep(ss.life, pause) {
			return
		}
		lived = 0
		s := ss.current()
		if !ss.hasEnded(s) { // a message of the client has opened another
			continue
		}
		err := ss.recoverSession(ss.life, s.gen)
		if err == nil || ss.life.Err() != nil {
			continue
		}
		ss.log.Warn("the session is lost", "error", err)
		if !mayPass(err) {
			ss.update(func(f *inflight) { f.reopening.busy = false })
			return
		}
	}
}

// reopened says whether there is nothing more to do for reopenLost. It then leaves
// the next end to somebody else, in the same moment.
func (ss *sessions) reopened() (done bool) {
	ss.update(func(f *inflight) {
		if done = !ss.hasEnded(f.session) || ss.life.Err() != nil; done {
			f.reopening.busy = false
		}
	})
	return done
}

// maxReconnections is how many times in a minute a session may be opened again that
// is a connection. Nothing is guessed there, and each is a process.
const maxReconnections = 10

var errEndsAgain = errcode.New(errcode.ServerHungUp, "its connection ended ten times within a minute, and no other is opened for half a minute; ask whoever runs the server whether it crashes")

// unopened is why a session could not be opened again. That of a connection is the
// same as that of the first, and is told in the same words.
func (ss *sessions) unopened(old session, err error) error {
	if !ss.hasEnded(old) {
		return lossOf("it could not be reopened", err)
	}
	e := *asError(err)
	e.Executed, e.noStream, e.lost, e.again = NotExecuted, false, false, false
	e.Retryable = e.Retryable || e.Kind == kindSessionLost // it ended once more
	return &e
}

// uncount forgets a recovery that nobody let through to a process: the next request
// may find that access is back.
func (ss *sessions) uncount(err error) {
	if e := asError(err); e.Kind != KindForbidden && e.Kind != kindClientCertificate {
		return
	}
	ss.update(func(s *inflight) {
		if n := len(s.recoveries); n > 0 {
			s.recoveries = s.recoveries[:n-1]
		}
	})
}

// mayPass says whether what kept a session from being opened again may pass by
// itself: no login is made, and no access given, while nobody waits.
func mayPass(err error) bool {
	if errors.Is(err, errEndsAgain) {
		return true
	}
	switch e := asError(err); e.Kind {
	case KindUnreachable, KindConnectionLost, KindTimeout:
		return true
	case kindSessionLost:
		return e.Retryable
	}
	return false
}

// reopenings is how long to wait before a session is opened again by itself.
type reopenings struct {
	pauses backoff
	again  bool // one was opened lately
	busy   bool // one is about to be opened
}

// after is the pause after a session that has lived for a while.
func (r *reopenings) after(lived, steady time.Duration) time.Duration {
	if lived >= steady {
		r.pauses.reset()
		r.again = false
	}
	if !r.again {
		r.again = true
		return 0
	}
	return r.pauses.pause()
}
