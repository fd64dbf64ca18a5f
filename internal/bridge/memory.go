// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"sync"
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
	// patience is how long the server has to answer initialize before the
	// bridge does; 0: 4 s, below the 5 s of the most hurried clients.
	patience time.Duration
	// Recall returns the result (JSON) of an earlier initialize with the same
	// params, or nil.
	Recall func(params []byte) (result []byte)
	// Keep is given each result of the server's own, while the client gets its answer.
	// One call of Keep or KeepTools follows the other, and Run waits for the last. What
	// comes while too much waits for one that hangs is left out.
	Keep func(params, result []byte)
	// KeepTools is given the names of the tools in each tools/list result that
	// reaches the client, one page at a time; first marks the page that a list
	// begins with. nil: nobody wants them.
	KeepTools func(names []string, first bool)
}

const defaultPatience = 4 * time.Second

// fallback answers from memory.
type fallback struct {
	*common
	client    *client
	exchanges *exchanges
	sessions  *sessions

	order   sync.Mutex
	last    chan struct{} // closed when what was handed to the memory last is there; nil: nothing was
	waiting int           // bytes that are not there yet
	lacking bool          // of the list of tools that comes a page was left out
}

// applies says whether the memory may answer for an exchange.
func (fb *fallback) applies(x *pending) bool {
	return fb.cfg.Memory != nil && x.establishes()
}

// watch answers initialize from memory if the server takes too long.
func (fb *fallback) watch(x *pending) {
	if !fb.applies(x) {
		return
	}
	patience := fb.cfg.Memory.patience
	if patience == 0 {
		patience = defaultPatience
	}
	fb.start("memory", func() {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-timer.C:
			fb.answer(x)
		case <-x.settled:
		case <-x.ctx.Done():
		}
	})
}

// answerFailed answers initialize from memory if it failed for a reason that may
// pass: the client starts, and its requests tell what is wrong, until it is not.
func (fb *fallback) answerFailed(x *exchange, err error) bool {
	if err == nil || !fb.applies(x.pending) || fb.life.Err() != nil || x.isSettled() {
		return false
	}
	switch e := fb.exchanges.blame(x, err); e.Kind {
	case KindUnreachable, kindClientCertificate, KindConnectionLost, kindThrottled, KindTimeout:
		return fb.answer(x.pending)
	case KindHTTPStatus:
		return e.isServerFault() && fb.answer(x.pending)
	}
	return false
}

// answer answers initialize with a remembered result. The session it begins is
// opened by a recovery, at once and again whenever a request needs it.
func (fb *fallback) answer(x *pending) bool {
	result := fb.cfg.Memory.Recall(x.first.Params)
	version, ok := frame.LookupString(result, "protocolVersion")
	if !ok {
		return false
	}
	var claimed *request
	fb.update(func(s *inflight) {
		if claimed = x.unsettled(); claimed == nil {
			return
		}
		next := s.session.renewed("")
		next.version, next.fromMemory = version, true
		next.state = newSessionState(x.first, result)
		s.enter(next)
		s.end(claimed, answered)
	})
	if claimed == nil {
		return false
	}
	fb.log.Warn("the server does not answer; the client starts with what it said the last time")
	x.cancel()
	fb.client.write(frame.NewResponse(claimed.id, "result", flattened(result)))
	fb.start("opening", func() {
		if err := fb.sessions.recoverSession(fb.life, fb.current().gen); err != nil && fb.life.Err() == nil {
			fb.log.Warn("the session is not open yet", "error", err)
		}
	})
	return true
}

// keep hands the result of a handshake to the memory.
func (fb *fallback) keep(params, result []byte) {
	if m := fb.cfg.Memory; m != nil && m.Keep != nil && result != nil && len(result) <= maxRemembered {
		params, result = bytes.Clone(params), bytes.Clone(result)
		fb.order.Lock()
		defer fb.order.Unlock()
		fb.remember(len(params)+len(result), func() { m.Keep(params, result) })
	}
}

// remember has something handed to the memory after what was before it, while the
// client gets its answer: that does not wait for files. It reports whether there was
// room for it. Its caller has locked order.
func (fb *fallback) remember(size int, hand func()) bool {
	size += 4 << 10 // of the goroutine
	if fb.waiting > 0 && fb.waiting+size > maxRemembering {
		return false
	}
	fb.waiting += size
	before, done := fb.last, make(chan struct{})
	fb.last = done
	fb.start("memory", func() {
		defer fb.remembered(size, done)
		if before != nil {
			<-before
		}
		hand()
	})
	return true
}

func (fb *fallback) remembered(size int, done chan<- struct{}) {
	fb.order.Lock()
	fb.waiting -= size
	fb.order.Unlock()
	close(done)
}

// keepTools hands the names in a page of a list of tools to the memory.
func (fb *fallback) keepTools(x *pending, page []byte) {
	if m := fb.cfg.Memory; m == nil || m.KeepTools == nil || x.internal != nil || x.batch {
		return
	}
	var names []string
	size := 0
	tools := frame.Lookup(page, "result", "tools")
	frame.EachElement(tools, func(v frame.Span) bool {
		if name, ok := frame.LookupString(v.Of(tools), "name"); ok {
			names = append(names, name)
			size += len(name)
		}
		return true
	})
	first := frame.Lookup(x.first.Params, "cursor") == nil
	fb.order.Lock()
	defer fb.order.Unlock()
	if first || !fb.lacking {
		fb.lacking = !fb.remember(size, func() { fb.cfg.Memory.KeepTools(names, first) })
	}
}

func flattened(doc []byte) []byte {
	doc = bytes.Clone(doc)
	frame.Flatten(doc)
	return doc
}
