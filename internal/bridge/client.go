// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"io"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// client is the way to the client.
type client struct {
	*common
	out *frame.LineWriter

	// writing ends last: until then, the client can be written to.
	writing     context.Context
	stopWriting context.CancelFunc
}

// newClient makes a client whose common part is still to come: that ends with
// the client's.
func newClient(ctx context.Context, out io.Writer) *client {
	cl := &client{out: frame.NewLineWriter(out)}
	cl.writing, cl.stopWriting = context.WithCancel(context.WithoutCancel(ctx))
	return cl
}

// write sends a frame to the client. Its errors end the bridge elsewhere.
func (cl *client) write(doc []byte) {
	if err := cl.out.Write(cl.writing, doc); err != nil {
		cl.log.Debug("a message was not written", "error", err)
	}
}

// reject answers every request among messages that cannot be sent on.
func (cl *client) reject(messages []frame.Outline, e *Error) {
	cl.log.Warn("a message of the client was refused", "error", e)
	for _, m := range messages {
		cl.rejectOne(m, e)
	}
}

// rejectAll is reject for a text of valid JSON, of which there may be more than is
// kept of one.
func (cl *client) rejectAll(doc []byte, e *Error) {
	cl.log.Warn("a message of the client was refused", "error", e)
	frame.EachOutline(doc, func(m frame.Outline) { cl.rejectOne(m, e) })
}

// rejectOne answers what may be a request. What has no usable id gets nothing: an
// error without an id is illegal before 2025-11-25, helps nobody after it, and ends
// the reader of some clients (transport.md A3, F-14).
func (cl *client) rejectOne(m frame.Outline, e *Error) {
	if m.ID != nil && (m.HasMethod || !m.HasAnswer) {
		cl.write(cl.errorFrame(m.ID, e))
	}
}

// refuseLine answers the requests of a line; it returns false if it has none.
func (cl *client) refuseLine(ln frame.Text, e *Error) bool {
	outline := ln.TooLong
	if outline == nil {
		outline = new(frame.Scanner)
		_, _ = outline.Write(ln.Data)
	}
	refused := false
	for _, m := range outline.Messages() {
		if m.ID != nil && m.HasMethod {
			cl.write(cl.errorFrame(m.ID, e))
			refused = true
		}
	}
	return refused
}

// endSubscription tells the client that a subscription it holds is over. The
// error response alone would only reach the log of some clients.
func (cl *client) endSubscription(r *request) {
	if r.x.listens.Load() {
		cl.write(cancelFrame(r.id, "the subscription ended"))
	}
}
