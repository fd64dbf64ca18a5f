// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// perform sends an exchange until it is answered or there is nothing more to
// try.
func (xs *exchanges) perform(x *exchange) error {
	if err := xs.admit(x); err != nil {
		return err
	}
	giveBack, err := xs.takeTurn(x)
	if err != nil {
		return err
	}
	defer giveBack()
	x.began = time.Now()
	unsure := false // an earlier attempt may have been executed
	for {
		err := xs.attempt(x, unsure)
		if err == nil || x.ctx.Err() != nil || x.attempts == 0 {
			return err
		}
		e := asError(err)
		unsure = unsure || e.Executed != NotExecuted
		if err := xs.retry(x, e); err != nil {
			return final(err, unsure)
		}
		if x.isSettled() { // meanwhile: nobody waits for another attempt
			return e
		}
	}
}

// final makes the last error speak for all attempts.
func final(err error, unsure bool) error {
	e := *asError(err)
	if unsure {
		e.Executed = MayHaveRun
	}
	return &e
}

// admit waits until everything the client sent before has arrived, as far as
// it matters: the handshake is complete, the session is ready, and for a while
// earlier notifications (transport.md A25).
func (xs *exchanges) admit(x *exchange) error {
	if !x.await(x.handshake, 0) || !x.await(x.ready, 0) || !x.await(x.lane, xs.t.laneWait) {
		return x.ctx.Err()
	}
	return nil
}

// takeTurn waits until few enough requests are under way, each of which has a
// connection to itself: a burst is sent over some connections one after the
// other and not over one each. A request that takes long gives its turn back, so
// that it holds nobody up; by that the wait has an end.
func (xs *exchanges) takeTurn(x *exchange) (giveBack func(), err error) {
	if x.internal != nil || x.method() == methodInitialize {
		return func() {}, nil
	}
	select {
	case xs.turns <- struct{}{}:
	case <-x.ctx.Done():
		return nil, x.ctx.Err()
	}
	var once sync.Once
	free := func() { once.Do(func() { <-xs.turns }) }
	timer := time.AfterFunc(xs.t.turn, free)
	return func() { timer.Stop(); free() }, nil
}

// maxAtOnce is how many requests are under way before others wait for a turn.
const maxAtOnce = 64

// await waits for c, at most for the limit if that is not 0. It returns false
// if the exchange ended meanwhile.
func (x *exchange) await(c <-chan struct{}, limit time.Duration) bool {
	if c == nil {
		return x.ctx.Err() == nil
	}
	var late <-chan time.Time
	if limit > 0 {
		t := time.NewTimer(limit)
		defer t.Stop()
		late = t.C
	}
	select {
	case <-c:
	case <-late:
	case <-x.ctx.Done():
	}
	return x.ctx.Err() == nil
}

// attempt sends the exchange once and reads the answer to its end.
func (xs *exchanges) attempt(x *exchange, unsure bool) error {
	s, err := xs.sessionFor(x)
	if err != nil {
		return err
	}
	if x.batch {
		if err := checkBatch(s); err != nil {
			return err
		}
	}
	xs.address(x)
	doc := x.frame
	if x.batch && x.readIn != s.gen {
		doc = lasting(doc, x.messages, s)
	}
	xs.update(func(*inflight) { x.touched, x.written, x.gen = unsure, false, s.gen })
	x.session = s
	x.attempts++
	x.answer, x.heard, x.broke, x.foreign = nil, false, nil, ""
	a, err := xs.up.send(x.ctx, outgoing{
		Message: x.first, doc: doc, modern: x.modern, session: s, expects: true, progress: xs.progress(x),
	})
	if err != nil {
		return err
	}
	x.answer = a
	defer a.release()
	return xs.reader.receive(x)
}

// address decides under which ids the exchange is sent and writes the frame
// with them. An attempt keeps those of the one before, if the server did not
// see them.
func (xs *exchanges) address(x *exchange) {
	fresh := x.stale || xs.cfg.UniqueIDs && x.internal == nil
	if x.attempts > 0 && !fresh {
		return
	}
	left := make(map[string]bool, len(x.requests))
	var edits []frame.Edit
	xs.update(func(s *inflight) {
		x.written = false
		for _, r := range x.requests {
			wire := r.id
			if fresh {
				wire = xs.ids.next()
			}
			s.address(r, wire)
			left[r.wireKey] = true
		}
		edits = s.edits(x.pending)
	})
	x.stale, x.left, x.frame = false, left, frame.SpliceAll(x.read, edits)
}

// sessionFor returns the session to send an exchange in. While the session is
// being recovered, there is none to be had.
func (xs *exchanges) sessionFor(x *exchange) (session, error) {
	if x.internal != nil {
		return x.internal.session, nil
	}
	if x.modern != "" {
		return session{}, nil
	}
	return xs.sessions.steadySession(x.ctx)
}

// progress records what the server may know of an exchange.
func (xs *exchanges) progress(x *exchange) progress {
	return progress{
		connect: max(xs.t.budgetOf(x.method())-time.Since(x.began), xs.t.connectMin),
		begun:   func() { xs.update(func(*inflight) { x.touched = true }) },
		whole:   func() { xs.markWritten(x.pending) },
	}
}

// establishes says whether the answer to the exchange begins the client's
// session.
func (x *pending) establishes() bool {
	return x.method() == methodInitialize && x.modern == "" && x.internal == nil
}

// sessionID is what the answer names the session, if it does.
func (x *exchange) sessionID() string {
	if x.answer == nil {
		return ""
	}
	return x.answer.sessionID
}

// watchTime ends an exchange that takes longer than Config.RequestTimeout
// (transport.md F-13). A subscription is meant to last.
func (xs *exchanges) watchTime(x *pending) {
	limit := xs.cfg.RequestTimeout
	if limit == 0 || x.internal != nil || x.method() == methodListen {
		return
	}
	xs.start("timeout", func() {
		ctx, cancel := context.WithTimeout(x.ctx, limit)
		defer cancel()
		select {
		case <-x.settled:
		case <-ctx.Done():
			if x.ctx.Err() == nil {
				xs.timeOut(x)
			}
		}
	})
}
