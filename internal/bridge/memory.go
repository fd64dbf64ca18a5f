// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Memory lets a client start while the server cannot be reached, or while
// somebody has to sign in first: several clients give a server only seconds to
// answer initialize. The bridge then answers with what the server said the last
// time and performs the client's handshake as soon as it can, like after the
// loss of a session: the client's requests wait for that, list_changed tells it
// to look again, and a server that has changed in a way the client cannot be
// told about makes the requests fail with the advice to restart the client.
type Memory struct {
	// Patience is how long the server has to answer initialize before the
	// bridge does; 0: 4 s, below the 5 s of the most hurried clients.
	Patience time.Duration
	// Recall returns the result (JSON) of an earlier initialize with the same
	// params, or nil.
	Recall func(params []byte) (result []byte)
	// Keep is given each result of the server's own. It must not block long.
	Keep func(params, result []byte)
	// KeepTools is given the names of the tools in each tools/list result that
	// reaches the client, one page at a time; first marks the page that a list
	// begins with. nil: nobody wants them. It must not block long.
	KeepTools func(names []string, first bool)
}

const defaultPatience = 4 * time.Second

// remembers says whether the memory may answer for an exchange.
func (b *bridge) remembers(x *exchange) bool {
	return b.cfg.Memory != nil && x.own == nil && x.modern == "" && !x.batch && x.method() == methodInitialize
}

// watchHello answers initialize from memory if the server takes too long.
func (b *bridge) watchHello(x *exchange) {
	if !b.remembers(x) {
		return
	}
	patience := b.cfg.Memory.Patience
	if patience == 0 {
		patience = defaultPatience
	}
	b.start("memory", func() {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-timer.C:
			b.pledge(x)
		case <-x.settled:
		case <-x.ctx.Done():
		}
	})
}

// standIn answers initialize from memory if it failed for a reason that may
// pass: the client starts, and its requests tell what is wrong, until it is not.
func (b *bridge) standIn(x *exchange, err error) bool {
	if err == nil || !b.remembers(x) || b.life.Err() != nil || x.isSettled() {
		return false
	}
	switch e := b.blame(x, err); e.Kind {
	case KindUnreachable, KindClientCertificate, KindConnectionLost, KindThrottled, KindTimeout:
		return b.pledge(x)
	case KindHTTPStatus:
		return e.isServerFault() && b.pledge(x)
	}
	return false
}

// pledge answers initialize with a remembered result. The session it begins is
// opened by a recovery, at once and again whenever a request needs it.
func (b *bridge) pledge(x *exchange) bool {
	result := b.cfg.Memory.Recall(x.first.Params)
	version, ok := frame.LookupString(result, "protocolVersion")
	if !ok {
		return false
	}
	var claimed *request
	b.update(func(s *inflight) {
		if claimed = x.unsettled(); claimed == nil {
			return
		}
		next := s.session.renewed("")
		next.version, next.pledged = version, true
		next.talk = &talk{hello: x.first, answer: bytes.Clone(result)}
		s.session = next
		s.end(claimed, answered)
	})
	if claimed == nil {
		return false
	}
	b.log.Warn("the server does not answer; the client starts with what it said the last time")
	x.cancel()
	b.write(frame.NewResponse(claimed.id, "result", flattened(result)))
	b.start("opening", func() {
		if err := b.recoverSession(b.life, b.current().gen); err != nil && b.life.Err() == nil {
			b.log.Warn("the session is not open yet", "error", err)
		}
	})
	return true
}

// keep hands the result of a handshake to the memory.
func (b *bridge) keep(params, result []byte) {
	if m := b.cfg.Memory; m != nil && m.Keep != nil && result != nil {
		m.Keep(bytes.Clone(params), bytes.Clone(result))
	}
}

// keepTools hands the names in a page of a list of tools to the memory.
func (b *bridge) keepTools(x *exchange, page []byte) {
	if m := b.cfg.Memory; m == nil || m.KeepTools == nil || x.own != nil || x.batch {
		return
	}
	var names []string
	tools := frame.Lookup(page, "result", "tools")
	frame.EachElement(tools, func(v frame.Span) bool {
		if name, ok := frame.LookupString(v.Of(tools), "name"); ok {
			names = append(names, name)
		}
		return true
	})
	b.cfg.Memory.KeepTools(names, frame.Lookup(x.first.Params, "cursor") == nil)
}

func flattened(doc []byte) []byte {
	doc = bytes.Clone(doc)
	frame.Flatten(doc)
	return doc
}
