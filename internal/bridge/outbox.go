// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// outbox sends what gets no response. There is a lane for notifications and
// responses, and one for cancels, which no notification may hold up.
type outbox struct {
	*common
	up       upstream
	sessions *sessions
	listener *listener

	lane, cancels *lane
}

func newOutbox(c *common, up upstream, ss *sessions, l *listener) *outbox {
	return &outbox{common: c, up: up, sessions: ss, listener: l, lane: newLane(), cancels: newLane()}
}

// newItem prepares a message for the lane. A message without a version of its
// own is of the modern era if the client never spoke another (transport.md M6).
func (o *outbox) newItem(m frame.Message, batch ...frame.Message) *item {
	it := &item{m: m, batch: batch, modern: modernOf(m), done: make(chan struct{})}
	o.update(func(s *inflight) {
		if it.modern == "" && s.session.gen == 0 && s.handshake == nil && m.Kind == frame.Notification {
			it.modern = s.modern
		}
		it.gen = s.genOfNext()
		if s.handshake != nil {
			it.handshake = s.handshake.settled
		}
		s.queued++
	})
	return it
}

// runLane sends what comes into a lane until the bridge ends.
func (o *outbox) runLane(l *lane) {
	for {
		it := l.pop()
		if it == nil {
			select {
			case <-l.wake:
				continue
			case <-o.life.Done():
				return
			}
		}
		o.forward(it)
	}
}

// forward sends one item and reports the outcome on the log at most: a
// notification or a response is never answered (transport.md F-22).
func (o *outbox) forward(it *item) {
	defer o.update(func(s *inflight) { s.queued-- })
	defer it.release()
	defer o.rescue("notification")
	if it.handshake != nil {
		select {
		case <-it.handshake:
		case <-o.life.Done():
			return
		}
	}
	if err := o.deliver(it); err != nil && o.life.Err() == nil {
		o.log.Warn("the server did not take a message", "method", it.m.Method, "error", err)
	}
}

// deliver sends an item. After the loss of the session a notification is sent
// once more in the new one; a response is not, and neither is what only had a
// meaning in the old one.
func (o *outbox) deliver(it *item) error {
	s, err := o.sessions.steadySession(o.life)
	if err != nil {
		o.reopen()
		return err
	}
	if it.batch != nil {
		if err := checkBatch(s); err != nil {
			return err
		}
		o.forgetAnswered(it.batch)
	}
	if !o.stillWanted(it, s) {
		return nil
	}
	err = o.postItem(it, s)
	var e *Error
	if errors.As(err, &e) && e.lost {
		if err := o.sessions.recoverSession(o.life, s.gen); err != nil {
			o.reopen()
			return err
		}
		if s = o.current(); !it.lasts(s) {
			return nil
		}
		err = o.postItem(it, s)
	}
	if it.m.Method == methodInitialized && (err == nil || errors.Is(err, context.DeadlineExceeded)) {
		o.listener.await(o.listener.open(s.gen))
	}
	return err
}

// reopen sees to a session that ended before anybody listened to it.
func (o *outbox) reopen() {
	if o.sessions.hasEnded(o.current()) {
		o.start("reopening", func() { o.sessions.reopenLost(0) })
	}
}

// lasts says whether the item means something in s, another session than its
// own. What of a batch does not is cut out of it.
func (it *item) lasts(s session) bool {
	if it.batch == nil {
		return outlasts(it.m, s)
	}
	it.m.Doc, it.batch, _ = without(it.m.Doc, it.batch, func(m frame.Message) bool { return !outlasts(m, s) })
	return len(it.batch) > 0
}

func outlasts(m frame.Message, s session) bool {
	switch m.Method {
	case methodCancelled, methodProgress:
		return false
	case methodInitialized:
		return !s.initialized
	}
	return m.Kind == frame.Notification
}

// stillWanted says whether the item still has an addressee in s. A response
// belongs to the server's request it answers, and that to a session
// (transport.md B26).
func (o *outbox) stillWanted(it *item, s session) (wanted bool) {
	o.update(func(f *inflight) {
		switch {
		case it.m.Kind == frame.Response:
			q, ok := f.serverRequests.get(it.m.Key)
			f.serverRequests.drop(it.m.Key)
			wanted = ok && q.gen == s.gen
		case it.m.Method == methodInitialized:
			if s.state != nil {
				s.state.initialized = &it.m
			}
			wanted = true
		default:
			wanted = it.modern != "" || it.gen == s.gen || it.lasts(s)
		}
	})
	if !wanted {
		o.log.Info("a message that nobody waits for was dropped", "method", it.m.Method)
	}
	return wanted
}

// postItem sends an item in a session. Failures of class A are retried; it is
// in nobody's way but that of later items.
func (o *outbox) postItem(it *item, s session) error {
	limit := o.t.laneItem
	if it.m.Method == methodInitialized {
		limit = o.t.ready
		timer := time.AfterFunc(o.t.readyWait, func() {
			o.log.Warn("the server does not accept a message; what waits for that goes on", "method", methodInitialized)
			it.release()
		})
		defer timer.Stop()
	}
	ctx, cancel := context.WithTimeout(o.life, limit)
	defer cancel()
	for tries := 0; ; tries++ {
		doc := it.m.Doc
		if it.modern != "" {
			doc = o.outward(it.m)
		}
		_, err := o.up.send(ctx, outgoing{Message: it.m, doc: doc, modern: it.modern, session: s})
		var e *Error
		again := errors.As(err, &e) && e.Kind == KindUnreachable && e.Retryable && tries < retriesPerRequest
		if !again || !sleep(ctx, retryPauses[tries]) {
			return o.markLoss(err, s)
		}
	}
}

// markLoss recognizes the loss of the session in a refusal.
func (o *outbox) markLoss(err error, s session) error {
	var e *Error
	if errors.As(err, &e) && !e.stated && !e.lost && e.loss.likely && (!e.loss.doubtful || o.sessions.isGone(s)) {
		e.Kind, e.Executed, e.lost = kindSessionLost, NotExecuted, true
	}
	return err
}
