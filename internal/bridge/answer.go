// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// receive reads the answer to an exchange. It returns nil once the responses
// that belong to it have arrived.
func (b *bridge) receive(x *exchange, resp *http.Response) error {
	defer resp.Body.Close()
	ok := resp.StatusCode >= 200 && resp.StatusCode <= 299
	if ok && mediaType(resp) == typeStream {
		return b.receiveStream(x, resp)
	}
	if ok && (resp.StatusCode == http.StatusNoContent || resp.ContentLength == 0) {
		return b.receiveNothing(x, resp.StatusCode)
	}
	body, err := b.readBody(resp)
	if err != nil {
		return b.bodyError(x, resp, err)
	}
	if ok && len(body) == 0 {
		return b.receiveNothing(x, resp.StatusCode)
	}
	body = frame.Trim(body)
	messages, _, err := frame.Parse(body)
	if b.isLost(x, resp.StatusCode, body, messages) {
		return &Error{Kind: KindSessionLost, Executed: NotExecuted, HTTPStatus: resp.StatusCode, lost: true}
	}
	if isMismatch(x, messages) && b.learnAgain(x) {
		return &Error{Kind: KindInvalidRequest, Executed: NotExecuted, again: true}
	}
	if err == nil && (ok || x.awaits(messages)) {
		frame.Flatten(body)
		if b.relay(x, body, messages); len(x.left) == 0 {
			return nil
		}
	}
	if b.adopt(x, messages, err) {
		return nil
	}
	if !ok {
		e := statusError(resp)
		e.Detail = b.detail(x.session, resp, body)
		b.logBody(e, resp, body)
		return e
	}
	return b.notAnAnswer(resp, body, err)
}

// awaits says whether a response to the exchange is among the messages.
func (x *exchange) awaits(messages []frame.Message) bool {
	for _, m := range messages {
		if m.Kind == frame.Response && x.left[m.Key] {
			return true
		}
	}
	return false
}

