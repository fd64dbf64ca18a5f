// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what bridges cost while nobody uses them, and what calls leave behind.

//go:build bench

package bench

import (
	"testing"
	"time"
)

const (
	bridges   = 20
	restTime  = 35 * time.Second // after which connections that nobody needs are closed
	idleTime  = 15 * time.Second // in which wake-ups are counted
	idleCalls = 10_000
	// maxWakeups leaves room for Go's runtime, which wakes each of them once a minute.
	maxWakeups = 3 // per second, of all bridges
)

// resting are bridges that are left alone after their last call, while other things
// are measured.
type resting struct {
	since     time.Time
	all       []*session
	few, many *session // how many calls they had
}

// startResting starts them, and makes the calls.
func startResting(t *testing.T, s *stage) *resting {
	r := &resting{}
	begin := func(calls, inFlight int) *session {
		session, _, err := start(s.command("connect", app))
		check(t, err)
		t.Cleanup(func() { check(t, session.close()) })
		check(t, many(session, calls, inFlight))
		return session
	}
	for range bridges {
		r.all = append(r.all, begin(1, 1))
	}
	r.few, r.many = begin(100, 1), begin(idleCalls, 32)
	r.since = time.Now()
	return r
}

// rest measures many bridges that rest, and what calls leave behind.
func (m *measures) rest(t *testing.T, r *resting) {
	<-time.After(restTime - time.Since(r.since))
	before := r.wakeups(t)
	<-time.After(idleTime)
	rate := (r.wakeups(t) - before) / idleTime.Seconds()
	if rate > maxWakeups {
		t.Errorf("%d bridges that rest are woken %.1f times a second", bridges, rate)
	}
	m.add("Idle20", tshmcp, wakeups, rate)
	var memory, connections float64
	for _, s := range r.all {
		state := look(t, s)
		memory += state.pss
		connections += state.connections
	}
	m.add("Idle20", tshmcp, pss, memory)
	m.add("Idle20", tshmcp, sockets, connections)
	for name, s := range map[string]*session{"calls=100": r.few, "calls=10000": r.many} {
		state := look(t, s)
		m.add("Calls", name, resident, state.resident)
		m.add("Calls", name, private, state.private)
		m.add("Calls", name, sockets, state.connections)
	}
}

func (r *resting) wakeups(t *testing.T) (total float64) {
	for _, s := range r.all {
		n, err := wakeupsOf(s.cmd.Process.Pid)
		check(t, err)
		total += n
	}
	return total
}

// look is what a session's process has.
func look(t *testing.T, s *session) usage {
	t.Helper()
	u, err := usageOf(s.cmd.Process.Pid)
	check(t, err)
	return u
}
