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

// talk is what the client said that a new session must hear, too.
type talk struct {
	hello  frame.Message   // initialize
	answer []byte          // the result the client was given
	ready  *frame.Message  // notifications/initialized, once it was read
	level  *frame.Message  // last logging/setLevel that succeeded
	topics []frame.Message // resources/subscribe that are in force
}

// reopen performs the client's own handshake again, restores what it had set
// up, and lets it know what may have changed (transport.md 3.3.2 to 3.3.7).
func (b *bridge) reopen(ctx context.Context) error {
	old := b.current()
	b.deafen()
	b.forgetQuestions()
	m, id, err := b.ask(ctx, session{}, old.talk.hello)
	if err != nil {
		return lossOf("it could not be opened again", err)
	}
	if m.Failure != nil {
		return lossOf("it could not be opened again", errors.New("the server refuses the handshake"))
	}
	b.keep(old.talk.hello.Params, m.Result)
	if err := b.compatible(old.talk.answer, m.Result); err != nil {
		e := lossOf("the server has changed, restart the client", err)
		e.Retryable = false
		return e
	}
	next := old.renewed(id)
	var ready *frame.Message
	b.update(func(s *inflight) {
		ready = next.talk.ready
		next.ready = ready != nil
		s.session = next
	})
	if ready != nil {
		if err := b.postReady(ctx, next, *ready); err != nil {
			return lossOf("it could not be opened again", err)
		}
		b.restore(ctx, next)
		b.awaitEar(b.becomeReady(next.gen))
	}
	b.announce(m.Result)
	return nil
}

// renewed is the session that follows s.
func (s session) renewed(id string) session {
	return session{gen: s.gen + 1, id: id, version: s.version, talk: s.talk}
}

// postReady sends the client's notifications/initialized.
func (b *bridge) postReady(ctx context.Context, s session, m frame.Message) error {
	_, err := b.up.send(ctx, outgoing{Message: m, doc: m.Doc, session: s})
	return err
}

// compatible compares the answers to the first and to this handshake: the
// client cannot be told that the version changed or a capability is gone
// (transport.md 3.3.5).
func (b *bridge) compatible(before, now []byte) error {
	for _, name := range []string{"protocolVersion", "serverInfo"} {
		if bytes.Equal(frame.Lookup(before, name), frame.Lookup(now, name)) {
			continue
		}
		if name == "protocolVersion" {
			return errors.New("it negotiates another protocol version")
		}
		b.log.Warn("the server is another one than before the loss of the session")
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

// deafen ends the listening stream of the lost session.
func (b *bridge) deafen() {
	b.update(func(s *inflight) {
		if s.ear != nil {
			s.ear.stop()
			s.ear = nil
		}
	})
}

// forgetQuestions takes the server's open requests back from the client: the
// one who asked is gone.
func (b *bridge) forgetQuestions() {
	var ids [][]byte
	b.update(func(s *inflight) {
		for key, q := range s.asked {
			ids = append(ids, q.id)
			delete(s.asked, key)
		}
	})
	for _, id := range ids {
		b.write(cancelFrame(id, "the server lost the session"))
	}
}

// restore repeats what the client had set up. Failures are only logged: the
// client works without.
func (b *bridge) restore(ctx context.Context, s session) {
	var again []frame.Message
	b.update(func(*inflight) {
		again = append(again, s.talk.topics...)
		if s.talk.level != nil {
			again = append(again, *s.talk.level)
		}
	})
	for _, m := range again {
		if answer, _, err := b.ask(ctx, s, m); err != nil || answer.Failure != nil {
			b.log.Warn("a setting was not restored in the new session", "method", m.Method, "error", err)
		}
	}
}

// announce tells the client that lists may have changed: a lost session mostly
// means a restarted server.
func (b *bridge) announce(result []byte) {
	capabilities := frame.Lookup(result, "capabilities")
	for _, list := range []string{"tools", "prompts", "resources"} {
		if string(frame.Lookup(capabilities, list, "listChanged")) == "true" {
			b.write(fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/%s/list_changed"}`, list))
		}
	}
}

// remember keeps what a successful response means for later sessions.
func (s *inflight) remember(x *exchange, r *request) {
	if x.modern != "" || x.own != nil {
		return
	}
	t := s.session.talk
	if r.method == methodCall {
		s.dirty[x.session.gen] = true
	}
	if t == nil || x.batch {
		return
	}
	m := x.first
	switch r.method {
	case "logging/setLevel":
		t.level = &m
	case "resources/subscribe":
		t.unsubscribe(m)
		t.topics = append(t.topics, m)
	case "resources/unsubscribe":
		t.unsubscribe(m)
	}
}

// unsubscribe forgets the topic that m names.
func (t *talk) unsubscribe(m frame.Message) {
	uri, _ := frame.LookupString(m.Params, "uri")
	var kept []frame.Message
	for _, topic := range t.topics {
		if other, _ := frame.LookupString(topic.Params, "uri"); other != uri {
			kept = append(kept, topic)
		}
	}
	t.topics = kept
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
	next.version, _ = frame.LookupString(m.Result, "protocolVersion")
	next.talk = &talk{hello: x.first, answer: bytes.Clone(m.Result)}
	s.session = next
	if s.ear != nil {
		s.ear.stop()
		s.ear = nil
	}
	if old.id == next.id {
		return session{}
	}
	return old
}

// leave deletes a session on the server; whatever it answers is fine
// (transport.md B22).
func (b *bridge) leave(s session) {
	ctx, cancel := context.WithTimeout(b.speech, b.t.farewell)
	defer cancel()
	if err := b.up.end(ctx, s); err != nil {
		b.log.Debug("the session was not deleted", "error", err)
	}
}
