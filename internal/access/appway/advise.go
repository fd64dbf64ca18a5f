// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

var toAdvice = route[string]{adviceBegun, adviceEnded, func(s *state) **flight[string] { return &s.advising }, whyTime}

// Advise says how to request access to a tool that Teleport has denied, where the
// cluster lets its user request any; "" for all other errors. All calls that were
// denied at the same time ask once.
func (w *Way) Advise(ctx context.Context, code int, message string) string {
	if !teleport.ToolDenied(code, message) {
		return ""
	}
	command, err := share(ctx, w.machine, toAdvice, func(ctx context.Context) (string, error) {
		c, err := w.links.open()
		if err != nil {
			return "", err
		}
		return access.Offer(ctx, access.As(c, w.cfg.App), w.cfg.App), nil
	})
	if err != nil || command == "" {
		return ""
	}
	return access.OfferHint(command)
}
