// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// validity is an expiry in local time and relative to now.
func validity(expires, now time.Time) string {
	at := access.LocalTime(expires)
	if left := expires.Sub(now); left > 0 {
		return fmt.Sprintf("%s (in %s)", at, Span(left))
	}
	return fmt.Sprintf("%s (expired %s ago)", at, Span(now.Sub(expires)))
}

// Span is a duration in minutes, hours or days, as people say it.
func Span(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}
