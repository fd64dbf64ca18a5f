// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"sync"
	"time"
)

// silenceRetry is how long a keyring is not asked again after it did not answer.
const silenceRetry = 30 * time.Second

// silence remembers that a keyring does not answer, so that not every caller has
// to find it out by waiting: the wait of all counts from the call that found out
// first. It ends when any call is answered, late ones too, as when a person
// unlocks the keyring. Since an answer can get lost, one call is tried now and
// then.
type silence struct {
	mu    sync.Mutex
	since time.Time // when the call that was not answered in time began; zero: it answers
}

// osSilence is that of the operating system's keyring, for all stores of this
// process.
var osSilence silence

// left is how much of a timeout a call that begins now has. 0 is none.
func (s *silence) left(now time.Time, timeout time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.since.IsZero():
		return timeout
	case now.Sub(s.since) >= timeout+silenceRetry:
		s.since = now
		return timeout
	}
	return max(0, timeout-now.Sub(s.since))
}

// unanswered is told of a call that began at start and ran out of time.
func (s *silence) unanswered(start time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		s.since = start
	}
}

// answered is told of every answer.
func (s *silence) answered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = time.Time{}
}
