// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"slices"
	"time"
)

// inflight is everything that is open at a moment. Only bridge.update touches
// it, so that its rules hold between any two changes.
type inflight struct {
	waiting map[string][]*request // the client's requests without an answer, by id key; equal ids queue (transport.md F-25)
	wire    map[string][]*request // those of them that were sent, by the key of the id on the wire
	open    int                   // requests in waiting
	queued  int                   // notifications and responses not yet accepted by the server
	asked   map[string]question   // the server's requests without an answer, by id key
	hello   *exchange             // the initialize request that has no answer yet
	session session
	modern  string // last protocol version that a request of the modern era named
	ear     *ear   // the listening stream of the session; nil without one
	closing bool
	idle    chan struct{} // closed once closing and nothing is open

	recovery   *recovery    // under way
	recoveries []time.Time  // begun in the last minute
	noRecovery time.Time    // none before
	dirty      map[int]bool // generations in which a tool may have left state on the server
}

// question is a request of the server.
type question struct {
	id  []byte
	gen int // of the session it belongs to
}

// session is what an initialize request established. Generation 0 is the time
// before the first.
type session struct {
	gen     int
	id      string // Mcp-Session-Id; "" if the server issued none
	version string // negotiated protocol version
	ready   bool   // a recovery sent notifications/initialized
	pledged bool   // the client was answered from memory, the server knows nothing of it yet
	talk    *talk  // what a later session must hear; its fields are guarded by bridge.mu
}

func (s *inflight) init() {
	s.waiting = make(map[string][]*request)
	s.wire = make(map[string][]*request)
	s.asked = make(map[string]question)
	s.dirty = make(map[int]bool)
	s.idle = make(chan struct{})
}

// update changes what is in flight and re-checks the rules. f must not block.
func (b *bridge) update(f func(*inflight)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.flight)
	b.flight.signal()
	if broken := b.flight.check(); broken != "" {
		violated(b, broken)
	}
}

// violated reports a broken rule; tests make it fatal.
var violated = func(b *bridge, rule string) {
	b.log.Error("internal error", "rule", rule)
}

// signal announces that nothing is open any more.
func (s *inflight) signal() {
	if !s.closing || s.open > 0 || s.queued > 0 {
		return
	}
	select {
	case <-s.idle:
	default:
		close(s.idle)
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
	case s.hello != nil && s.hello.isSettled():
		return "the handshake is settled and waits"
	case s.session.gen > 0 && s.session.talk == nil:
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
	for key, q := range s.asked {
		if q.gen > s.session.gen {
			return fmt.Sprintf("server request %q belongs to a session that does not exist", key)
		}
	}
	return ""
}

// add makes the requests of an exchange wait.
func (s *inflight) add(x *exchange) {
	for _, r := range x.requests {
		s.waiting[r.key] = append(s.waiting[r.key], r)
		s.open++
	}
}

// end settles a request. It returns false if it was settled before.
func (s *inflight) end(r *request, how settlement) bool {
	if r.settle != unsettled {
		return false
	}
	r.settle = how
	s.open--
	drop(s.waiting, r.key, r)
	drop(s.wire, r.wireKey, r)
	if r.x.unsettled() == nil {
		if s.hello == r.x {
			s.hello = nil
		}
		close(r.x.settled)
	}
	return true
}

// drop takes a request out of a table.
func drop(table map[string][]*request, key string, r *request) {
	queue := slices.DeleteFunc(table[key], func(q *request) bool { return q == r })
	if table[key] = queue; len(queue) == 0 {
		delete(table, key)
	}
}

// first returns the oldest request that waits with the key.
func (s *inflight) first(key string) *request {
	if queue := s.waiting[key]; len(queue) > 0 {
		return queue[0]
	}
	return nil
}

// current returns the session as it is now.
func (b *bridge) current() (s session) {
	b.update(func(f *inflight) { s = f.session })
	return s
}
