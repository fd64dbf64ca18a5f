// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"cmp"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// receiveStream reads an event stream until it has brought every response. A
// stream that ends before is taken up again where it broke.
func (rd *reader) receiveStream(x *exchange) error {
	s := x.answer.stream
	done, err := rd.readStream(x, s)
	if done || err != nil {
		s.finish()
		return err
	}
	s.close()
	return rd.resume(x, s.cursor())
}

// resume takes up the stream of a POST after it broke. Without an event id,
// and in the modern era, that is not possible (transport.md 1F, F-10,
// F-11).
func (rd *reader) resume(x *exchange, c *frame.Cursor) error {
	lost := silenced(&Error{Kind: kindStreamLost, Executed: MayHaveRun, Note: cmp.Or(x.foreignNote(), rd.cfg.StreamEnds)}, x.broke)
	pause := backoff{min: rd.t.resumeMin, max: rd.t.resumeMax, growth: 1.5}
	since, tries := time.Now(), 0
	for x.modern == "" && !x.isSettled() && c.LastID != "" {
		if c.Moved {
			since, tries = time.Now(), 0
		}
		if tries++; tries > rd.t.resumeTries || time.Since(since) > rd.t.resumeTime {
			return lost
		}
		if !sleep(x.ctx, pauseAfter(c, &pause)) {
			return x.ctx.Err()
		}
		done, err := rd.resumeOnce(x, c)
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
func (rd *reader) resumeOnce(x *exchange, c *frame.Cursor) (done bool, err error) {
	rest, err := rd.up.listen(x.ctx, x.streamSession(), c)
	if err != nil {
		rd.log.Info("a stream was not resumed", "error", err)
		return false, rd.notResumed(x, err)
	}
	if done, err = rd.readStream(x, rest); done || err != nil {
		rest.finish()
		return done, err
	}
	rest.close()
	return false, nil
}

// notResumed returns nil if the stream may be resumed later.
func (rd *reader) notResumed(x *exchange, err error) error {
	var e *Error
	switch {
	case x.ctx.Err() != nil:
		return x.ctx.Err()
	case !errors.As(err, &e):
		return nil
	case e.stated && !e.Retryable:
		return &Error{Kind: kindStreamLost, Executed: MayHaveRun, HTTPStatus: e.HTTPStatus, Err: e}
	case !e.noStream:
		return nil
	}
	if e.lost && x.internal == nil && x.session.id != "" {
		rd.sessions.suspectLater(x.session)
	}
	return &Error{Kind: kindStreamLost, Executed: MayHaveRun, HTTPStatus: e.HTTPStatus, Note: "the server does not resume it"}
}

// streamSession is the session an exchange's stream belongs to. The answer to
// initialize may break before it has named the version, but not the session.
func (x *exchange) streamSession() session {
	if id := x.sessionID(); id != "" && x.establishes() {
		return session{id: id}
	}
	return x.session
}
