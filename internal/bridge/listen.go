// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// listeningStream is the listening stream of a session: the GET on which the server sends
// what belongs to no request (transport.md B13 to B15).
type listeningStream struct {
	session session
	stop    context.CancelFunc
	once    sync.Once     // for tried
	tried   chan struct{} // closed when the first GET was answered or failed
	gone    chan struct{} // closed when no stream will come any more
	broken  *Error        // valid then: why what waits on the stream has no answer, if more is known
}

// listener keeps the listening stream of the session open.
type listener struct {
	*common
	up       upstream
	reader   *reader
	sessions *sessions
}

// open begins to listen to the session of the generation, once the
// server accepted notifications/initialized (transport.md B14).
// It returns the stream it started, nil if none was needed.
func (l *listener) open(gen int) (e *listeningStream) {
	ctx, stop := context.WithCancel(l.life)
	l.update(func(s *inflight) {
		version := s.session.version
		if s.session.gen != gen || version == "" || isModern(version) || s.listening != nil {
			return
		}
		e = &listeningStream{session: s.session, stop: stop, tried: make(chan struct{}), gone: make(chan struct{})}
		s.listening = e
	})
	if e == nil {
		stop()
		return nil
	}
	l.start("listening", func() {
		defer stop()
		defer close(e.gone)
		l.keepOpen(ctx, e)
	})
	return e
}

// await waits a moment until the server listens to being listened to:
// servers drop what they want to ask while no stream is open.
func (l *listener) await(e *listeningStream) {
	if e == nil {
		return
	}
	timer := time.NewTimer(l.t.streamWait)
	defer timer.Stop()
	select {
	case <-e.tried:
	case <-e.gone:
	case <-timer.C:
	case <-l.life.Done():
	}
}

// stream returns the listening stream, nil if there is none.
func (l *listener) stream() (e *listeningStream) {
	l.update(func(s *inflight) { e = s.listening })
	return e
}

// keepOpen keeps the stream open until ctx ends or the server refuses it. Its
// troubles never touch anything else.
func (l *listener) keepOpen(ctx context.Context, e *listeningStream) {
	c := frame.Cursor{Retry: -1}
	pause := backoff{min: l.t.listenMin, max: l.t.listenMax, growth: 2}
	opened, since := false, time.Now()
	for {
		began := time.Now()
		err := l.read(ctx, e, &c, &opened)
		if ctx.Err() != nil {
			return
		}
		if err == nil && time.Since(began) > l.t.steady {
			c.Moved = true // a stream that is cut for being idle is no failure
		}
		var refused *Error
		if errors.As(err, &refused) {
			switch {
			case refused.lost && e.session.isRaw():
				l.sessions.reopenLost(time.Since(since))
				return
			case refused.lost && l.sessions.suspectLoss(e.session):
				return // the new session has a stream of its own
			case refused.isFinal(opened):
				l.log.Info("the server offers no listening stream", "reason", err)
				if refused.Kind == KindConnectionLost {
					e.broken = refused
				}
				return
			}
		}
		d := pauseAfter(&c, &pause)
		l.log.Debug("the listening stream is opened again", "after", d, "error", err)
		if !sleep(ctx, d) {
			return
		}
	}
}

// pauseAfter returns how long to wait before the stream is opened again. After
// progress that is what the server asked for, to the point; a server that cuts
// every stream at once is given the back-off.
func pauseAfter(c *frame.Cursor, b *backoff) time.Duration {
	moved := c.Moved
	if c.Moved = false; moved {
		b.reset()
	}
	d := b.pause()
	switch {
	case c.Retry < 0:
		return d
	case moved:
		return max(c.Retry, minRetry)
	}
	return max(c.Retry, d)
}

// minRetry keeps a server that asks for no pause from being overrun.
const minRetry = 50 * time.Millisecond

// read opens the stream once and reads it to its end. nil means that it was
// open.
func (l *listener) read(ctx context.Context, e *listeningStream, c *frame.Cursor, opened *bool) error {
	events, err := l.up.listen(ctx, e.session, c)
	e.once.Do(func() { close(e.tried) })
	if err != nil {
		return err
	}
	defer events.close()
	*opened = true
	_, err = l.reader.readStream(nil, events)
	return err
}

// isFinal says whether no stream will come any more. A refusal for lack of rights
// is not final where one was open before: a new login may end it.
func (e *Error) isFinal(opened bool) bool {
	rights := e.Kind == kindUnauthorized || e.Kind == KindForbidden
	return e.noStream && !e.lost && !(opened && rights)
}