// readBody reads a body that is no stream, up to the limit.
func (b *bridge) readBody(resp *http.Response) ([]byte, error) {
	limit := int64(b.cfg.MaxMessageSize)
	size := resp.ContentLength
	if size > limit {
		return nil, &Error{Kind: KindResponseTooLarge, Executed: MayHaveRun, Limit: limit, Size: size}
	}
	if resp.StatusCode > 299 { // nobody waits for the end of an error page
		timer := time.AfterFunc(b.t.refusal, func() { resp.Body.Close() })
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
func (b *bridge) bodyError(x *exchange, resp *http.Response, err error) error {
	switch {
	case x.ctx.Err() != nil:
		return x.ctx.Err()
	case resp.StatusCode > 299:
		return statusError(resp)
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: KindTruncated, Executed: MayHaveRun, HTTPStatus: resp.StatusCode, Err: err}
}

// adopt answers the exchange with a JSON-RPC error that names no request, or
// another one: as the body of this answer it can mean only this request
// (transport.md 2.1.4).
func (b *bridge) adopt(x *exchange, messages []frame.Message, err error) bool {
	if x.batch || len(x.left) == 0 || len(messages) != 1 {
		return false
	}
	failure := foreignFailure(messages[0], err)
	if failure == nil || x.method() == methodDiscover && isReserved(failure) {
		return false
	}
	frame.Flatten(failure)
	m, err := frame.ParseMessage(frame.NewResponse(x.requests[0].wire, "error", failure))
	if err != nil {
		return false
	}
	b.relay(x, m.Doc, []frame.Message{m})
	return true
}

// foreignFailure returns the error member of a JSON-RPC error whatever its id.
// Such an error with a null id is no legal message, and common.
func foreignFailure(m frame.Message, err error) []byte {
	if err != nil && !errors.Is(err, frame.ErrInvalid) || m.Failure == nil {
		return nil
	}
	if frame.Lookup(m.Doc, "jsonrpc") == nil { // gateways have errors of this form, too
		return nil
	}
	code, text := frame.Lookup(m.Failure, "code"), frame.Lookup(m.Failure, "message")
	if _, ok := frame.DecodeString(text); !ok || len(code) == 0 || !frame.IsDigits(string(trimMinus(code))) {
		return nil
	}
	return m.Failure
}

// isReserved says whether an error has one of the codes that tell a client
// that the server is modern. Without the right id that proves nothing
// (transport.md 1G).
func isReserved(failure []byte) bool {
	n, err := strconv.Atoi(string(frame.Lookup(failure, "code")))
	return err == nil && n >= reservedMin && n <= reservedMax
}

func trimMinus(n []byte) []byte {
	if len(n) > 0 && n[0] == '-' {
		return n[1:]
	}
	return n
}

// notAnAnswer explains a success whose body holds no response.
func (b *bridge) notAnAnswer(resp *http.Response, body []byte, err error) error {
	e := &Error{Kind: KindMalformed, Executed: MayHaveRun, HTTPStatus: resp.StatusCode, Err: err}
	switch {
	case mediaType(resp) != typeJSON:
		e.Kind, e.Err = KindContentType, nil
		e.Note = "content type " + headerText(resp.Header.Get("Content-Type"))
	case err == nil:
		e.Kind = KindNoResponse
	}
	b.logBody(e, resp, body)
	return e
}

// logBody writes the beginning of an unexpected body to the log: it may be the
// only hint, and never belongs into an answer.
func (b *bridge) logBody(e *Error, resp *http.Response, body []byte) {
	b.log.Warn("unexpected answer of the server", "status", resp.StatusCode,
		"type", headerText(resp.Header.Get("Content-Type")), "kind", e.Kind, "body", maskSecrets(b.redact(b.current(), headerText(string(body)))))
}

// receiveNothing deals with a request that was accepted without a body. The
// response may come on the listening stream (transport.md B16, F-19): after 202
// whenever it is ready; after any other success it would be under way already.
func (b *bridge) receiveNothing(x *exchange, status int) error {
	e := &Error{Kind: KindNoResponse, Executed: MayHaveRun, HTTPStatus: status}
	gone := b.listening()
	if gone == nil {
		return e
	}
	wait := b.t.stray
	if status == http.StatusAccepted {
		wait = b.t.orphan
	}
	ctx, cancel := context.WithTimeout(x.ctx, wait)
	defer cancel()
	select {
	case <-x.settled:
		return nil
	case <-gone:
	case <-ctx.Done():
	}
	return e
}

// readStream relays the messages of an event stream. It returns true when the
// exchange needs nothing more, false when the stream ended; an error is final.
// x is nil for the listening stream.
func (b *bridge) readStream(x *exchange, body io.Reader, c *frame.Cursor) (done bool, err error) {
	events := frame.NewEventReader(body, b.cfg.MaxMessageSize, c)
	for {
		e, err := events.Next()
		if err != nil {
			b.log.Debug("an event stream ended", "error", err)
			return false, nil
		}
		if !e.IsMessage() {
			continue
		}
		if e.TooLong != nil {
			if err := b.relayTooLong(x, e.TooLong); err != nil {
				return true, err
			}
			continue
		}
		data := frame.Trim(e.Data)
		messages, _, err := frame.Parse(data)
		if err != nil {
			b.log.Warn("an event of the server is no message", "error", err)
			continue
		}
		frame.Flatten(data)
		b.relay(x, data, messages)
		if x != nil && len(x.left) == 0 {
			return true, nil
		}
	}
}

// relayTooLong deals with a message that is too long to be relayed. Only if it
// is the response to a request is anybody told (transport.md F-17b).
func (b *bridge) relayTooLong(x *exchange, outline *frame.Scanner) error {
	b.log.Warn("a message of the server is too long and was dropped", "size", outline.Size, "limit", b.cfg.MaxMessageSize)
	for _, m := range outline.Messages() {
		key, _ := frame.IDKey(m.ID)
		if x != nil && !m.HasMethod && x.left[key] {
			return &Error{
				Kind: KindResponseTooLarge, Executed: MayHaveRun,
				Limit: int64(b.cfg.MaxMessageSize), Size: outline.Size,
			}
		}
	}
	return nil
}
