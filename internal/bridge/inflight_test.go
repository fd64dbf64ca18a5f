// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "fmt"

// mustHold makes a broken rule of inflight fatal.
func mustHold(s *inflight) {
	if broken := s.check(); broken != "" {
		panic("rule broken: " + broken)
	}
}

// checkedInFull is how many open requests are looked at one by one after every
// change; with more, that would cost more than it finds.
const checkedInFull = 256

// check returns the rule that does not hold, if any.
func (s *inflight) check() string {
	if s.open <= checkedInFull {
		if broken := s.checkTables(); broken != "" {
			return broken
		}
	}
	switch {
	case s.queued < 0:
		return "more notifications were sent than queued"
	case s.handshake != nil && s.handshake.isSettled():
		return "the handshake is settled and waits"
	case s.session.gen > 0 && s.session.state == nil:
		return "a session without a handshake"
	case s.recovery != nil && s.recovery.gen > s.session.gen:
		return "the recovery of a session that does not exist"
	}
	return ""
}

func (s *inflight) checkTables() string {
	n := 0
	for key, queue := range s.waiting {
		n += len(queue)
		for _, r := range queue {
			if r.settle != unsettled || r.key != key {
				return fmt.Sprintf("request %q is settled and waits", key)
			}
		}
	}
	for key, queue := range s.wire {
		for _, r := range queue {
			if r.settle != unsettled || r.wireKey != key {
				return fmt.Sprintf("request %q is settled or renamed and on the wire", key)
			}
		}
	}
	if n != s.open {
		return fmt.Sprintf("%d requests wait, %d are counted", n, s.open)
	}
	for key, q := range s.serverRequests.items {
		if q.gen > s.session.gen {
			return fmt.Sprintf("server request %q belongs to a session that does not exist", key)
		}
	}
	return ""
}
