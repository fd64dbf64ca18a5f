// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// rawStream is what comes over a connection for one request, or a batch of them,
// or for none.
type rawStream struct {
	ctx    context.Context
	c      *rawConn
	method string
	began  time.Time
	keys   map[string]bool // of the ids on the wire
	ids    [][]byte
	list   bool   // a tools/list is among them
	behind int    // how many follow that
	token  string // of its progress; "" for none
	begins bool   // it is the initialize of a session
	modern bool

	events chan event
	dealt  chan struct{} // gets something when the last event is done with
	busy   bool          // with it; owned by who reads
	once   sync.Once
	over   chan struct{} // closed when nobody reads any more

	mu       sync.Mutex
	written  bool // the server has the request
	answered bool // nothing more is to come
	left     bool // nobody reads any more
}

func newRawStream(ctx context.Context, c *rawConn, m outgoing, messages []frame.Message) *rawStream {
	s := &rawStream{
		ctx: ctx, c: c, method: m.Method, began: time.Now(), modern: m.modern != "", keys: map[string]bool{},
		begins: m.begins(),
		events: make(chan event), dealt: make(chan struct{}, 1), over: make(chan struct{}),
	}
	for _, m := range messages {
		if m.Kind == frame.Request {
			if s.list {
				s.behind++
			}
			s.list = s.list || isList(m)
			s.keys[m.Key] = true
			s.ids = append(s.ids, m.ID)
			s.token, _ = frame.IDKey(frame.Lookup(m.Params, "_meta", "progressToken"))
		}
	}
	return s
}

// discarding takes what is for nobody.
var discarding = func() *rawStream {
	s := &rawStream{ctx: context.Background(), over: make(chan struct{})}
	close(s.over)
	return s
}()

// hand gives an event to who reads, and waits until it is done with or nobody
// reads any more.
func (s *rawStream) hand(e event) {
	select {
	case s.events <- e:
	case <-s.over:
		return
	case <-s.ctx.Done():
		return
	}
	select {
	case <-s.dealt:
	case <-s.over:
	case <-s.ctx.Done():
	}
}

// next returns the next message. The end of the connection is final.
func (s *rawStream) next() (event, error) {
	if s.busy {
		s.busy = false
		s.dealt <- struct{}{}
	}
	if e, ok := s.c.unheld(s); ok {
		return e, nil
	}
	select {
	case e := <-s.events:
		s.busy = true
		return e, s.spoilt(e)
	case <-s.c.gone:
		return event{}, s.c.endOf(s)
	case <-s.ctx.Done():
		return event{}, s.ctx.Err()
	}
}

// spoilt is the failure of a request whose response came and is none. A connection
// that goes on would leave it without an end (transport.md F-15).
func (s *rawStream) spoilt(e event) error {
	if e.err == nil || !s.keys[topicOf(e).key] {
		return nil
	}
	return &Error{Kind: KindMalformed, Executed: MayHaveRun, Err: e.err, noStream: true}
}

// cursor is nowhere: a connection cannot be taken up again.
func (s *rawStream) cursor() *frame.Cursor { return &frame.Cursor{Retry: -1} }

func (s *rawStream) finish() {
	s.note(&s.answered)
	s.close()
}

func (s *rawStream) close() {
	s.once.Do(func() { close(s.over) })
	s.c.drop(s)
	s.note(&s.left)
}

// note notes one of the facts about the stream. In the modern era the end of the
// stream is the cancel of a request that has no answer, which a connection that goes
// on has to be told once the server has the request (transport.md M8). In the other
// era the client's own cancel does that, and nobody else may.
func (s *rawStream) note(fact *bool) {
	s.mu.Lock()
	*fact = true
	tell := s.modern && s.written && s.left && !s.answered
	s.mu.Unlock()
	if tell {
		s.cancel()
	}
}

// cancel tells the server that a request is not wanted any more.
func (s *rawStream) cancel() {
	var lines []byte
	for _, id := range s.ids {
		lines = append(append(lines, cancelFrame(id, "cancelled by the client")...), '\n')
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.c.u.t.laneItem)
		defer cancel()
		_ = s.c.write(ctx, lines, nil, progress{})
	}()
}

// topic is what a message is about, as far as streams are concerned.
type topic struct {
	key      string // of the id that it answers; "" for no answer
	token    string // of the progress that it tells
	request  string // key of the request that a subscription is
	succeeds bool
}

// topicOf finds what a message is about. Of one that is too long, or none, only the
// ids are known.
func topicOf(e event) (t topic) {
	if e.TooLong != nil || e.err != nil {
		for _, m := range e.outlines() {
			if key, ok := frame.IDKey(m.ID); ok && !m.HasMethod {
				t.key = key
			}
		}
		return t
	}
	for _, m := range e.messages {
		switch m.Kind {
		case frame.Response:
			t.key, t.succeeds = m.Key, m.Result != nil
		case frame.Notification:
			t.token, _ = frame.IDKey(frame.Lookup(m.Params, "progressToken"))
			t.request, _ = frame.IDKey(frame.Lookup(m.Params, "_meta", metaSubscription))
		}
	}
	return t
}

// isCall says whether the server may be at work for as long as it likes.
func (s *rawStream) isCall() bool {
	return s.method != methodListen && (len(s.keys) > 1 || !repeatable[s.method])
}

func (s *rawStream) isWritten() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written
}

func (s *rawStream) isAnswered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered
}

func (t topic) isOf(s *rawStream) bool {
	switch {
	case t.key != "":
		return s.keys[t.key]
	case t.request != "":
		return s.keys[t.request]
	}
	return t.token != "" && t.token == s.token
}
