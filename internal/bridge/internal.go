// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// internalRequest is the bridge's side of a request it makes for itself. Its answer never
// reaches the client.
type internalRequest struct {
	session session // sent in this one, whatever happens to the current
	answer  chan internalAnswer
}

type internalAnswer struct {
	m         *frame.Message
	sessionID string
	err       *Error
}

// end delivers the answer. It is called exactly once, by whoever settles the
// request.
func (o *internalRequest) end(m *frame.Message, sessionID string, err *Error) {
	o.answer <- internalAnswer{m, sessionID, err}
}

// ask makes a request for the bridge itself and returns the response and the id
// of the session that it begins, if it does. The message's id is replaced by one that no client uses.
func (xs *exchanges) ask(ctx context.Context, s session, m frame.Message) (*frame.Message, string, error) {
	x := newExchange(xs.life, m.Doc, false, m)
	x.internal = &internalRequest{session: s, answer: make(chan internalAnswer, 1)}
	x.ctx = withWaits(x.ctx, func() bool { return ClientWaits(ctx) }) // as whoever asks
	r := x.requests[0]
	r.id = xs.ids.next()
	r.key, _ = frame.IDKey(r.id)
	xs.update(func(f *inflight) { f.add(x.pending) })
	xs.start("internal request", func() { xs.serve(x) })
	stop := context.AfterFunc(ctx, x.cancel)
	defer stop()
	a := <-x.internal.answer // serve always ends with one
	if a.err != nil {
		return nil, "", a.err
	}
	return a.m, a.sessionID, nil
}

// newRequest makes a request of the bridge; params may be nil.
func newRequest(method string, params []byte) frame.Message {
	doc := fmt.Sprintf(`{"jsonrpc":"2.0","id":0,"method":%q`, method)
	if params != nil {
		doc += `,"params":` + string(params)
	}
	m, _ := frame.ParseMessage([]byte(doc + "}"))
	return m
}
