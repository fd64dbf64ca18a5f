// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "time"

// AppTimes are how long the proxy and the app service take over apps. Zero is
// what was recorded of a real cluster; a test that cannot wait that long gives
// less.
type AppTimes struct {
	// ClientIdle is after which an idle connection of a client is closed: 30 s.
	ClientIdle time.Duration
	// ServiceIdle is after which an idle connection between the proxy and the app
	// service is closed: 30 s. Until then MCP apps keep what was decided on it.
	ServiceIdle time.Duration
	// Lock is after which a lock ends what is open: 1 s.
	Lock time.Duration
	// Deleted is how long the app service still answers for a deleted app: 2 s.
	Deleted time.Duration
	// Expired is how long the proxy takes a certificate that has expired on a
	// connection that was open before: 1 s.
	Expired time.Duration
	// Denial is after which the proxy gives up on a denial that it cannot read,
	// see DenyBelowTLS: 10 s.
	Denial time.Duration
	// MCPHeaders is how long an MCP app may take until its response headers: 1 min.
	MCPHeaders time.Duration
	// MCPToken is how long the JWT for an MCP app lives, before another is made:
	// 10 min.
	MCPToken time.Duration
	// MCPTools is how long an app session keeps the roles that decide on tools:
	// 5 min.
	MCPTools time.Duration
	// RawLock is after which a lock ends raw connections, if Lock is not shorter:
	// 400 ms.
	RawLock time.Duration
	// RawPing is how often the proxy pings on a raw connection: 30 s.
	RawPing time.Duration
	// RawDenial is how long the app service waits for a message that it can answer
	// with a denial: 30 s.
	RawDenial time.Duration
	// RawKill is how long a stdio server has to end after the signal: 10 s.
	RawKill time.Duration
	// RawTools is how long a raw connection keeps what was decided on tools: 10 min.
	RawTools time.Duration
}

func (t AppTimes) withDefaults() AppTimes {
	for _, field := range []struct {
		time     *time.Duration
		recorded time.Duration
	}{
		{&t.ClientIdle, 30 * time.Second},
		{&t.ServiceIdle, 30 * time.Second},
		{&t.Lock, time.Second},
		{&t.Deleted, 2 * time.Second},
		{&t.Expired, time.Second},
		{&t.Denial, 10 * time.Second},
		{&t.MCPHeaders, time.Minute},
		{&t.MCPToken, 10 * time.Minute},
		{&t.MCPTools, 5 * time.Minute},
		{&t.RawLock, 400 * time.Millisecond},
		{&t.RawPing, 30 * time.Second},
		{&t.RawDenial, 30 * time.Second},
		{&t.RawKill, 10 * time.Second},
		{&t.RawTools, 10 * time.Minute},
	} {
		if *field.time == 0 {
			*field.time = field.recorded
		}
	}
	return t
}
