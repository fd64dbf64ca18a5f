// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
)

// common is what every part of a bridge has: the configuration, the goroutines
// and the table of what is open.
type common struct {
	cfg Config
	t   timing
	log *slog.Logger
	ids idSource

	// life ends every exchange; it outlives the context of Run by the time an
	// orderly end takes.
	life context.Context
	stop context.CancelFunc
	wg   sync.WaitGroup // everything started by start

	mu     sync.Mutex
	flight inflight
	rest   rest
}

func newCommon(ctx context.Context, cfg Config) *common {
	cfg.fill()
	c := &common{cfg: cfg, t: *cfg.timing, log: cfg.Log}
	c.flight.init()
	c.flight.reopening.pauses = backoff{min: c.t.reopenMin, max: c.t.reopenMax, growth: 2}
	c.rest = rest{after: c.t.rest, begun: cfg.Rested}
	c.ids.init()
	c.life, c.stop = context.WithCancel(ctx)
	return c
}

// start runs f as a goroutine the bridge waits for. A panic in it is logged
// and ends nothing but f (transport.md F-26).
func (c *common) start(what string, f func()) {
	c.wg.Go(func() {
		defer c.rescue(what)
		f()
	})
}

// rescue must be deferred.
func (c *common) rescue(what string) {
	if p := recover(); p != nil {
		logPanic(c.log, what, p)
	}
}

// logPanic must be called by the function that recovered p.
func logPanic(log *slog.Logger, what string, p any) {
	log.Error("internal error", "in", what, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
}

// update changes what is in flight. f must not block.
func (c *common) update(f func(*inflight)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.flight)
	c.flight.signal()
	c.rest.note(c.flight.open)
	if inspect != nil {
		inspect(&c.flight)
	}
}

// inspect looks at what every change leaves behind. Only tests set it.
var inspect func(*inflight)

// current returns the session as it is now.
func (c *common) current() (s session) {
	c.update(func(f *inflight) { s = f.session })
	return s
}
