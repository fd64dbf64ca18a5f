// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"slices"
	"time"
)

// maxTrackedIDs is how many requests of an app session are remembered; the
// answer to an older one passes as if nobody had asked.
const maxTrackedIDs = 50

// idTracker knows the methods of requests that are not answered yet. There is
// one per app session, that is for all processes that share a certificate, and
// an id alone is the key: of two requests with one id the later one counts, and
// whichever answer comes first is taken for its (protocol.md 15.1).
//
// The zero value is ready; sessions guards it.
type idTracker struct {
	methods map[any]string
	order   []any // oldest first
}

// push remembers a request.
func (t *idTracker) push(id any, method string) {
	t.pop(id)
	if len(t.order) >= maxTrackedIDs {
		t.pop(t.order[0])
	}
	if t.methods == nil {
		t.methods = map[any]string{}
	}
	t.methods[id] = method
	t.order = append(t.order, id)
}

// pop forgets a request and returns its method, "" if it is not known.
func (t *idTracker) pop(id any) string {
	method, ok := t.methods[id]
	if ok {
		delete(t.methods, id)
		i := slices.Index(t.order, id)
		t.order = slices.Delete(t.order, i, i+1)
	}
	return method
}

// toolRoles returns the roles that decide on the tools of an app session: those
// that read returned last, for a time that begins then (protocol.md 15.5).
func (s *sessions) toolRoles(sess *appSession, life time.Duration, read func() []Role) []Role {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := time.Now(); sess.decided.IsZero() || now.Sub(sess.decided) >= life {
		sess.roles, sess.decided = read(), now
	}
	return sess.roles
}

// pushRequest and popRequest are the tracker of an app session.
func (s *sessions) pushRequest(sess *appSession, msg *rpcMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sess.requests.push(msg.ID.value, msg.Method)
}

func (s *sessions) popRequest(sess *appSession, msg *rpcMessage) (method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sess.requests.pop(msg.ID.value)
}
