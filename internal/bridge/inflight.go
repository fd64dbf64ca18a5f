// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"slices"
	"time"
)

// inflight is everything that is open at a moment. Only bridge.update touches
// it, so that its rules hold between any two changes.
type inflight struct {
	waiting        map[string][]*request // the client's requests without an answer, by id key; equal ids queue (transport.md F-25)
	wire           map[string][]*request // those of them that were sent, by the key of the id on the wire
	open           int                   // requests in waiting
	openBytes      int                   // of their messages
	abandoned      []*pending            // cancelled, and still read
	queued         int                   // notifications and responses not yet accepted by the server
	serverRequests *fifo[serverRequest]  // the server's requests without an answer, by id key
	handshake      *pending              // the initialize request that has no answer yet
	session        session
	modern         string           // last protocol version that a request of the modern era named
	listening      *listeningStream // the listening stream of the session; nil without one
	closing        bool
	idle           chan struct{} // closed once closing and nothing is open

	recovery    *recovery    // under way
	recoveries  []time.Time  // begun in the last minute
	noRecovery  time.Time    // none before
	reopening   reopenings   // of sessions that nobody asks for
	calledTools map[int]bool // generations in which a tool may have left state on the server
}

// serverRequest is a request of the server.
type serverRequest struct {
	id  []byte
	gen int // of the session it belongs to
}

// session is what an initialize request established. Generation 0 is the time
// before the first.
type session struct {
	gen         int
	id          string        // Mcp-Session-Id; "" if the server issued none
	version     string        // negotiated protocol version
	initialized bool          // a recovery sent notifications/initialized
	fromMemory  bool          // the client was answered from memory, the server knows nothing of it yet
	state       *sessionState // what a later session must hear; its fields are guarded by bridge.mu
}

func (s *inflight) init() {
	s.waiting = make(map[string][]*request)
	s.wire = make(map[string][]*request)
	s.serverRequests = newFIFO[serverRequest](maxServerRequests, maxServerRequests*maxServerID)
	s.calledTools = make(map[int]bool)
	s.idle = make(chan struct{})
}

// enter begins a session. What is known of old ones is forgotten.
func (s *inflight) enter(next session) {
	s.session = next
	delete(s.calledTools, next.gen-maxGenerations)
}

// genOfNext is the generation that what is read now belongs to.
func (s *inflight) genOfNext() int {
	if s.handshake != nil {
		return s.session.gen + 1
	}
	return s.session.gen
}

// stopListening ends the listening stream of the session.
func (s *inflight) stopListening() {
	if s.listening != nil {
		s.listening.stop()
		s.listening = nil
	}
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

// add makes the requests of an exchange wait.
func (s *inflight) add(x *pending) {
	for _, r := range x.requests {
		s.waiting[r.key] = append(s.waiting[r.key], r)
		s.open++
	}
	s.openBytes += len(x.read)
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
		if s.handshake == r.x {
			s.handshake = nil
		}
		s.openBytes -= len(r.x.read)
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
