// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// sessionState is what the client set up in its session: a new one gets it, too.
type sessionState struct {
	initialize    frame.Message        // initialize
	result        []byte               // of the result the client was given, what another is compared with
	initialized   *frame.Message       // notifications/initialized, once it was read
	logLevel      *frame.Message       // last logging/setLevel that succeeded
	subscriptions *fifo[frame.Message] // resources/subscribe that are in force, by URI
}

func newSessionState(initialize frame.Message, result []byte) *sessionState {
	return &sessionState{
		initialize: initialize, result: setup(result),
		subscriptions: newFIFO[frame.Message](maxTopics, maxTopicBytes),
	}
}

// reopen performs the client's own handshake again, restores what it had set
// up, and lets it know what may have changed (transport.md 3.3.2 to 3.3.7).
func (ss *sessions) reopen(ctx context.Context) error {
	old := ss.current()
	ss.listener.close()
	ss.cancelServerRequests()
	m, id, err := ss.exchanges.ask(ctx, session{}, old.state.initialize)
	if err != nil {
		return ss.unopened(old, err)
	}
	if m.Failure != nil {
		e := lossOf("it could not be reopened", errors.New("the server refuses the handshake"))
		e.Detail, _ = frame.LookupString(m.Failure, "message")
		return e
	}
	ss.fallback.keep(old.state.initialize.Params, m.Result)
	if err := ss.compatible(old.state.result, setup(m.Result)); err != nil {
		if id != "" {
			ss.end(session{id: id})
		}
		e := lossOf("the server has changed, restart the client", err)
		e.Retryable = false
		return e
	}
	next := old.renewed(id)
	var ready *frame.Message
	ss.update(func(s *inflight) {
		ready = next.state.initialized
		next.initialized = ready != nil
		s.enter(next)
	})
	if ready != nil {
		if err := ss.postReady(ctx, next, *ready); err != nil {
			return ss.unopened(next, err)
		}
		ss.restore(ctx, next)
		ss.listener.await(ss.listener.open(next.gen))
	}
	ss.announce(old.state.result, m.Result)
	return nil
}

// renewed is the session that follows s.
func (s session) renewed(id string) session {
	return session{gen: s.gen + 1, id: id, version: s.version, state: s.state}
}

// postReady sends the client's notifications/initialized. A server that neither
// accepts nor refuses it does not stop the session.
func (ss *sessions) postReady(ctx context.Context, s session, m frame.Message) error {
	limited, cancel := context.WithTimeout(ctx, ss.t.readyWait)
	defer cancel()
	_, err := ss.up.send(limited, outgoing{Message: m, doc: m.Doc, session: s})
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		ss.log.Warn("the server does not accept a message; what waits for that goes on", "method", methodInitialized)
		return nil
	}
	return err
}

// compatible compares the answers to the first and to this handshake: the
// client cannot be told that the version changed or a capability is gone
// (transport.md 3.3.5).
func (ss *sessions) compatible(before, now []byte) error {
	for _, name := range []string{"protocolVersion", "serverInfo"} {
		if bytes.Equal(frame.Lookup(before, name), frame.Lookup(now, name)) {
			continue
		}
		if name == "protocolVersion" {
			return errors.New("it negotiates another protocol version")
		}
		ss.log.Warn(otherServer, "was", frame.Lookup(before, name), "is", frame.Lookup(now, name))
	}
	if lost := lostMember(frame.Lookup(before, "capabilities"), frame.Lookup(now, "capabilities")); lost != "" {
		return fmt.Errorf("it no longer offers the capability %s", lost)
	}
	return nil
}

// lostMember returns the name of a member of before, at any depth, that now
// does not have or has turned off.
func lostMember(before, now []byte) (lost string) {
	frame.EachMember(before, func(name []byte, at frame.Span) bool {
		was, is := at.Of(before), frame.Lookup(now, string(name))
		switch {
		case string(was) == "false" || string(was) == "null":
		case is == nil || string(is) == "false" || string(is) == "null":
			lost = string(name)
		default:
			lost = lostMember(was, is)
		}
		return lost == ""
	})
	return lost
}

// close ends the listening stream of the lost session.
func (l *listener) close() { l.update((*inflight).stopListening) }

