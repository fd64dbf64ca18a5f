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

// ear is the listening stream of a session: the GET on which the server sends
// what belongs to no request (transport.md B13 to B15).
type ear struct {
	session session
	stop    context.CancelFunc
	once    sync.Once     // for tried
	tried   chan struct{} // closed when the first GET was answered or failed
	gone    chan struct{} // closed when no stream will come any more
	broken  *Error        // valid then: why what waits on the stream has no answer, if more is known
}

// becomeReady begins to listen to the session of the generation, once the
// server accepted notifications/initialized (transport.md B14).
// It returns the ear it started, nil if none was needed.
func (b *bridge) becomeReady(gen int) (e *ear) {
	ctx, stop := context.WithCancel(b.life)
	b.update(func(s *inflight) {
		version := s.session.version
		if s.session.gen != gen || version == "" || version >= modernVersion || s.ear != nil {
			return
		}
		e = &ear{session: s.session, stop: stop, tried: make(chan struct{}), gone: make(chan struct{})}
		s.ear = e
	})
	if e == nil {
		stop()
		return nil
	}
	b.start("listening", func() {
		defer stop()
		defer close(e.gone)
		b.listen(ctx, e)
	})
	return e
}

// awaitEar waits a moment until the server listens to being listened to:
// servers drop what they want to ask while no stream is open.
func (b *bridge) awaitEar(e *ear) {
	if e == nil {
		return
	}
	timer := time.NewTimer(b.t.earWait)
	defer timer.Stop()
	select {
	case <-e.tried:
	case <-e.gone:
	case <-timer.C:
	case <-b.life.Done():
	}
}

// listening returns the listening stream, nil if there is none.
func (b *bridge) listening() (e *ear) {
	b.update(func(s *inflight) { e = s.ear })
	return e
}

// listen keeps the stream open until ctx ends or the server refuses it. Its
// troubles never touch anything else.
func (b *bridge) listen(ctx context.Context, e *ear) {
	c := frame.Cursor{Retry: -1}
	pause := backoff{min: b.t.listenMin, max: b.t.listenMax, growth: 2}
	opened := false
	for {
		began := time.Now()
		err := b.hear(ctx, e, &c, &opened)
		if ctx.Err() != nil {
			return
		}
		if err == nil && time.Since(began) > b.t.steady {
			c.Moved = true // a stream that is cut for being idle is no failure
		}
		var refused *Error
		if errors.As(err, &refused) {
			switch {
			case refused.lost && b.suspectLoss(e.session):
				return // the new session has an ear of its own
			case refused.isFinal(opened):
				b.log.Info("the server offers no listening stream", "reason", err)
				if refused.Kind == KindConnectionLost {
					e.broken = refused
				}
				return
			}
		}
		d := pauseAfter(&c, &pause)
		b.log.Debug("the listening stream is opened again", "after", d, "error", err)
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

// hear opens the stream once and reads it to its end. nil means that it was
// open.
func (b *bridge) hear(ctx context.Context, e *ear, c *frame.Cursor, opened *bool) error {
	events, err := b.up.listen(ctx, e.session, c)
	e.once.Do(func() { close(e.tried) })
	if err != nil {
		return err
	}
	defer events.close()
	*opened = true
	_, err = b.readStream(nil, events)
	return err
}

// isFinal says whether no stream will come any more. A refusal for lack of rights
// is not final where one was open before: a new login may end it.
func (e *Error) isFinal(opened bool) bool {
	rights := e.Kind == KindUnauthorized || e.Kind == KindForbidden
	return e.noStream && !e.lost && !(opened && rights)
}
