// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package bridge relays MCP between a client on stdio and a streamable HTTP
// server. It is both of MCP's roles at once: the server of the one and the
// client of the other, with the duties of a client over HTTP that a client on
// stdio is allowed to skip (transport.md 1).
//
// Messages are opaque: a message is found in a line, looked at for its id,
// method and what HTTP headers must repeat, and its bytes are sent on
// unchanged, but for what Config asks for. A request of the client is answered exactly once whatever
// happens; where the server gives no answer, the bridge answers with an error
// that says whether the request may have been executed. A failure never ends
// the relay: only the end of In, the end of the context or a client that can
// no longer be written to does.
//
// The parts:
//
//	frame     the bytes of messages, lines and events  (package frame)
//	intake    reads lines and never waits for HTTP     (intake, batch)
//	exchange  one goroutine per request of the client  (exchange, attempt, retry)
//	answer    JSON or event stream, and its end        (answer, resume, relay, lists)
//	lane      notifications and responses, in order    (lane, cancel)
//	ear       the server's own stream                  (listen)
//	session   opened again after the server lost it    (recover, reopen, private)
//	modern    what 2026-07-28 wants of clients         (era, tools, subscribe)
//	inflight  what is open, changed in one place       (inflight)
//	ids       the client's and those on the wire       (ids)
//	upstream  the way to the server, an interface      (upstream)
//	http      its implementation, streamable HTTP      (http*)
package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// bridge is one running relay.
type bridge struct {
	cfg  Config
	t    timing
	log  *slog.Logger
	up   upstream
	out  *frame.LineWriter
	lane *lane
	// cancels is a lane of its own.
	cancels *lane
	turns   chan struct{} // taken by the requests that are under way

	// life ends every exchange; it outlives the context of Run by the time an
	// orderly end takes.
	life context.Context
	stop context.CancelFunc
	// speech ends last: until then, the client can be written to.
	speech  context.Context
	silence context.CancelFunc
	wg      sync.WaitGroup // everything started by start

	ids idSource

	withheld bool // the log has it that capabilities are; owned by the intake

	tools  toolbox
	mu     sync.Mutex
	flight inflight
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
		return Refuse(ctx, cfg, err)
	}
	b := newBridge(ctx, cfg)
	return b.run(ctx)
}

func newBridge(ctx context.Context, cfg Config) *bridge {
	cfg.fill()
	b := &bridge{
		cfg:  cfg,
		t:    *cfg.timing,
		log:  cfg.Log,
		out:  frame.NewLineWriter(cfg.Out),
		lane: newLane(),

		cancels: newLane(),
		turns:   make(chan struct{}, maxAtOnce),
	}
	b.up = newHTTPUpstream(&b.cfg, &b.tools)
	b.flight.init()
	b.ids.init()
	b.speech, b.silence = context.WithCancel(context.WithoutCancel(ctx))
	b.life, b.stop = context.WithCancel(b.speech)
	return b
}

func (b *bridge) run(ctx context.Context) error {
	defer b.silence()
	in := b.startIntake()
	b.start("lane", func() { b.runLane(b.lane) })
	b.start("cancels", func() { b.runLane(b.cancels) })
	var err error
	select {
	case <-in.ended:
	case <-ctx.Done():
	case <-b.out.Failed():
		err = b.out.Err()
	}
	b.shutdown(in)
	return err
}

// start runs f as a goroutine the bridge waits for. A panic in it is logged
// and ends nothing but f (transport.md F-26).
func (b *bridge) start(what string, f func()) {
	b.wg.Go(func() {
		defer b.rescue(what)
		f()
	})
}

// rescue must be deferred.
func (b *bridge) rescue(what string) {
	if p := recover(); p != nil {
		b.log.Error("internal error", "in", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}
