// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"log/slog"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// relay passes messages of the server to the client.
type relay struct {
	*common
	client   *client
	sessions *sessions
	fallback *fallback
	tools    *toolHeaders
}

// pass passes messages of the server on to the client. x is the exchange on
// whose answer they came, nil on the listening stream; frame is what they came
// in. An array goes on as one if the client's version has batches and all of
// it is for the client (transport.md B9).
func (rl *relay) pass(x *exchange, doc []byte, messages []frame.Message) {
	var docs [][]byte
	whole := len(messages) > 1 && rl.current().version == batchVersion
	for _, m := range messages {
		out := rl.incoming(x, m)
		whole = whole && len(out) == 1
		docs = append(docs, out...)
	}
	if whole {
		docs = [][]byte{rebuilt(doc, docs)}
	}
	for _, doc := range docs {
		rl.client.write(doc)
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
func (rl *relay) incoming(x *exchange, m frame.Message) [][]byte {
	var doc []byte
	switch m.Kind {
	case frame.Response:
		doc = rl.incomingResponse(x, m)
	case frame.Request:
		doc = rl.incomingRequest(x, rl.inward(m))
	default:
		m = rl.inward(m)
		if m.Method == methodToolsChanged {
			rl.tools.forget()
		}
		if x != nil && x.modern != "" && x.method() == methodListen && !x.isSettled() {
			return rl.subscribed(x, m)
		}
		doc = rl.incomingNotification(x, m)
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
func (rl *relay) incomingResponse(x *exchange, m frame.Message) []byte {
	var r *request
	key := rl.meant(x, m.Key)
	if x != nil && x.left[key] {
		delete(x.left, key)
		r = rl.claim(x, key, &m)
	} else {
		r = rl.claimElsewhere(key)
	}
	if r == nil {
		if x != nil {
			x.foreign = frame.IDExcerpt(m.ID)
		}
		rl.log.Info("a response that no request waits for was dropped")
		return nil
	}
	rl.logAnswer(r, m)
	doc := rl.finalForm(r, m)
	if r.x.internal != nil { // x itself: nobody else's response to it is taken
		r.x.internal.end(&m, x.sessionID(), nil)
		return nil
	}
	return doc
}

// logAnswer says that there is an answer, and nothing of what is in it but the code
// of an error.
func (rl *relay) logAnswer(r *request, m frame.Message) {
	if !rl.log.Enabled(rl.client.writing, slog.LevelDebug) {
		return
	}
	args := []any{"method", r.method, "id", frame.IDExcerpt(r.id), "took", r.took()}
	if code := frame.Lookup(m.Failure, "code"); m.Failure != nil && frame.IsDigits(string(trimMinus(code))) {
		rl.log.Debug("a request was answered with an error of the server", append(args, "rpc_code", string(code))...)
		return
	}
	rl.log.Debug("a request was answered", args...)
}

// meant is the key on the wire of the request that a response on x is for.
func (rl *relay) meant(x *exchange, key string) (wire string) {
	var p *pending
	if x != nil {
		if x.left[key] {
			return key
		}
		p = x.pending
	}
	rl.update(func(s *inflight) { wire = s.meant(p, key) })
	return wire
}

// finalForm makes the response fit the client's request.
func (rl *relay) finalForm(r *request, m frame.Message) []byte {
	x, doc := r.x, m.Doc
	if m.Result != nil {
		doc = mendList(r.method, doc)
	}
	if x.modern != "" && r.method == methodTools && m.Result != nil {
		if rl.cfg.LossyLists {
			doc = completeList(doc)
		}
		doc = rl.filterTools(doc)
	}
	if r.method == methodTools && m.Result != nil {
		rl.fallback.keepTools(x, doc)
	}
	if m.Failure != nil && x.internal == nil {
		doc = mendFailure(doc, m.Failure)
		rl.explain(r, m)
		rl.client.endSubscription(r)
		if r.method == methodCall {
			doc = rl.advised(x, doc, m)
		}
	}
	if len(doc) != len(m.Doc) || &doc[0] != &m.Doc[0] { // it was mended
		m, _ = frame.ParseMessage(doc)
	}
	return r.restored(m)
}

// explain logs what a legacy client cannot understand: the server's refusal
// may be all that is known of why nothing works (transport.md 1G).
func (rl *relay) explain(r *request, m frame.Message) {
	if r.method == methodInitialize && r.x.modern == "" && isReserved(m.Failure) {
		rl.log.Error("the server only speaks " + modernVersion + " or later, which this client does not")
	}
}

// claim settles the request of x with the key, which m answers. nil means that it was
// cancelled or answered before.
func (rl *relay) claim(x *exchange, key string, m *frame.Message) (claimed *request) {
	var old session
	rl.update(func(s *inflight) {
		for _, r := range s.wire[key] {
			if r.x != x.pending {
				continue
			}
			if r.method == methodInitialize {
				old = s.establish(x, m)
			} else if m.Result != nil {
				s.remember(x.pending, r)
			}
			s.end(r, answered)
			claimed = r
			return
		}
	})
	if claimed != nil && claimed.method == methodInitialize && x.internal == nil {
		rl.fallback.keep(x.first.Params, m.Result)
	}
	if old.id != "" {
		rl.start("old session", func() { rl.sessions.end(old) })
	}
	return claimed
}

// claimElsewhere settles a request whose exchange is still waiting for it, and
// ends that exchange. The claim makes the caller the one who answers it.
func (rl *relay) claimElsewhere(key string) (claimed *request) {
	rl.update(func(s *inflight) {
		queue := s.wire[key]
		if len(queue) == 0 {
			return
		}
		r := queue[0]
		if r.method == methodInitialize || r.x.modern != "" || r.x.internal != nil {
			return
		}
		if r.method == methodCall {
			s.calledTools[s.session.gen] = true
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
func (rl *relay) incomingRequest(x *exchange, m frame.Message) []byte {
	if x != nil && x.modern != "" {
		rl.log.Warn("a request of the server was dropped: this protocol version has none", "method", m.Method)
		return nil
	}
	if len(m.ID) > maxServerID {
		rl.log.Warn("a request of the server was dropped: its id is too long", "method", m.Method, "size", len(m.ID))
		return nil
	}
	var gone []serverRequest
	rl.update(func(s *inflight) {
		gen := s.session.gen
		if x != nil {
			gen = x.session.gen
		}
		if gen == s.session.gen {
			gone = s.serverRequests.put(m.Key, serverRequest{id: bytes.Clone(m.ID), gen: gen}, len(m.ID))
		}
	})
	for _, q := range gone {
		rl.client.write(cancelFrame(q.id, "the server asks for too much at once"))
	}
	return m.Doc
}

// incomingNotification lets everything pass but what belongs to a request that
// was cancelled (transport.md A15, B29).
func (rl *relay) incomingNotification(x *exchange, m frame.Message) []byte {
	if m.Method == methodCancelled {
		if key, ok := frame.IDKey(frame.Lookup(m.Params, "requestId")); ok {
			rl.update(func(s *inflight) { s.serverRequests.drop(key) })
		}
	}
	if x != nil && x.isSettled() && (x.modern != "" || m.Method == methodProgress) {
		return nil
	}
	return m.Doc
}
