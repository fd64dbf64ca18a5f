// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"slices"
	"time"

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
func (in *intake) cancelRequest(m frame.Message) {
	key, _ := frame.IDKey(frame.Lookup(m.Params, "requestId"))
	var x *pending
	var tell *frame.Message
	var took time.Duration
	in.update(func(s *inflight) {
		r := s.first(key)
		if r == nil || r.method == methodInitialize {
			return
		}
		x, took = r.x, r.took()
		tell = s.retire(r, dropped, m)
	})
	if x == nil {
		in.log.Debug("a cancel without an open request was dropped")
		return
	}
	in.log.Debug("a request was cancelled", "method", x.method(), "id", frame.IDExcerpt(frame.Lookup(m.Params, "requestId")), "took", took)
	in.exchanges.stopExchange(x, tell)
}

// heldCancel is a cancel that waits until its request was written.
type heldCancel struct {
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
	r.x.heldCancels = append(r.x.heldCancels, heldCancel{r, m})
	return nil
}

// stopExchange tells the server that an exchange is not wanted any more, or
// ends it. Should it have been written after all, markWritten tells.
func (xs *exchanges) stopExchange(x *pending, tell *frame.Message) {
	switch {
	case tell != nil:
		xs.tellCancel(*tell)
		xs.abandon(x)
	case x.isSettled():
		x.cancel()
	}
}

// timeOut answers an exchange that took too long and cancels it
// (transport.md F-13).
func (xs *exchanges) timeOut(x *pending) {
	for {
		var r *request
		var tell *frame.Message
		xs.update(func(s *inflight) {
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
		xs.stopExchange(x, tell)
		xs.fail(r, xs.timeoutError(x))
	}
}

// cancellable says whether the bridge may cancel a request by itself: an
// initialize request is never cancelled, and a task has its own way
// (transport.md A16, B28).
func (r *request) cancellable() bool {
	return r.method != methodInitialize && frame.Lookup(r.x.first.Params, "task") == nil
}

func (xs *exchanges) timeoutError(x *pending) *Error {
	e := &Error{Kind: KindTimeout, Executed: MayHaveRun, Note: "no response within " + xs.cfg.RequestTimeout.String()}
	xs.update(func(*inflight) {
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

// tellCancel sends a cancel to the server. One that takes none gets no more of
// them than a lane holds.
func (xs *exchanges) tellCancel(m frame.Message) {
	if xs.outbox.cancels.isFull() {
		xs.log.Warn("a cancel was dropped: the server does not take those before it")
		return
	}
	xs.outbox.cancels.push(xs.outbox.newItem(m))
}

// abandon lets an exchange that nobody waits for go on for a while: closing its
// stream is no cancel, and the server may still need the client
// (transport.md B12, B29). Of many the oldest is ended.
func (xs *exchanges) abandon(x *pending) {
	if !x.isSettled() {
		return
	}
	var oldest *pending
	xs.update(func(s *inflight) {
		if s.abandoned = append(s.abandoned, x); len(s.abandoned) > maxAbandoned {
			oldest, s.abandoned = s.abandoned[0], s.abandoned[1:]
		}
	})
	if oldest != nil {
		oldest.cancel()
	}
	xs.start("cancel", func() {
		sleep(x.ctx, xs.t.afterCancel)
		x.cancel()
		xs.update(func(s *inflight) {
			s.abandoned = slices.DeleteFunc(s.abandoned, func(p *pending) bool { return p == x })
		})
	})
}

// markWritten notes that the server has the whole request, and sends the
// cancels that came before.
func (xs *exchanges) markWritten(x *pending) {
	var stops []*frame.Message
	xs.update(func(*inflight) {
		x.written = true
		for _, s := range x.heldCancels {
			stops = append(stops, naming(s.m, s.r))
		}
		x.heldCancels = nil
	})
	for _, m := range stops {
		xs.tellCancel(*m)
	}
}
