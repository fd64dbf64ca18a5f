// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Refuse answers the client's first request with cause and returns cause, so
// that a host can show why a bridge does not start (transport.md F-27).
// Of cfg it uses In, CloseIn, Out, Log, Describe and MaxMessageSize. It returns
// at the latest when In or ctx ends.
func Refuse(ctx context.Context, cfg Config, cause error) error {
	if cfg.In == nil || cfg.Out == nil {
		return cause
	}
	if cfg.MaxMessageSize <= 0 {
		cfg.MaxMessageSize = DefaultMaxMessageSize
	}
	b := newBridge(ctx, cfg)
	defer b.silence()
	in, lines := newIntake(), make(chan frame.Line)
	go b.readLines(in, lines)
	defer b.leaveIntake(in)
	defer close(in.quit)
	e := &Error{Kind: KindConfiguration, Executed: NotExecuted, Err: cause}
	for {
		select {
		case ln, ok := <-lines:
			if !ok || b.refuseLine(ln, e) {
				return cause
			}
		case <-ctx.Done():
			return cause
		}
	}
}

// refuseLine answers the requests of a line; it returns false if it has none.
func (b *bridge) refuseLine(ln frame.Line, e *Error) bool {
	outline := ln.TooLong
	if outline == nil {
		outline = new(frame.Scanner)
		_, _ = outline.Write(ln.Data)
	}
	refused := false
	for _, m := range outline.Messages() {
		if m.ID != nil && m.HasMethod {
			b.write(b.errorFrame(m.ID, e))
			refused = true
		}
	}
	return refused
}
