// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// relay passes messages of the server on to the client. x is the exchange on
// whose answer they came, nil on the listening stream; frame is what they came
// in. An array goes on as one if the client's version has batches and all of
// it is for the client (transport.md B9).
func (b *bridge) relay(x *exchange, doc []byte, messages []frame.Message) {
	var docs [][]byte
	whole := len(messages) > 1 && b.current().version == batchVersion
	for _, m := range messages {
		out := b.incoming(x, m)
		whole = whole && len(out) == 1
		docs = append(docs, out...)
	}
	if whole {
		docs = [][]byte{rebuilt(doc, docs)}
	}
	for _, doc := range docs {
		b.write(doc)
	}
}

// rebuilt is an array with its elements replaced.
func rebuilt(doc []byte, elements [][]byte) []byte {
	var edits []frame.Edit
	frame.EachElement(doc, func(at frame.Span) bool {
		edits = append(edits, frame.Edit{At: at, With: elements[len(edits)]})
		return true
	})
	return frame.SpliceAll(doc, edits)
}

// incoming does the book-keeping for one message of the server and returns
// what the client is to see of it.
func (b *bridge) incoming(x *exchange, m frame.Message) [][]byte {
	var doc []byte
	switch m.Kind {
	case frame.Response:
		doc = b.incomingResponse(x, m)
	case frame.Request:
		doc = b.incomingRequest(x, b.inward(m))
	default:
		m = b.inward(m)
		if m.Method == methodToolsChanged {
			b.tools.forget()
		}
		if x != nil && x.modern != "" && x.method() == methodListen && !x.isSettled() {
			return b.subscribed(x, m)
		}
		doc = b.incomingNotification(x, m)
	}
	if doc == nil {
		return nil
	}
	return [][]byte{doc}
}

// incomingResponse lets the first response to an open request pass. Responses
// belong on the stream of their request; a response to another open request is
// accepted all the same, because some servers send it on the listening stream
// (transport.md B16, B18, F-21).
func (b *bridge) incomingResponse(x *exchange, m frame.Message) []byte {
	var r *request
	if x != nil && x.left[m.Key] {
		delete(x.left, m.Key)
		r = b.claim(x, &m)
	} else {
		r = b.claimElsewhere(m.Key)
	}
	if r == nil {
		b.log.Info("a response that no request waits for was dropped")
		return nil
	}
	return b.finalForm(r, m)
}

// finalForm makes the response fit the client's request, or hands it to the
// bridge's own.
func (b *bridge) finalForm(r *request, m frame.Message) []byte {
	x, doc := r.x, m.Doc
	if m.Result != nil {
		doc = mendList(r.method, doc)
	}
	if x.modern != "" && r.method == methodTools && m.Result != nil {
		if b.cfg.LossyLists {
			doc = completeList(doc)
		}
		doc = b.filterTools(doc)
	}
	if r.method == methodTools && m.Result != nil {
		b.keepTools(x, doc)
	}
	if x.own != nil {
		x.own.end(&m, x.sessionID(), nil)
		return nil
	}
	if m.Failure != nil {
		b.explain(r, m)
		b.endSubscription(r)
	}
	return r.restored(doc)
}

// explain logs what a legacy client cannot understand: the server's refusal
// may be all that is known of why nothing works (transport.md 1G).
func (b *bridge) explain(r *request, m frame.Message) {
	if r.method == methodInitialize && r.x.modern == "" && isReserved(m.Failure) {
		b.log.Error("the server only speaks " + modernVersion + " or later, which this client does not")
	}
}

// claim settles the request of x that m answers. nil means that it was
// cancelled or answered before.
func (b *bridge) claim(x *exchange, m *frame.Message) (claimed *request) {
	var old session
	b.update(func(s *inflight) {
		for _, r := range s.wire[m.Key] {
			if r.x != x {
				continue
			}
			if r.method == methodInitialize {
				old = s.establish(x, m)
			} else if m.Result != nil {
				s.remember(x, r)
			}
			s.end(r, answered)
			claimed = r
			return
		}
	})
	if claimed != nil && claimed.method == methodInitialize && x.own == nil {
		b.keep(x.first.Params, m.Result)
	}
	if old.id != "" {
		b.start("old session", func() { b.leave(old) })
	}
	return claimed
}

// claimElsewhere settles a request whose own exchange is still waiting, and
// ends that exchange.
func (b *bridge) claimElsewhere(key string) (claimed *request) {
	b.update(func(s *inflight) {
		queue := s.wire[key]
		if len(queue) == 0 {
			return
		}
		r := queue[0]
		if r.method == methodInitialize || r.x.modern != "" || r.x.own != nil {
			return
		}
		if r.method == methodCall {
			s.dirty[s.session.gen] = true
		}
		if s.end(r, answered) && r.x.isSettled() {
			r.x.cancel()
		}
		claimed = r
	})
	return claimed
}

// incomingRequest notes who asks: the client's response belongs to this
// session and to no later one (transport.md B26). In the modern era
// servers ask nothing (transport.md M11).
func (b *bridge) incomingRequest(x *exchange, m frame.Message) []byte {
	if x != nil && x.modern != "" {
		b.log.Warn("a request of the server was dropped: this protocol version has none", "method", m.Method)
		return nil
	}
	b.update(func(s *inflight) {
		gen := s.session.gen
		if x != nil {
			gen = x.session.gen
		}
		if gen == s.session.gen {
			s.asked[m.Key] = question{id: bytes.Clone(m.ID), gen: gen}
		}
	})
	return m.Doc
}

// incomingNotification lets everything pass but what belongs to a request that
// was cancelled (transport.md A15, B29).
func (b *bridge) incomingNotification(x *exchange, m frame.Message) []byte {
	if m.Method == methodCancelled {
		if key, ok := frame.IDKey(frame.Lookup(m.Params, "requestId")); ok {
			b.update(func(s *inflight) { delete(s.asked, key) })
		}
	}
	if x != nil && x.isSettled() && (x.modern != "" || m.Method == methodProgress) {
		return nil
	}
	return m.Doc
}
