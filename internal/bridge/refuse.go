// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// refuseAll answers the client's first request with cause and returns cause, so
// that a host can show why a bridge does not start (transport.md F-27).
// Of cfg it uses In, closeIn, Out, Log, Describe and MaxMessageSize. It returns
// at the latest when In or ctx ends.
func refuseAll(ctx context.Context, cfg Config, cause error) error {
	if cfg.In == nil || cfg.Out == nil {
		return cause
	}
	if cfg.MaxMessageSize <= 0 {
		cfg.MaxMessageSize = DefaultMaxMessageSize
	}
	b := newBridge(ctx, cfg)
	defer b.client.stopWriting()
	lines := make(chan frame.Text)
	go b.intake.readLines(lines)
	defer b.intake.leave()
	defer close(b.intake.quit)
	e := &Error{Kind: kindConfiguration, Executed: NotExecuted, Err: cause}
	for {
		select {
		case ln, ok := <-lines:
			if !ok || b.client.refuseLine(ln, e) {
				return cause
			}
		case <-ctx.Done():
			return cause
		}
	}
}
