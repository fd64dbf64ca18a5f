// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Session is an app session, made when an app certificate is issued
// (protocol.md 7.4, 8.5).
type Session struct {
	ID      string // 64 hex characters
	User    string
	App     string
	Cluster string // that has the app
	Expires time.Time
}

// appSession is what the cluster keeps of an app session.
type appSession struct {
	ID         string
	Username   string
	AppName    string
	Cluster    string
	PublicAddr string
	Expires    time.Time
	Identity   identity // that asked for the certificate

	cached   bool       // the proxy has chosen an app server
	links    []*appLink // idle connections to it, the one used last at the end
	token    string     // JWT
	renew    time.Time  // when another is signed, if tokens of the app end
	requests idTracker
	roles    []Role    // that decide on tools
	decided  time.Time // when they were read
}

// sessions are the app sessions of a cluster and the app requests being
// served.
type sessions struct {
	mu      sync.Mutex
	byID    map[string]*appSession
	running map[*appRequest]struct{}
}

// appRequest is an app request being served.
type appRequest struct {
	end  context.CancelCauseFunc
	user string // empty until it is known
}

func newSessions() sessions {
	return sessions{byID: map[string]*appSession{}, running: map[*appRequest]struct{}{}}
}

// newAppSession makes the session of an app certificate and returns its id.
// The session lives until expires, the end of the certificate.
func (c *Cluster) newAppSession(id identity, appName, publicAddr string, expires time.Time) string {
	s := &appSession{
		ID: newSessionID(), Username: id.Username, AppName: appName, Cluster: id.AppCluster, PublicAddr: publicAddr,
		Expires: expires, Identity: id,
	}
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	maps.DeleteFunc(c.sessions.byID, func(_ string, old *appSession) bool { return !old.Expires.After(time.Now()) })
	c.sessions.byID[s.ID] = s
	return s.ID
}

func newSessionID() string {
	var b [32]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// live returns the session of an app certificate, nil if it was deleted, had
// expired at a time or belongs to somebody else.
func (s *sessions) live(id identity, at time.Time) *appSession {
	s.mu.Lock()
	defer s.mu.Unlock()
	sess := s.byID[id.SessionID]
	if sess == nil || sess.Username != id.Username || !sess.Expires.After(at) {
		return nil
	}
	return sess
}

// choose notes that the proxy chooses an app server for the session, if one is
// online; it reports whether it had chosen one before.
func (s *sessions) choose(sess *appSession, online bool) (before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before = sess.cached
	sess.cached = before || online
	return before
}

// token returns the session's JWT, made by sign for the first request. With a
// life that is not 0 it is made again when it has ended (protocol.md 14,
// 15.5).
func (s *sessions) token(sess *appSession, life time.Duration, sign func() (string, error)) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sess.token != "" && (life == 0 || time.Now().Before(sess.renew)) {
		return sess.token, nil
	}
	token, err := sign()
	if err != nil {
		return "", err
	}
	sess.token, sess.renew = token, time.Now().Add(life)
	return token, nil
}

// delete removes a session; it reports whether there was one.
func (s *sessions) delete(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.byID[id]
	delete(s.byID, id)
	return ok
}

// begin registers a request being served. Its context ends with the parent and
// with endAll. The caller calls done when the answer is complete.
func (s *sessions) begin(parent context.Context) (ctx context.Context, req *appRequest, done func()) {
	ctx, cancel := context.WithCancelCause(parent)
	req = &appRequest{end: cancel}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[req] = struct{}{}
	return ctx, req, func() {
		cancel(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running, req)
	}
}

// endAll ends the requests being served.
func (s *sessions) endAll(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for req := range s.running {
		req.end(cause)
	}
}

// Sessions returns the app sessions that are neither deleted nor expired,
// sorted by id.
func (c *Cluster) Sessions() []Session {
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	var out []Session
	for _, s := range c.sessions.byID {
		if s.Expires.After(time.Now()) {
			out = append(out, Session{ID: s.ID, User: s.Username, App: s.AppName, Cluster: s.Cluster, Expires: s.Expires})
		}
	}
	slices.SortFunc(out, func(a, b Session) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// KillSession deletes an app session as an administrator would. The next
// request with its certificate is answered 403; answers that are already
// streaming go on. It reports whether the session existed.
func (c *Cluster) KillSession(id string) bool { return c.sessions.delete(id) }

// KillAllSessions deletes every app session.
func (c *Cluster) KillAllSessions() {
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	clear(c.sessions.byID)
}

// ExpireSessions lets every app session expire now, while the certificates
// that name them are still valid: the next request is answered 403.
func (c *Cluster) ExpireSessions() {
	c.sessions.mu.Lock()
	defer c.sessions.mu.Unlock()
	for _, s := range c.sessions.byID {
		s.Expires = time.Now().Add(-c.cfg.AppTimes.Expired)
	}
}

// closeApps closes the connections to the apps. Close calls it; the requests
// being served end by their contexts.
func (c *Cluster) closeApps() { c.faults.forget() }
