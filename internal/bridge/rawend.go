// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// What is known of the beginning and the end of a connection. Every end looks the
// same, and who is refused may or may not be told so, in a message like one of the
// server (protocol.md 13.2).

// unsent classifies what stood in the way to a process before anything was written.
func unsent(err error) *Error { return transportError(withoutURL(err), &passage{}) }

// opening is how a connection began.
type opening struct {
	heard   bool   // the server has said something
	refusal string // what was said in its place
}

// firstLine reads until the server has said something. The first message may be a
// refusal, which the end of the connection follows at once: it is held until that
// is clear.
func (c *rawConn) firstLine(lines <-chan frame.Text) opening {
	first, ok := <-lines
	if !ok {
		return opening{}
	}
	text := refusalIn(first.Data)
	if text == "" {
		c.heard(first)
		return opening{heard: true}
	}
	if bytes.HasPrefix(first.Data, httpPrefix) {
		c.conn.Close()
		for range lines { // until that is seen
		}
		return opening{refusal: text}
	}
	timer := time.NewTimer(c.u.t.refusalEnd)
	defer timer.Stop()
	select {
	case next, more := <-lines:
		if !more {
			return opening{refusal: text}
		}
		c.heard(first)
		c.arrived(next)
	case <-timer.C:
		c.heard(first)
	}
	return opening{heard: true}
}

// heard passes the first line of the server on.
func (c *rawConn) heard(ln frame.Text) {
	c.u.spoke()
	c.arrived(ln)
}

// httpPrefix begins the answer of an app that speaks HTTP, and of an app service
// that knows no MCP (protocol.md 13.1).
var httpPrefix = []byte("HTTP/1.")

// refusalIn is the text of a line that may be a refusal, "" if it is none.
func refusalIn(line []byte) string {
	if bytes.HasPrefix(line, httpPrefix) {
		return headerText(string(line))
	}
	messages, _, err := frame.Parse(line)
	if err != nil && !errors.Is(err, frame.ErrInvalid) || len(messages) != 1 {
		return ""
	}
	failure := messages[0].Failure
	if code, _ := codeOf(failure); code != codeInternal {
		return ""
	}
	text, _ := frame.LookupString(failure, "message")
	return text
}

// finish makes out why the connection has ended, for all that waits.
func (c *rawConn) finish(o opening, err error) {
	c.mu.Lock()
	hungUp := c.hungUp
	c.ended = true
	c.vigil.stop()
	c.mu.Unlock()
	c.u.forget(c)
	c.conn.Close()
	note := ""
	if errors.Is(err, io.EOF) {
		note, err = rawEnded, nil
		if o.heard && !hungUp {
			err = c.u.endedAgain(time.Since(c.born))
		}
	}
	if c.why = silenced(&Error{Kind: KindConnectionLost, Executed: MayHaveRun, Note: note, Err: err}, err); !o.heard && !hungUp {
		c.why = c.refused(o.refusal, err)
	}
	if c.vigil.note != "" {
		c.why = &Error{Kind: KindTimeout, Executed: MayHaveRun, Note: c.vigil.note}
	}
}

// refused is why a connection has ended before the server has said anything. An
// app service that is just starting, and a process that does, look like one that
// will never serve: for a while it may be asked again.
func (c *rawConn) refused(text string, err error) *Error {
	silentFor := c.u.stayedSilent()
	ctx, cancel := context.WithTimeout(context.Background(), c.u.t.budget)
	defer cancel()
	why := c.conn.Why(ctx, text, err)
	if errors.Is(why, ErrAgain) {
		return unsent(why)
	}
	e := &Error{Kind: KindUnreachable, Executed: MayHaveRun, Retryable: true, Note: rawEnded, Detail: text, DetailBy: "Teleport", Err: err}
	if why != nil {
		e = unsent(why)
	}
	e.stated = true
	e.Retryable = e.Retryable && silentFor < c.u.t.silence
	return e
}

// rawEnded is all that is known of an end: Teleport tells no reason.
const rawEnded = "the server's process, or Teleport, ended the connection"

// lostConn is the failure of a message that was not written, or not as a whole,
// because the connection has ended: without its line end nobody acts on it.
func (u *rawUpstream) lostConn(m outgoing) *Error {
	if m.isInside() {
		return &Error{Kind: kindSessionLost, Executed: NotExecuted, Note: rawEnded, Err: u.endsSoon(), lost: true}
	}
	return &Error{Kind: KindUnreachable, Executed: NotExecuted, Retryable: true, Note: rawEnded, stated: true}
}

// unwritten is lostConn with what is found out about a connection that has ended
// before it was of any use.
func (c *rawConn) unwritten(ctx context.Context, m outgoing) error {
	if ctx.Err() != nil { // the connection may be all right
		return ctx.Err()
	}
	time.AfterFunc(c.u.t.refusalEnd, func() { c.conn.Close() }) // if it can be read, though not written
	lost := c.u.lostConn(m)
	if lost.lost {
		lost.lost = c.name == m.session.id // a cancel may have gone over the connection from before
		return lost
	}
	select {
	case <-c.gone:
	case <-ctx.Done():
		return ctx.Err()
	}
	if c.why.stated || c.why.again {
		*lost = *c.why
		lost.Executed = NotExecuted
	}
	return lost
}

// endOf is the failure of a request whose connection has ended.
func (c *rawConn) endOf(s *rawStream) *Error {
	e := *c.why
	e.noStream = true
	switch {
	case len(s.keys) == 0:
		e.lost, e.Kind = true, kindSessionLost
	case e.Executed != NotExecuted && e.Kind == KindUnreachable && !isPatient(s.method):
		e.Kind = KindConnectionLost // it is not known not to have reached it
	}
	return &e
}

// shortLife is how soon the end of a process has to do with its start.
const shortLife = 10 * time.Second

// endedAgain is what is known of processes that end soon after they have answered, nil
// of the first: the client sees no word of what they say about it.
func (u *rawUpstream) endedAgain(lived time.Duration) error {
	u.mu.Lock()
	if u.short++; lived > shortLife {
		u.short = 0
	}
	u.mu.Unlock()
	return u.endsSoon()
}

// endsSoon is what is known of the processes so far, see endedAgain.
func (u *rawUpstream) endsSoon() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.short < 2 {
		return nil
	}
	return errcode.Errorf(errcode.ServerHungUp, "its process has ended %d times in a row within seconds of its start; why is in the log of Teleport's app service: ask your Teleport administrator", u.short)
}

// silence is a time in which connections end without a word.
type silence struct{ since, last time.Time }

// spoke notes that a connection is of use.
func (u *rawUpstream) spoke() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.silent = silence{}
}

// stayedSilent is how long no connection has been of use. What was a while ago is
// another matter.
func (u *rawUpstream) stayedSilent() time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := time.Now()
	if now.Sub(u.silent.last) > u.t.reopenSteady {
		u.silent.since = now
	}
	u.silent.last = now
	return now.Sub(u.silent.since)
}