// cancelServerRequests takes the server's open requests back from the client: the
// one who asked is gone.
func (ss *sessions) cancelServerRequests() {
	var gone []serverRequest
	ss.update(func(s *inflight) { gone = s.serverRequests.clear() })
	for _, q := range gone {
		ss.client.write(cancelFrame(q.id, "the server lost the session"))
	}
}

// restore repeats what the client had set up. Failures are only logged: the
// client works without.
func (ss *sessions) restore(ctx context.Context, s session) {
	var again []frame.Message
	ss.update(func(*inflight) {
		again = s.state.subscriptions.all()
		if s.state.logLevel != nil {
			again = append(again, *s.state.logLevel)
		}
	})
	for _, m := range again {
		if answer, _, err := ss.exchanges.ask(ctx, s, m); err != nil || answer.Failure != nil {
			ss.log.Warn("a setting was not restored in the new session", "method", m.Method, "error", err)
		}
	}
}

// otherServer is what is said of a server that comes back as another one.
const otherServer = "the server is not the one from before the session was lost"

// announce tells the client that lists may have changed: a lost session mostly
// means a restarted server. One that calls itself otherwise is told in a message
// for the log, where a server may send such; clients ask only once who it is.
func (ss *sessions) announce(before, result []byte) {
	capabilities := frame.Lookup(result, "capabilities")
	was, is := frame.Lookup(before, "serverInfo"), frame.Lookup(result, "serverInfo")
	if !bytes.Equal(was, is) && frame.Lookup(capabilities, "logging") != nil {
		text := fmt.Sprintf("%s: it was %s, and is %s", otherServer, headerText(string(was)), headerText(string(is)))
		params := encodeJSON(map[string]string{"level": "warning", "logger": "tshmcp", "data": text})
		ss.client.write(fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/message","params":%s}`, params))
	}
	ss.relist(capabilities)
}

// relist tells the client to ask for the lists again whose changes the server has
// announced to tell.
func (ss *sessions) relist(capabilities []byte) {
	for _, list := range []string{"tools", "prompts", "resources"} {
		if string(frame.Lookup(capabilities, list, "listChanged")) == "true" {
			ss.client.write(fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/%s/list_changed"}`, list))
		}
	}
}

// runRelist tells the client each time that the server may list something else. Where
// that takes another session, it is told when that is open.
func (ss *sessions) runRelist() {
	for {
		select {
		case <-ss.cfg.Relist:
		case <-ss.life.Done():
			return
		}
		if ss.renews(ss.current()) {
			ss.start("reopening", func() { ss.reopenLost(ss.t.reopenSteady) })
			continue
		}
		var capabilities []byte
		ss.update(func(s *inflight) {
			if s.session.state != nil {
				capabilities = frame.Lookup(s.session.state.result, "capabilities")
			}
		})
		ss.relist(capabilities)
	}
}

// remember keeps what a successful response means for later sessions.
func (s *inflight) remember(x *pending, r *request) {
	if x.modern != "" || x.internal != nil {
		return
	}
	t := s.session.state
	if r.method == methodCall {
		s.calledTools[x.gen] = true
	}
	if t == nil || x.batch {
		return
	}
	m := x.first
	uri, _ := frame.LookupString(m.Params, "uri")
	switch r.method {
	case "logging/setLevel":
		t.logLevel = &m
	case "resources/subscribe":
		t.subscriptions.put(uri, m, len(m.Doc))
	case "resources/unsubscribe":
		t.subscriptions.drop(uri)
	}
}

// establish begins the session of a successful initialize answer. The session
// id is taken from nowhere else (transport.md B20). It returns the
// session that is left behind.
func (s *inflight) establish(x *exchange, m *frame.Message) (old session) {
	if !x.establishes() || x.answer == nil || m.Result == nil {
		return session{}
	}
	old = s.session
	next := old.renewed(x.sessionID())
	if next.version, _ = frame.LookupString(m.Result, "protocolVersion"); len(next.version) > maxVersion {
		next.version = ""
	}
	next.state = newSessionState(x.first, m.Result)
	s.enter(next)
	s.stopListening()
	if old.id == next.id {
		return session{}
	}
	return old
}

// end deletes a session on the server; whatever it answers is fine
// (transport.md B22).
func (ss *sessions) end(s session) {
	ctx, cancel := context.WithTimeout(ss.client.writing, ss.t.deletion)
	defer cancel()
	if err := ss.up.end(ctx, s); err != nil {
		ss.log.Debug("the session was not deleted", "error", err)
	}
}
