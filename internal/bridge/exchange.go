// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const methodInitialize = "initialize"

// pending is one message, or batch, that expects responses, as far as others may
// touch it: whoever cancels it, times it out, or finds a response to it on the
// listening stream. Who settles one of its requests has the answer to write, and
// nobody else. Its fields never change, but for those under the lock.
type pending struct {
	read     []byte // as the client wrote it
	batch    bool
	messages []frame.Message
	starts   []int         // of a batch: where in read each message begins
	first    frame.Message // of messages
	modern   string        // protocol version if it is of the modern era
	requests []*request
	ctx      context.Context
	cancel   context.CancelFunc
	opened   time.Time        // when it was read
	readIn   int              // generation of the session at that time; set with the registration
	settled  chan struct{}    // closed when no request of it waits any more
	listens  atomic.Bool      // it is a subscription that the server has acknowledged
	internal *internalRequest // set if the bridge makes the request for itself

	// Guarded by bridge.mu.
	touched     bool         // a part of it may have reached the server
	written     bool         // the server may have all of it
	heldCancels []heldCancel // cancels to send once it is written
	gen         int          // generation of the session that it was last sent in
}

// exchange brings pending to its end. It belongs to one goroutine: nobody else
// has it.
type exchange struct {
	*pending

	// What must be over before it may be sent; nil for nothing.
	handshake, ready, lane <-chan struct{}

	session  session         // that it was last sent in
	frame    []byte          // as it is sent
	left     map[string]bool // keys of the responses that did not arrive yet, by the ids on the wire
	stale    bool            // the server may have seen its ids: the next attempt needs others
	answer   *answer         // of the last attempt; nil without one
	attempts int
	began    time.Time // of the first attempt
	replayed bool      // it was sent again in a new session
	heard    bool      // the stream of the answer has brought a message: the server has begun
	broke    error     // how the stream of the answer ended
	foreign  string    // the id of a response to no open request, as the log shows it

	relearned bool          // the tools were read again for it
	sub       *subscription // what a subscriptions/listen request became
}

// request is one JSON-RPC request that has to be answered.
type request struct {
	id     []byte // as the client wrote it
	key    string
	method string
	x      *pending

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
	x := &pending{read: doc, batch: batch, messages: messages, first: messages[0], opened: time.Now(), settled: make(chan struct{})}
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
	x.ctx, x.cancel = context.WithCancel(withWaits(life, x.clientWaits))
	return &exchange{pending: x}
}

// took is how long ago the request was read, for the log.
func (r *request) took() time.Duration { return time.Since(r.x.opened).Round(time.Millisecond) }

// method is the method of a single request, "batch" for several.
func (x *pending) method() string {
	if x.batch {
		return "batch"
	}
	return x.first.Method
}

func (x *pending) isSettled() bool {
	select {
	case <-x.settled:
		return true
	default:
		return false
	}
}

// unsettled returns a request that still waits, nil if there is none.
func (x *pending) unsettled() *request {
	for _, r := range x.requests {
		if r.settle == unsettled {
			return r
		}
	}
	return nil
}

// exchanges runs the exchanges, each in a goroutine of its own.
type exchanges struct {
	*common
	up       upstream
	client   *client
	outbox   *outbox
	reader   *reader
	sessions *sessions
	fallback *fallback

	turns chan struct{} // taken by those that are under way
}

func newExchanges(c *common, up upstream, cl *client, o *outbox, rd *reader, ss *sessions, fb *fallback) *exchanges {
	return &exchanges{
		common: c, up: up, client: cl, outbox: o, reader: rd, sessions: ss, fallback: fb,
		turns: make(chan struct{}, maxAtOnce),
	}
}

