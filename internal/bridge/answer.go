// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// reader reads answers and streams of the server.
type reader struct {
	*common
	up        upstream
	relay     *relay
	exchanges *exchanges
	sessions  *sessions
	listener  *listener
	tools     *toolHeaders
}

// receive reads the answer to an exchange. It returns nil once the responses
// that belong to it have arrived.
func (rd *reader) receive(x *exchange) error {
	a := x.answer
	switch {
	case a.stream != nil:
		return rd.receiveStream(x)
	case a.body.Data == nil && !a.refused:
		return rd.receiveNothing(x)
	}
	messages, _, err := a.body.Parse()
	if rd.sessions.isLost(x, messages) {
		return a.sessionLost()
	}
	if isMismatch(x, messages) && rd.learnAgain(x) {
		return &Error{Kind: kindInvalidRequest, Executed: NotExecuted, again: true}
	}
	if err == nil && (!a.refused || x.awaits(messages)) {
		a.body.Flatten()
		if rd.relay.pass(x, a.body.Data, messages); len(x.left) == 0 {
			return nil
		}
	}
	if rd.adopt(x, messages, err) {
		return nil
	}
	return rd.notAnAnswer(x, err)
}

// sessionLost is the error of an answer that refuses the session.
func (a *answer) sessionLost() *Error {
	e := &Error{Kind: kindSessionLost, Executed: NotExecuted, HTTPStatus: a.status, lost: true}
	if a.otherwise != nil {
		e.Detail, e.DetailBy = a.otherwise.Detail, a.otherwise.DetailBy
		if a.loss.kept {
			e.instead = a.otherwise
		}
	}
	return e
}

// awaits says whether a response to the exchange is among the messages.
func (x *exchange) awaits(messages []frame.Message) bool {
	for _, m := range messages {
		if m.Kind == frame.Response && x.expects(m.Key) {
			return true
		}
	}
	return false
}

// expects says whether a response with the key belongs to the exchange.
func (x *exchange) expects(key string) bool {
	if x.left[key] {
		return true
	}
	alike := 0
	for left := range x.left {
		if frame.SameButForm(left, key) {
			alike++
		}
	}
	return alike == 1
}

// adopt answers the exchange with a JSON-RPC error that names no request, or
// another one: as the body of this answer it can mean only this request
// (transport.md 2.1.4).
func (rd *reader) adopt(x *exchange, messages []frame.Message, err error) bool {
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
	rd.relay.pass(x, m.Doc, []frame.Message{m})
	return true
}

// namesNobody says whether a message has no id, or null.
func namesNobody(messages []frame.Message) bool {
	return len(messages) == 1 && (messages[0].ID == nil || string(messages[0].ID) == "null")
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
	code, ok := codeOf(failure)
	return ok && code >= reservedMin && code <= reservedMax
}

// codeOf is the code of a JSON-RPC error; ok is false for anything but an integer.
func codeOf(failure []byte) (code int, ok bool) {
	code, err := strconv.Atoi(string(frame.Lookup(failure, "code")))
	return code, err == nil
}

func trimMinus(n []byte) []byte {
	if len(n) > 0 && n[0] == '-' {
		return n[1:]
	}
	return n
}

// notAnAnswer explains an answer that holds no response. Its beginning may be the
// only hint, and never belongs into an answer of the bridge.
func (rd *reader) notAnAnswer(x *exchange, err error) error {
	a := x.answer
	e := a.otherwise
	switch {
	case e != nil:
	case err == nil && x.foreign != "":
		e = &Error{Kind: KindMalformed, Executed: MayHaveRun, HTTPStatus: a.status, Note: x.foreignNote()}
	case err == nil:
		e = &Error{Kind: kindNoResponse, Executed: MayHaveRun, HTTPStatus: a.status}
	default:
		e = &Error{Kind: KindMalformed, Executed: MayHaveRun, HTTPStatus: a.status, Err: err}
	}
	rd.log.Warn("unexpected answer of the server", append([]any{"kind", e.Kind}, a.excerpt()...)...)
	return e
}

// foreignNote says that there was a response, and what is wrong with it.
func (x *exchange) foreignNote() string {
	if x.foreign == "" {
		return ""
	}
	return "it is a response to a request that is not open, with the id " + x.foreign
}

// receiveNothing deals with a request that was accepted without an answer. The
// response may come on the listening stream (transport.md B16, F-19).
func (rd *reader) receiveNothing(x *exchange) error {
	e := &Error{Kind: kindNoResponse, Executed: MayHaveRun, HTTPStatus: x.answer.status}
	listening := rd.listener.stream()
	if listening == nil {
		return e
	}
	ctx, cancel := x.ctx, context.CancelFunc(func() {})
	if x.answer.wait > 0 {
		ctx, cancel = context.WithTimeout(x.ctx, x.answer.wait)
	}
	defer cancel()
	select {
	case <-x.settled:
		return nil
	case <-listening.gone:
		return cmp.Or(listening.broken, e)
	case <-ctx.Done():
	}
	return e
}

// readStream relays the messages of an event stream. It returns true when the
// exchange needs nothing more, false when the stream ended; an error is final.
// x is nil for the listening stream.
func (rd *reader) readStream(x *exchange, events stream) (done bool, err error) {
	for {
		e, err := events.next()
		var over *Error
		switch {
		case errors.As(err, &over) && over.noStream:
			return true, over
		case err != nil:
			rd.log.Debug("an event stream ended", "error", err)
			if x != nil {
				x.broke = err
			}
			return false, nil
		}
		if e.TooLong != nil {
			if err := rd.relayTooLong(x, e.Event); err != nil {
				return true, err
			}
			continue
		}
		if x != nil && !x.heard && rd.sessions.isLost(x, e.messages) {
			return true, x.answer.sessionLost()
		}
		if e.err != nil {
			rd.log.Warn("an event of the server is no message", "error", e.err)
			if x != nil && namesNobody(e.messages) && rd.adopt(x, e.messages, e.err) {
				return true, nil
			}
			if x != nil && len(e.messages) == 1 && e.messages[0].Result != nil {
				x.foreign = cmp.Or(frame.IDExcerpt(e.messages[0].ID), "none")
			}
			continue
		}
		e.Flatten()
		rd.relay.pass(x, e.Data, e.messages)
		if x == nil {
			continue
		}
		if x.heard = true; len(x.left) == 0 {
			return true, nil
		}
	}
}

// relayTooLong deals with a message that is too long to be relayed. Only if it
// is the response to a request is anybody told (transport.md F-17b).
func (rd *reader) relayTooLong(x *exchange, e frame.Event) error {
	why := &Error{
		Kind: KindResponseTooLarge, Executed: MayHaveRun,
		Limit: int64(rd.cfg.MaxMessageSize), Size: e.TooLong.Size,
	}
	if e.NoRoom {
		why = errNoRoom()
	}
	rd.log.Warn("a message of the server was dropped", "size", e.TooLong.Size, "reason", why)
	for _, m := range e.TooLong.Messages() {
		key, _ := frame.IDKey(m.ID)
		if x != nil && !m.HasMethod && x.expects(key) {
			return why
		}
	}
	return nil
}
