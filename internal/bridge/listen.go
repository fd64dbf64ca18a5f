// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// listening returns a channel that closes when the listening stream is gone
// for good, nil if there is none.
func (b *bridge) listening() (gone <-chan struct{}) {
	b.update(func(s *inflight) {
		if s.ear != nil {
			gone = s.ear.gone
		}
	})
	return gone
}

// errNoStream says that the server does not want to be listened to.
var errNoStream = errors.New("no listening stream")

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
		if errors.Is(err, errNoStream) {
			b.log.Info("the server offers no listening stream", "reason", err)
			return
		}
		var loss *Error
		if errors.As(err, &loss) && loss.lost && b.suspectLoss(e.session) {
			return // the new session has an ear of its own
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
	resp, err := b.get(ctx, e.session, c.LastID)
	e.once.Do(func() { close(e.tried) })
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := streamRefused(e.session, resp, *opened); err != nil {
		return err
	}
	*opened = true
	_, err = b.readStream(nil, resp.Body, c)
	return err
}

// get asks for an event stream: the listening stream, or with the id of an
// event the rest of any stream (transport.md B17).
func (b *bridge) get(ctx context.Context, s session, lastID string) (*http.Response, error) {
	h := make(http.Header)
	s.stamp(h)
	h.Set("Accept", typeStream)
	if lastID != "" {
		h.Set(headerEventID, lastID)
	}
	return b.send(ctx, http.MethodGet, nil, h, nil)
}

// streamRefused judges the answer to a GET. An error wrapping errNoStream is
// final (transport.md B15, P11). A refusal for lack of rights is not
// final where a stream was open before: a new login may end it.
func streamRefused(s session, resp *http.Response, opened bool) error {
	switch code := resp.StatusCode; {
	case code == http.StatusOK && mediaType(resp) == typeStream:
		return nil
	case code == http.StatusNotFound && s.id != "":
		return &Error{Kind: KindSessionLost, Executed: NotExecuted, HTTPStatus: code, lost: true}
	case code == http.StatusConflict, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout, code >= 500 && code != http.StatusNotImplemented:
		return statusError(resp)
	case opened && (code == http.StatusUnauthorized || code == http.StatusForbidden):
		return statusError(resp)
	default:
		return fmt.Errorf("%w: %w", errNoStream, statusError(resp))
	}
}
