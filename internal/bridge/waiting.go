// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "context"

// waitKey finds, in the context of a request at Config.Transport, what tells
// whether the client waits for it.
type waitKey struct{}

// ClientWaits tells, of the context of a request at Config.Transport, whether a
// request of the client waits at this moment for what comes of it. Nobody does
// for the listening stream, for a subscription that is asked for again, for a
// notification, for the end of the session, and for a handshake that the bridge
// repeats unless a request needs the session. A ping of the client does not count:
// what it asks is whether somebody is there.
func ClientWaits(ctx context.Context) bool {
	waits, ok := ctx.Value(waitKey{}).(func() bool)
	return ok && waits()
}

// withWaits is ctx for a request of which waits tells whether the client waits.
func withWaits(ctx context.Context, waits func() bool) context.Context {
	return context.WithValue(ctx, waitKey{}, waits)
}

// clientWaits may be called from any goroutine.
func (x *pending) clientWaits() bool {
	return x.internal == nil && !x.listens.Load() && x.method() != "ping" && !x.isSettled()
}