// open registers an exchange and serves it in a goroutine of its own.
func (xs *exchanges) open(x *exchange) {
	last, ready := xs.outbox.lane.before()
	duplicate, full := false, false
	xs.update(func(s *inflight) {
		if full = s.open+len(x.requests) > maxOpen || s.openBytes > maxOpenBytes; full {
			return
		}
		x.readIn = s.genOfNext()
		if x.modern == "" {
			x.lane, x.ready = last, ready
			if s.handshake != nil {
				x.handshake = s.handshake.settled
			}
		} else {
			s.modern = x.modern
		}
		for _, r := range x.requests {
			duplicate = duplicate || s.first(r.key) != nil
		}
		s.add(x.pending)
		if x.method() == methodInitialize && x.modern == "" {
			s.handshake = x.pending
		}
	})
	if full {
		xs.turnAway(x)
		return
	}
	if duplicate {
		xs.log.Warn("the client uses the id of a request that has no answer yet", "method", x.method())
	}
	xs.start("request", func() { xs.serve(x) })
}

// turnAway answers requests for which there is no room.
func (xs *exchanges) turnAway(x *exchange) {
	x.cancel()
	for _, r := range x.requests {
		xs.fail(r, &Error{Kind: kindTooManyOpen, Executed: NotExecuted, Retryable: true})
	}
}

// serve brings an exchange to its end: afterwards each of its requests is
// answered or dropped.
func (xs *exchanges) serve(x *exchange) {
	err := error(&Error{Kind: kindInternal, Executed: MayHaveRun}) // unless perform returns
	defer func() { xs.finish(x, err) }()
	defer xs.rescue("request")
	xs.watchTime(x.pending)
	xs.fallback.watch(x.pending)
	err = xs.perform(x)
}

// finish answers what perform left open.
func (xs *exchanges) finish(x *exchange, err error) {
	defer x.cancel()
	if xs.fallback.answerFailed(x, err) {
		return
	}
	for {
		r := xs.claimAny(x.pending)
		if r == nil {
			return
		}
		xs.fail(r, xs.blame(x, err))
	}
}

// fail answers a request with an error of the bridge.
func (xs *exchanges) fail(r *request, e *Error) {
	e.Method = r.method
	if e.Executed != NotExecuted && !repeatable[r.method] {
		e.Retryable = false // whoever said so knew the failure alone
	}
	if r.method == methodCall && e.Executed != NotExecuted {
		xs.update(func(s *inflight) { s.calledTools[r.x.gen] = true })
	}
	if r.x.internal != nil {
		r.x.internal.end(nil, "", e)
		return
	}
	if r.method == methodDiscover && e.isPlainRefusal() {
		e.Code = codeNoMethod
	}
	xs.client.endSubscription(r)
	level := slog.LevelWarn
	if e.Kind == kindShutdown { // the client has left: nothing to worry about
		level = slog.LevelDebug
	}
	xs.log.Log(xs.client.writing, level, "a request failed", "method", r.method, "id", frame.IDExcerpt(r.id), "took", r.took(),
		"kind", e.Kind, "executed", e.Executed, "error", e)
	xs.client.write(xs.client.errorFrame(r.id, e))
}

// claimAny settles the next open request of an exchange as answered.
func (xs *exchanges) claimAny(x *pending) (r *request) {
	xs.update(func(s *inflight) {
		if r = x.unsettled(); r != nil {
			s.end(r, answered)
		}
	})
	return r
}

// blame says why an exchange brought no answer of the server.
func (xs *exchanges) blame(x *exchange, err error) *Error {
	var e Error
	var failed *Error
	switch {
	case errors.As(err, &failed) && !errors.Is(err, context.Canceled): // before the end, and said better
		e = *failed
	case xs.life.Err() != nil:
		e = Error{Kind: kindShutdown, Executed: MayHaveRun}
	case err == nil:
		e = Error{Kind: kindNoResponse, Executed: MayHaveRun}
	case x.ctx.Err() != nil: // of the bridge's own requests; the others are settled when they are ended
		e = Error{Kind: KindTimeout, Executed: MayHaveRun}
	default:
		e = *asError(err)
	}
	xs.update(func(*inflight) {
		if !x.touched && !e.stated {
			e.Executed = NotExecuted
		}
	})
	e.attempts = x.attempts
	return &e
}
