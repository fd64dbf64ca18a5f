// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"maps"
	"sort"
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
	expired time.Duration // AppTimes.Expired

	mu      sync.Mutex
	byID    map[string]*appSession
	running map[*appRequest]struct{}
}

// appRequest is an app request being served.
type appRequest struct {
	end  context.CancelCauseFunc
	user string // empty until it is known
	raw  bool   // it is a connection to a raw app
}

func newSessions(times AppTimes) *sessions {
	return &sessions{expired: times.Expired, byID: map[string]*appSession{}, running: map[*appRequest]struct{}{}}
}

// newAppSession makes the session of an app certificate and returns its id.
// The session lives until expires, the end of the certificate.
func (s *sessions) newAppSession(id identity, appName, publicAddr string, expires time.Time) string {
	sess := &appSession{
		ID: newSessionID(), Username: id.Username, AppName: appName, Cluster: id.AppCluster, PublicAddr: publicAddr,
		Expires: expires, Identity: id,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.byID, func(_ string, old *appSession) bool { return !old.Expires.After(time.Now()) })
	s.byID[sess.ID] = sess
	return sess.ID
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
func (s *sessions) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Session
	for _, sess := range s.byID {
		if sess.Expires.After(time.Now()) {
			out = append(out, Session{ID: sess.ID, User: sess.Username, App: sess.AppName, Cluster: sess.Cluster, Expires: sess.Expires})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out
}

// KillSession deletes an app session as an administrator would. The next
// request with its certificate is answered 403; answers that are already
// streaming go on. It reports whether the session existed.
func (s *sessions) KillSession(id string) bool { return s.delete(id) }

// KillAllSessions deletes every app session.
func (s *sessions) KillAllSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.byID)
}

// ExpireSessions lets every app session expire now, while the certificates
// that name them are still valid: the next request is answered 403.
func (s *sessions) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sess := range s.byID {
		sess.Expires = time.Now().Add(-s.expired)
	}
}

// EndStreams ends every answer that is streaming now, cleanly, as the timeouts
// do, and every raw connection. A request that has no response headers yet is
// answered 502.
func (s *sessions) EndStreams() { s.endAll(errStreamEnded) }
