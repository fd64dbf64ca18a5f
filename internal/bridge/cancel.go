// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const (
	methodCancelled = "notifications/cancelled"
	methodProgress  = "notifications/progress"
)

// cancelRequest carries out a cancel of the client. The request is retired at
// once: nothing is written about it any more. The server hears of the cancel
// only if it has the request; otherwise neither is sent (transport.md A15, A16,
// A25). An initialize request is never cancelled.
func (b *bridge) cancelRequest(m frame.Message) {
	key, _ := frame.IDKey(frame.Lookup(m.Params, "requestId"))
	var x *exchange
	var tell *frame.Message
	b.update(func(s *inflight) {
		r := s.first(key)
		if r == nil || r.method == methodInitialize {
			return
		}
		x = r.x
		tell = s.retire(r, dropped, m)
	})
	if x == nil {
		b.log.Debug("a cancel without an open request was dropped")
		return
	}
	b.stopExchange(x, tell)
}

// stop is a cancel that waits until its request was written.
type stop struct {
	r *request
	m frame.Message
}

// retire settles a request whose answer is no longer wanted. It returns what
// to tell the server, m in its terms; if the server may not have the request
// yet, m is kept until it has. In the modern era the end of the stream tells it
// (transport.md M8).
func (s *inflight) retire(r *request, how settlement, m frame.Message) (tell *frame.Message) {
	s.end(r, how)
	if r.x.modern != "" {
		return nil
	}
	if r.x.written {
		return naming(m, r)
	}
	r.x.stops = append(r.x.stops, stop{r, m})
	return nil
}

// stopExchange tells the server that an exchange is not wanted any more, or
// ends it. Should it have been written after all, markWritten tells.
func (b *bridge) stopExchange(x *exchange, tell *frame.Message) {
	switch {
	case tell != nil:
		b.cancels.push(b.newItem(*tell))
		b.abandon(x)
	case x.isSettled():
		x.cancel()
	}
}

// timeOut answers an exchange that took too long and cancels it
// (transport.md F-13).
func (b *bridge) timeOut(x *exchange) {
	for {
		var r *request
		var tell *frame.Message
		b.update(func(s *inflight) {
			if r = x.unsettled(); r == nil {
				return
			}
			if !r.cancellable() {
				s.end(r, answered)
				return
			}
			tell = s.retire(r, answered, newCancel(r.id))
		})
		if r == nil {
			return
		}
		b.stopExchange(x, tell)
		b.fail(r, b.timeoutError(x))
	}
}

// cancellable says whether the bridge may cancel a request by itself: an
// initialize request is never cancelled, and a task has its own way
// (transport.md A16, B28).
func (r *request) cancellable() bool {
	return r.method != methodInitialize && frame.Lookup(r.x.first.Params, "task") == nil
}

func (b *bridge) timeoutError(x *exchange) *Error {
	e := &Error{Kind: KindTimeout, Executed: MayHaveRun, Note: "no response within " + b.cfg.RequestTimeout.String()}
	b.update(func(*inflight) {
		if !x.touched {
			e.Executed = NotExecuted
		}
	})
	return e
}

// newCancel makes the bridge's own cancel of a request.
func newCancel(id []byte) frame.Message {
	m, _ := frame.ParseMessage(cancelFrame(id, "timeout"))
	return m
}

func cancelFrame(id []byte, reason string) []byte {
	return fmt.Appendf(nil, `{"jsonrpc":"2.0","method":%q,"params":{"requestId":%s,"reason":%q}}`, methodCancelled, id, reason)
}

// abandon lets an exchange that nobody waits for go on for a while: closing its
// stream is no cancel, and the server may still need the client
// (transport.md B12, B29).
func (b *bridge) abandon(x *exchange) {
	if !x.isSettled() {
		return
	}
	b.start("cancel", func() {
		if !sleep(x.ctx, b.t.unwanted) {
			return
		}
		x.cancel()
	})
}

// markWritten notes that the server has the whole request, and sends the
// cancels that came before.
func (b *bridge) markWritten(x *exchange) {
	var stops []*frame.Message
	b.update(func(*inflight) {
		x.written = true
		for _, s := range x.stops {
			stops = append(stops, naming(s.m, s.r))
		}
		x.stops = nil
	})
	for _, m := range stops {
		b.cancels.push(b.newItem(*m))
	}
}
