// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// errStreamEnded is why a stream was cut that the client sees end cleanly.
var errStreamEnded = errors.New("stream ended by the cluster")

// faults are the switches of apps that tests turn. The zero value is a healthy
// cluster. Those of logins and of the auth service are in hooks.
type faults struct {
	mu  sync.Mutex
	now switches
}

// switches are the faults in force.
type switches struct {
	latency     time.Duration
	streamIdle  time.Duration
	endAtExpiry bool
	denial      Denial
	hook        func(http.ResponseWriter, *http.Request) bool
}

// get returns the switches as they are now.
func (f *faults) get() switches {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *faults) set(change func(*switches)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.now)
}

// SetLatency makes every app request wait that long before it is looked at.
func (f *faults) SetLatency(d time.Duration) {
	f.set(func(s *switches) { s.latency = d })
}

// SetStreamIdleTimeout models the role option client_idle_timeout: an answer
// that is still streaming ends cleanly that long after the last bytes from the
// client; what the server sends does not count (protocol.md 8.6). It
// holds for requests that begin after the call; 0, the default, is no limit. On
// raw connections the client's messages count, and not its pings.
func (f *faults) SetStreamIdleTimeout(d time.Duration) {
	f.set(func(s *switches) { s.streamIdle = d })
}

// SetEndStreamsAtExpiry models the role option disconnect_expired_cert: an
// answer that is still streaming ends cleanly when the app certificate
// expires, and a raw connection too. By default it goes on (protocol.md 8.6).
func (f *faults) SetEndStreamsAtExpiry(on bool) {
	f.set(func(s *switches) { s.endAtExpiry = on })
}

// OnAppRequest sets a function that sees every app request before the cluster
// does and may answer it: true means that it has. nil takes it away. It is
// called from several goroutines.
func (f *faults) OnAppRequest(hook func(http.ResponseWriter, *http.Request) bool) {
	f.set(func(s *switches) { s.hook = hook })
}

// wait waits for d; false means that ctx ended first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
