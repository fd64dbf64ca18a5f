// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package bridge relays MCP between a client on stdio and a server that is
// reached over streamable HTTP, or is a process behind a connection. It is both of
// MCP's roles at once: the server of the one and the client of the other, with the
// duties of a client over HTTP that a client on stdio is allowed to skip
// (transport.md 1).
//
// Messages are opaque: a message is found in a line, looked at for its id,
// method and what HTTP headers must repeat, and its bytes are sent on
// unchanged, but for what Config asks for. A request of the client is answered
// exactly once whatever happens; where the server gives no answer, the bridge answers with an error
// that says whether the request may have been executed. A failure never ends
// the relay: only the end of In, the end of the context or a client that can
// no longer be written to does.
//
// The parts, each a type with one job, and their files:
//
//	intake      reads lines and never waits for HTTP     (intake, batch, cancel, withhold)
//	exchanges   one goroutine per request of the client  (exchange, attempt, retry, cancel, internal)
//	outbox      notifications, responses and cancels     (outbox, lane)
//	reader      answers and streams of the server        (answer, resume, tools)
//	relay       what they bring, on its way to the client (relay, subscribe, lists, tools)
//	client      the way to the client                    (client, errorframe)
//	listener    the listening stream                     (listen)
//	sessions    opened again after the server lost one   (recover, reopen)
//	fallback    answers from memory                      (memory)
//	upstream    the way to the server, an interface      (upstream)
//	http        its implementation, streamable HTTP      (http*, clock)
//	raw         another, a process behind a connection   (raw*)
//	inflight    what is open, changed under one lock     (inflight, ids, common, rest)
//
// The bytes of messages, lines and events are package frame's.
package bridge

import (
	"context"
)

// bridge is one running relay, made of parts that each have one job.
type bridge struct {
	*common
	client    *client
	intake    *intake
	outbox    *outbox
	exchanges *exchanges
	sessions  *sessions
}

// Run relays until In ends, ctx ends or Out cannot be written to. It answers
// what is open, ends the MCP session and waits for its goroutines, all within
// two seconds, and returns nil; if a write error was what ended it, that error.
// What cannot be interrupted is abandoned: a Read of In (see Config.In) and a
// Write to Out that nobody reads.
//
// With a configuration that cannot work, Run answers the client's first
// request with the reason, so that a host can show it, and returns it.
func Run(ctx context.Context, cfg Config) error {
	if err := cfg.check(); err != nil {
		return refuseAll(ctx, cfg, err)
	}
	b := newBridge(ctx, cfg)
	return b.run(ctx)
}

// newBridge makes the parts and lets each know those that it works with.
func newBridge(ctx context.Context, cfg Config) *bridge {
	cl := newClient(ctx, cfg.Out)
	c := newCommon(cl.writing, cfg)
	cl.common = c
	tools := newToolHeaders()
	up := newUpstream(&c.cfg, tools)

	l := &listener{common: c, up: up}
	ss := &sessions{common: c, up: up, client: cl, listener: l}
	o := newOutbox(c, up, ss, l)
	fb := &fallback{common: c, client: cl, sessions: ss}
	rl := &relay{common: c, client: cl, sessions: ss, fallback: fb, tools: tools}
	rd := &reader{common: c, up: up, relay: rl, sessions: ss, listener: l, tools: tools}
	xs := newExchanges(c, up, cl, o, rd, ss, fb)
	l.reader, l.sessions = rd, ss
	ss.exchanges, ss.fallback, fb.exchanges, rd.exchanges = xs, fb, xs, xs

	in := newIntake(c, cl, o, xs)
	return &bridge{common: c, client: cl, intake: in, outbox: o, exchanges: xs, sessions: ss}
}

func (b *bridge) run(ctx context.Context) error {
	defer b.client.stopWriting()
	b.intake.read()
	b.start("lane", func() { b.outbox.runLane(b.outbox.lane) })
	b.start("cancels", func() { b.outbox.runLane(b.outbox.cancels) })
	if b.cfg.Relist != nil {
		b.start("relist", b.sessions.runRelist)
	}
	var err error
	select {
	case <-b.intake.ended:
	case <-b.intake.done: // what was read last may hang in a Write to a client that does not read
		waitFor(b.intake.ended, b.cfg.grace)
	case <-ctx.Done():
	case <-b.client.out.Failed():
		err = b.client.out.Err()
	}
	b.shutdown()
	return err
}
