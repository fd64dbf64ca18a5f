// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// receiveStream reads an event stream until it has brought every response. A
// stream that ends before is taken up again where it broke.
func (b *bridge) receiveStream(x *exchange, resp *http.Response) error {
	c := frame.Cursor{Retry: -1}
	done, err := b.readStream(x, resp.Body, &c)
	if done || err != nil {
		b.drainFor(resp.Body, x.cancel)
		return err
	}
	return b.resume(x, &c)
}

// resume takes up the stream of a POST after it broke. Without an event id,
// and in the modern era, that is not possible (transport.md 1F, F-10,
// F-11).
func (b *bridge) resume(x *exchange, c *frame.Cursor) error {
	lost := &Error{Kind: KindStreamLost, Executed: MayHaveRun, Note: b.cfg.StreamEnds}
	pause := backoff{min: b.t.resumeMin, max: b.t.resumeMax, growth: 1.5}
	since, tries := time.Now(), 0
	for x.modern == "" && !x.isSettled() && c.LastID != "" {
		if c.Moved {
			since, tries = time.Now(), 0
		}
		if tries++; tries > b.t.resumeTries || time.Since(since) > b.t.resumeTime {
			return lost
		}
		if !sleep(x.ctx, pauseAfter(c, &pause)) {
			return x.ctx.Err()
		}
		done, err := b.resumeOnce(x, c)
		if done || err != nil {
			return err
		}
	}
	if x.ctx.Err() != nil {
		return x.ctx.Err()
	}
	return lost
}

// resumeOnce asks for the rest of the stream and reads it. It returns false
// without an error if another attempt may bring more.
func (b *bridge) resumeOnce(x *exchange, c *frame.Cursor) (done bool, err error) {
	resp, err := b.get(x.ctx, x.streamSession(), c.LastID)
	if err != nil {
		b.log.Info("a stream was not resumed", "error", err)
		if e := asError(err); e.stated && !e.Retryable {
			return false, &Error{Kind: KindStreamLost, Executed: MayHaveRun, HTTPStatus: e.HTTPStatus, Err: e}
		}
		return false, x.ctx.Err()
	}
	defer resp.Body.Close()
	switch code := resp.StatusCode; {
	case code == http.StatusOK && mediaType(resp) == typeStream:
	case code == http.StatusConflict || code == http.StatusTooManyRequests || code >= 500 && code != http.StatusNotImplemented:
		return false, nil
	default:
		if code == http.StatusNotFound && x.own == nil && x.session.id != "" {
			s := x.session // the next attempt may be in another
			b.start("session check", func() { b.suspectLoss(s) })
		}
		return false, &Error{Kind: KindStreamLost, Executed: MayHaveRun, HTTPStatus: code, Note: "the server does not resume it"}
	}
	if done, err = b.readStream(x, resp.Body, c); done || err != nil {
		b.drainFor(resp.Body, x.cancel)
	}
	return done, err
}

// streamSession is the session an exchange's stream belongs to. The answer to
// initialize may break before it has named the version, but not the session.
func (x *exchange) streamSession() session {
	if h := x.established(); h != nil && isSessionID(h.Get(headerSession)) {
		return session{id: h.Get(headerSession)}
	}
	return x.session
}
