// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "time"

// appLink is a connection between the proxy and the app service, for one app
// session. It carries one request at a time, and is kept for the next one of
// the session until it has been idle for AppTimes.ServiceIdle (protocol.md
// 15.5).
type appLink struct {
	app     App     // as it was when the connection was made
	verdict verdict // on an MCP app, which is judged once for a connection
	broken  bool    // carries a denial that the proxy could not read

	idle time.Time // since when
}

// takeLink takes the idle connection of a session that was used last, and drops
// those that have been idle for too long. Without any it is nil.
func (s *sessions) takeLink(sess *appSession, idle time.Duration) *appLink {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(sess.links)
	if n == 0 {
		return nil
	}
	link := sess.links[n-1]
	if time.Since(link.idle) > idle { // and so have the others
		sess.links = nil
		return nil
	}
	sess.links = sess.links[:n-1]
	return link
}

// keepLink keeps a connection for the next request. There are never more than
// were busy at once.
func (s *sessions) keepLink(sess *appSession, link *appLink) {
	s.mu.Lock()
	defer s.mu.Unlock()
	link.idle = time.Now()
	sess.links = append(sess.links, link)
}

// owned notes whose request is being served, or whose raw connection.
func (s *sessions) owned(req *appRequest, user string, raw bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	req.user, req.raw = user, raw
}

// cutRaw ends a user's connections to raw apps.
func (s *sessions) cutRaw(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endOf(user, true)
}

// cut ends the requests of a user that are being served, and closes the user's
// connections to the app service.
func (s *sessions) cut(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endOf(user, false)
	for _, sess := range s.byID {
		if sess.Username == user {
			sess.links = nil
		}
	}
}

// endOf ends a user's requests, or the raw connections alone. It is called with
// the lock held.
func (s *sessions) endOf(user string, raw bool) {
	for req := range s.running {
		if req.user == user && (req.raw || !raw) {
			req.end(errStreamEnded)
		}
	}
}

// cutLocked ends what a locked user has open, after AppTimes.Lock and if the
// lock is still there. Raw connections end before.
func (p *appProxy) cutLocked(user string) {
	if !p.begin() {
		return
	}
	go func() {
		defer p.wg.Done()
		late := p.cfg.AppTimes.Lock
		early := min(late, p.cfg.AppTimes.RawLock)
		if wait(p.ctx, early) && p.apps.locked(user) {
			p.sessions.cutRaw(user)
		}
		if wait(p.ctx, late-early) && p.apps.locked(user) {
			p.sessions.cut(user)
		}
	}()
}
