// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
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
		a.stream = u.newStream(resp, &frame.Cursor{Retry: -1})
		return a, nil
	}
	defer resp.Body.Close()
	if ok && (resp.StatusCode == http.StatusNoContent || resp.ContentLength == 0) {
		return u.empty(a), nil
	}
	body, err := u.readBody(resp)
	if err != nil {
		return nil, u.bodyError(ctx, resp, err)
	}
	if ok && len(body) == 0 {
		return u.empty(a), nil
	}
	a.body, a.refused = frame.Trim(body), !ok
	switch {
	case !ok:
		a.loss = lossIn(m.session, resp.StatusCode, a.body)
		a.otherwise = statusError(resp, u.cfg.now().wall)
		a.otherwise.Detail = u.detail(m.session, resp, a.body)
		if m.Method == methodInitialize && resp.StatusCode == http.StatusMethodNotAllowed {
			a.otherwise.Note = "it may use the HTTP+SSE transport of 2024-11-05, which is not supported"
		}
	case mediaType(resp) != typeJSON:
		a.otherwise = &Error{
			Kind: kindContentType, Executed: MayHaveRun, HTTPStatus: resp.StatusCode,
			Note: "content type " + headerText(resp.Header.Get("Content-Type")),
		}
	}
	a.excerpt = []any{
		"status", resp.StatusCode, "type", headerText(resp.Header.Get("Content-Type")),
		"body", maskSecrets(u.redact(m.session, headerText(string(a.body)))),
	}
	return a, nil
}

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
func (u *httpUpstream) accepted(resp *http.Response, s session) error {
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		u.newStream(resp, nil).finish()
		return nil
	}
	defer resp.Body.Close()
	e := statusError(resp, u.cfg.now().wall)
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	e.loss = lossIn(s, resp.StatusCode, body)
	return e
}

// readBody reads a body that is no stream, up to the limit.
func (u *httpUpstream) readBody(resp *http.Response) ([]byte, error) {
	limit := int64(u.cfg.MaxMessageSize)
	size := resp.ContentLength
	if size > limit {
		return nil, &Error{Kind: KindResponseTooLarge, Executed: MayHaveRun, Limit: limit, Size: size}
	}
	if resp.StatusCode > 299 { // nobody waits for the end of an error page
		timer := time.AfterFunc(u.t.refusal, func() { resp.Body.Close() })
		defer timer.Stop()
	}
	body, err := readAll(io.LimitReader(resp.Body, limit+1), size)
	if int64(len(body)) > limit {
		return nil, &Error{Kind: KindResponseTooLarge, Executed: MayHaveRun, Limit: limit, Size: int64(len(body))}
	}
	return body, err
}

// readAll is io.ReadAll with room for a body of a known size and a line end,
// so that a large one is never copied.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size < 0 {
		return io.ReadAll(r)
	}
	body := make([]byte, size, size+1)
	n, err := io.ReadFull(r, body)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return body[:n], err
}

// bodyError explains a body that could not be read. The status of a refusal
// says more than its body.
func (u *httpUpstream) bodyError(ctx context.Context, resp *http.Response, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case resp.StatusCode > 299:
		return statusError(resp, u.cfg.now().wall)
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: kindTruncated, Executed: MayHaveRun, HTTPStatus: resp.StatusCode, Err: err}
}

// httpStream is the event stream in a response.
type httpStream struct {
	body   io.ReadCloser
	events *frame.EventReader
	c      *frame.Cursor
	drain  time.Duration
}

func (u *httpUpstream) newStream(resp *http.Response, c *frame.Cursor) *httpStream {
	return &httpStream{body: resp.Body, events: frame.NewEventReader(resp.Body, u.cfg.MaxMessageSize, c), c: c, drain: u.t.drain}
}

// next skips events that carry no message (transport.md P10).
func (s *httpStream) next() (frame.Event, error) {
	for {
		e, err := s.events.Next()
		if err != nil || e.IsMessage() {
			return e, err
		}
	}
}

func (s *httpStream) cursor() *frame.Cursor { return s.c }

func (s *httpStream) close() { s.body.Close() }

// drainMost is how much of a body is read for the sake of its connection.
const drainMost = 64 << 10

// finish reads neither long nor much.
func (s *httpStream) finish() {
	timer := time.AfterFunc(s.drain, s.close)
	defer timer.Stop()
	_, _ = io.CopyN(io.Discard, s.body, drainMost)
	s.close()
}
