// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// answerOf reads the answer to a request, up to where a stream begins.
func (u *httpUpstream) answerOf(ctx context.Context, resp *http.Response, m outgoing) (*answer, error) {
	ok := resp.StatusCode >= 200 && resp.StatusCode <= 299
	a := &answer{status: resp.StatusCode}
	if id := resp.Header.Get(headerSession); resp.StatusCode < 300 && isSessionID(id) {
		a.sessionID = id
	}
	if ok && mediaType(resp) == typeStream {
		a.stream = u.newStream(ctx, resp, &frame.Cursor{Retry: -1})
		return a, nil
	}
	defer resp.Body.Close()
	if ok && (resp.StatusCode == http.StatusNoContent || resp.ContentLength == 0) {
		return u.empty(a), nil
	}
	body, leave, err := u.readBody(ctx, resp)
	a.leave = leave
	if err != nil {
		a.release()
		return nil, u.bodyError(ctx, resp, err)
	}
	if ok && len(body.Data) == 0 {
		return u.empty(a), nil
	}
	body.Data = frame.Trim(body.Data)
	a.body, a.refused = body, !ok
	switch {
	case !ok:
		a.loss = lossIn(m.session, resp, body.Data)
		a.otherwise = statusError(resp)
		a.otherwise.Detail = u.detail(m.session, resp, body.Data)
		if m.Method == methodInitialize && resp.StatusCode == http.StatusMethodNotAllowed {
			a.otherwise.Note = "it may use the HTTP+SSE transport of 2024-11-05; ask your administrator to register it as mcp+sse+http, not as mcp+http"
		}
	case mediaType(resp) != typeJSON:
		a.otherwise = wrongType(resp)
	}
	a.excerpt = func() []any {
		return []any{
			"status", resp.StatusCode, "type", headerText(resp.Header.Get("Content-Type")),
			"body", maskSecrets(u.redact(m.session, headerText(string(a.body.Data[:min(len(a.body.Data), maxExcerpt)])))),
		}
	}
	return a, nil
}

func wrongType(resp *http.Response) *Error {
	return &Error{
		Kind: kindContentType, Executed: MayHaveRun, HTTPStatus: resp.StatusCode,
		Note: "content type " + headerText(resp.Header.Get("Content-Type")),
	}
}

// maxExcerpt is how much of an unexpected body is looked at for the log.
const maxExcerpt = 1 << 10

// empty is a success without a body. After 202 the response comes whenever it
// is ready; after any other it would be under way already (transport.md B16,
// F-19).
func (u *httpUpstream) empty(a *answer) *answer {
	a.wait = u.t.unpromised
	if a.status == http.StatusAccepted {
		a.wait = u.t.promised
	}
	return a
}

// accepted ends an exchange that gets no response. Any success will do
// (transport.md B7).
func (u *httpUpstream) accepted(ctx context.Context, resp *http.Response, s session) error {
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		u.newStream(ctx, resp, nil).finish()
		return nil
	}
	defer resp.Body.Close()
	e := statusError(resp)
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	e.loss = lossIn(s, resp, body)
	return e
}

// readBody reads a body that is no stream, up to the limit.
func (u *httpUpstream) readBody(ctx context.Context, resp *http.Response) (body frame.Text, leave func(), err error) {
	limit := int64(u.cfg.MaxMessageSize)
	size := resp.ContentLength
	if size > limit {
		return body, nil, &Error{Kind: KindResponseTooLarge, Executed: MayHaveRun, Limit: limit, Size: size}
	}
	if resp.StatusCode > 299 { // nobody waits for the end of an error page
		timer := time.AfterFunc(u.t.refusal, func() { resp.Body.Close() })
		defer timer.Stop()
	}
	var from io.Reader = resp.Body
	if mediaType(resp) != typeJSON {
		odd := &oddBody{ReadCloser: resp.Body, wait: u.t.refusal, wrong: wrongType(resp)}
		defer odd.stop()
		from = odd
	}
	r := &longReader{Reader: io.LimitReader(from, limit+1), enter: func() bool { return u.long.enter(ctx) }, leave: u.long.leave}
	if size > shortAnswer && !r.admitted() {
		return body, nil, errNoRoom()
	}
	if body, err = frame.ReadText(r, size); int64(len(body.Data)) > limit {
		return body, r.left(), &Error{Kind: KindResponseTooLarge, Executed: MayHaveRun, Limit: limit, Size: int64(len(body.Data))}
	}
	return body, r.left(), err
}

