// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const methodInitialize = "initialize"

// exchange is one POST that expects responses: a request of the client, a
// batch with requests in it, or a request the bridge makes for itself.
type exchange struct {
	read     []byte // as the client wrote it
	batch    bool
	messages []frame.Message
	starts   []int         // of a batch: where in read each message begins
	first    frame.Message // of messages
	modern   string        // protocol version if it is of the modern era
	requests []*request
	ctx      context.Context
	cancel   context.CancelFunc
	settled  chan struct{} // closed when no request of it waits any more
	own      *own          // set if the bridge makes the request for itself

	// What must be over before it may be sent; nil for nothing.
	hello, ready, lane <-chan struct{}

	// Guarded by bridge.mu.
	touched bool    // a part of it may have reached the server
	written bool    // the server may have all of it
	stops   []stop  // cancels to send once it is written
	session session // the session it was last sent in; read by its own goroutine without

	// Owned by the exchange's goroutine.
	frame    []byte          // as it is sent
	left     map[string]bool // keys of the responses that did not arrive yet, by the ids on the wire
	stale    bool            // the server may have seen its ids: the next attempt needs others
	answer   *answer         // of the last attempt; nil without one
	attempts int
	began    time.Time // of the first attempt
	replayed bool      // it was sent again in a new session

	relearned bool          // the tools were read again for it
	sub       *subscription // what a subscriptions/listen request became
}

// request is one JSON-RPC request that has to be answered.
type request struct {
	id     []byte // as the client wrote it
	key    string
	method string
	x      *exchange

	// Guarded by bridge.mu; the ids change no more once it is settled.
	settle  settlement
	wire    []byte // the id it is sent under; nil if it never was
	wireKey string
}

// settlement is how a request ended for the client.
type settlement uint8

const (
	unsettled settlement = iota
	answered
	dropped // cancelled: nothing may be written about it any more
)

func newExchange(life context.Context, doc []byte, batch bool, messages ...frame.Message) *exchange {
	x := &exchange{read: doc, batch: batch, messages: messages, first: messages[0], settled: make(chan struct{})}
	for _, m := range messages {
		if m.Kind == frame.Request {
			x.requests = append(x.requests, &request{id: m.ID, key: m.Key, method: m.Method, x: x})
		}
	}
	if batch {
		frame.EachElement(doc, func(at frame.Span) bool {
			x.starts = append(x.starts, at.Start)
			return true
		})
	} else {
		x.modern = modernOf(x.first)
	}
	x.ctx, x.cancel = context.WithCancel(withWaits(life, func() bool { return waitsFor(x) }))
	return x
}

// method is the method of a single request, "batch" for several.
func (x *exchange) method() string {
	if x.batch {
		return "batch"
	}
	return x.first.Method
}

func (x *exchange) isSettled() bool {
	select {
	case <-x.settled:
		return true
	default:
		return false
	}
}

// unsettled returns a request that still waits, nil if there is none.
func (x *exchange) unsettled() *request {
	for _, r := range x.requests {
		if r.settle == unsettled {
			return r
		}
	}
	return nil
}

// open registers an exchange and serves it in a goroutine of its own.
func (b *bridge) open(x *exchange) {
	last, ready := b.lane.before()
	duplicate := false
	b.update(func(s *inflight) {
		if x.modern == "" {
			x.lane, x.ready = last, ready
			if s.hello != nil {
				x.hello = s.hello.settled
			}
		} else {
			s.modern = x.modern
		}
		for _, r := range x.requests {
			duplicate = duplicate || s.first(r.key) != nil
		}
		s.add(x)
		if x.method() == methodInitialize && x.modern == "" {
			s.hello = x
		}
	})
	if duplicate {
		b.log.Warn("the client uses the id of a request that has no answer yet", "method", x.method())
	}
	b.start("request", func() { b.serve(x) })
}

// serve brings an exchange to its end: afterwards each of its requests is
// answered or dropped.
func (b *bridge) serve(x *exchange) {
	err := error(&Error{Kind: KindInternal, Executed: MayHaveRun}) // unless perform returns
	defer func() { b.finish(x, err) }()
	defer b.rescue("request")
	b.watchTime(x)
	b.watchHello(x)
	err = b.perform(x)
}

// finish answers what perform left open.
func (b *bridge) finish(x *exchange, err error) {
	defer x.cancel()
	if b.standIn(x, err) {
		return
	}
	for {
		r := b.claimAny(x)
		if r == nil {
			return
		}
		b.fail(r, b.blame(x, err))
	}
}

// fail answers a request with an error of the bridge.
func (b *bridge) fail(r *request, e *Error) {
	e.Method = r.method
	if e.Executed != NotExecuted && !repeatable[r.method] {
		e.Retryable = false // whoever said so knew the failure alone
	}
	if r.method == methodCall && e.Executed != NotExecuted {
		b.update(func(s *inflight) { s.dirty[r.x.session.gen] = true })
	}
	if r.x.own != nil {
		r.x.own.end(nil, "", e)
		return
	}
	if r.method == methodDiscover && e.isPlainRefusal() {
		e.Code = codeNoMethod
	}
	b.endSubscription(r)
	level := slog.LevelWarn
	if e.Kind == KindShutdown { // the client has left: nothing to worry about
		level = slog.LevelDebug
	}
	b.log.Log(b.speech, level, "a request failed", "method", r.method, "kind", e.Kind, "executed", e.Executed, "error", e)
	b.write(b.errorFrame(r.id, e))
}

// claimAny settles the next open request of an exchange as answered.
func (b *bridge) claimAny(x *exchange) (r *request) {
	b.update(func(s *inflight) {
		if r = x.unsettled(); r != nil {
			s.end(r, answered)
		}
	})
	return r
}

// blame says why an exchange brought no answer of the server.
func (b *bridge) blame(x *exchange, err error) *Error {
	var e Error
	var failed *Error
	switch {
	case errors.As(err, &failed) && !errors.Is(err, context.Canceled): // before the end, and said better
		e = *failed
	case b.life.Err() != nil:
		e = Error{Kind: KindShutdown, Executed: MayHaveRun}
	case err == nil:
		e = Error{Kind: KindNoResponse, Executed: MayHaveRun}
	case x.ctx.Err() != nil: // of the bridge's own requests; the others are settled when they are ended
		e = Error{Kind: KindTimeout, Executed: MayHaveRun}
	default:
		e = *asError(err)
	}
	b.update(func(*inflight) {
		if !x.touched && !e.stated {
			e.Executed = NotExecuted
		}
	})
	e.Attempts = x.attempts
	return &e
}