// oddBody is a body of a wrong type. Once it has begun as what is no JSON, nobody waits
// for its end, which a page, or events under another name, may not have, and how it
// breaks off is beside the point.
type oddBody struct {
	io.ReadCloser
	wait  time.Duration
	wrong *Error
	begun bool
	timer *time.Timer // nil while it may be JSON
}

func (b *oddBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if begin := frame.Trim(p[:n]); !b.begun && len(begin) > 0 {
		b.begun = true
		if begin[0] != '{' && begin[0] != '[' {
			b.timer = time.AfterFunc(b.wait, func() { b.Close() })
		}
	}
	if b.timer != nil && err != nil && !errors.Is(err, io.EOF) && !diedSilently(err) {
		err = b.wrong
	}
	return n, err
}

func (b *oddBody) stop() {
	if b.timer != nil {
		b.timer.Stop()
	}
}

// longReader reads a body that needs a place once it is long.
type longReader struct {
	io.Reader
	enter   func() bool
	leave   func()
	read    int
	entered bool
}

// errNoRoom is the failure of an answer for which there was no place in time.
func errNoRoom() *Error {
	return &Error{
		Kind: KindResponseTooLarge, Executed: MayHaveRun,
		Note: fmt.Sprintf("%d other long answers take the room for it", maxLongAnswers),
	}
}

func (r *longReader) Read(p []byte) (int, error) {
	if r.read > shortAnswer && !r.admitted() {
		return 0, errNoRoom()
	}
	n, err := r.Reader.Read(p)
	r.read += n
	return n, err
}

func (r *longReader) admitted() bool {
	r.entered = r.entered || r.enter()
	return r.entered
}

// left is what gives the place back, nil without one.
func (r *longReader) left() func() {
	if r.entered {
		return r.leave
	}
	return nil
}

// bodyError explains a body that could not be read. The status of a refusal
// says more than its body.
func (u *httpUpstream) bodyError(ctx context.Context, resp *http.Response, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case resp.StatusCode > 299:
		return statusError(resp)
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return silenced(&Error{Kind: kindTruncated, Executed: MayHaveRun, HTTPStatus: resp.StatusCode, Err: err}, err)
}

// httpStream is the event stream in a response.
type httpStream struct {
	body   io.ReadCloser
	events *frame.EventReader
	c      *frame.Cursor
	drain  time.Duration

	long    *turnstile
	entered bool // for the event that was read last
}

// newStream reads the events in a response; those that are long one by one with
// others.
func (u *httpUpstream) newStream(ctx context.Context, resp *http.Response, c *frame.Cursor) *httpStream {
	s := &httpStream{body: resp.Body, events: frame.NewEventReader(resp.Body, u.cfg.MaxMessageSize, c), c: c, drain: u.t.drain, long: u.long}
	s.events.Admit(shortAnswer, func() bool {
		s.entered = u.long.enter(ctx)
		return s.entered
	})
	return s
}

// leave gives up the place of the last event.
func (s *httpStream) leave() {
	if s.entered {
		s.entered = false
		s.long.leave()
	}
}

// next skips events that carry no message (transport.md P10).
func (s *httpStream) next() (event, error) {
	for {
		s.leave()
		e, err := s.events.Next()
		switch {
		case err != nil:
			return event{}, err
		case e.IsMessage():
			return eventOf(e), nil
		}
	}
}

func (s *httpStream) cursor() *frame.Cursor { return s.c }

func (s *httpStream) close() {
	s.leave()
	s.events.Release()
	s.body.Close()
}

// drainMost is how much of a body is read for the sake of its connection.
const drainMost = 64 << 10

// finish reads neither long nor much.
func (s *httpStream) finish() {
	timer := time.AfterFunc(s.drain, func() { s.body.Close() })
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, s.body, drainMost)
	s.close()
}
