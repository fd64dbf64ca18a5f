// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const methodInitialized = "notifications/initialized"

// item is a notification or response of the client on its way to the server.
type item struct {
	m      frame.Message
	batch  []frame.Message // of a batch: what is in it
	modern string          // protocol version if it is of the modern era
	gen    int             // generation it belongs to
	hello  <-chan struct{} // closed when the handshake it stood behind is over; nil without one
	done   chan struct{}   // closed when the server accepted it or nothing more is tried
}

// The bounds of what waits in a lane, beside one more message.
const (
	maxLane      = 1024
	maxLaneBytes = 4 << 20
)

// lane sends messages that get no response one after the other, in the order
// they were read (transport.md A25). There is one for notifications and
// responses, and one for cancels, which no notification may hold up.
type lane struct {
	mu    sync.Mutex
	queue []*item
	bytes int   // of the messages in queue
	last  *item // newest item, sent or not
	ready *item // newest notifications/initialized
	wake  chan struct{}
	room  chan struct{} // gets something when an item has left the queue
}

func newLane() *lane { return &lane{wake: make(chan struct{}, 1), room: make(chan struct{}, 1)} }

// isFull says whether whoever fills the lane has to wait.
func (l *lane) isFull() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) >= maxLane || l.bytes >= maxLaneBytes
}

func (l *lane) push(it *item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, it)
	l.bytes += len(it.m.Doc)
	if l.last = it; it.m.Method == methodInitialized {
		l.ready = it
	}
	signal(l.wake)
}

// signal leaves a sign in a channel of one place.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (l *lane) pop() *item {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	it := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	l.bytes -= len(it.m.Doc)
	signal(l.room)
	return it
}

// before returns what a request that is read now must wait for: the newest
// item and the newest notifications/initialized. nil means nothing.
func (l *lane) before() (last, ready <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil {
		last = l.last.done
	}
	if l.ready != nil {
		ready = l.ready.done
	}
	return last, ready
}

// newItem prepares a message for the lane. A message without a version of its
// own is of the modern era if the client never spoke another (transport.md M6).
func (b *bridge) newItem(m frame.Message, batch ...frame.Message) *item {
	it := &item{m: m, batch: batch, modern: modernOf(m), done: make(chan struct{})}
	b.update(func(s *inflight) {
		if it.modern == "" && s.session.gen == 0 && s.hello == nil && m.Kind == frame.Notification {
			it.modern = s.modern
		}
		it.gen = s.session.gen
		if s.hello != nil {
			it.hello = s.hello.settled
			it.gen++
		}
		s.queued++
	})
	return it
}

// runLane sends what comes into a lane until the bridge ends.
func (b *bridge) runLane(l *lane) {
	for {
		it := l.pop()
		if it == nil {
			select {
			case <-l.wake:
				continue
			case <-b.life.Done():
				return
			}
		}
		b.forward(it)
	}
}

// forward sends one item and reports the outcome on the log at most: a
// notification or a response is never answered (transport.md F-22).
func (b *bridge) forward(it *item) {
	defer b.update(func(s *inflight) { s.queued-- })
	defer close(it.done)
	defer b.rescue("notification")
	if it.hello != nil {
		select {
		case <-it.hello:
		case <-b.life.Done():
			return
		}
	}
	if err := b.deliver(it); err != nil && b.life.Err() == nil {
		b.log.Warn("the server did not take a message", "method", it.m.Method, "error", err)
	}
}

// deliver sends an item. After the loss of the session a notification is sent
// once more in the new one; a response is not, and neither is what only had a
// meaning in the old one.
func (b *bridge) deliver(it *item) error {
	s, err := b.steadySession(b.life)
	if err != nil {
		return err
	}
	if it.batch != nil {
		if err := checkBatch(s); err != nil {
			return err
		}
		b.forgetAnswered(it.batch)
	}
	if !b.stillWanted(it, s) {
		return nil
	}
	err = b.postItem(it, s)
	var e *Error
	if errors.As(err, &e) && e.lost {
		if err := b.recoverSession(b.life, s.gen); err != nil {
			return err
		}
		if s = b.current(); !it.lasts(s) {
			return nil
		}
		err = b.postItem(it, s)
	}
	if err == nil && it.m.Method == methodInitialized {
		b.awaitEar(b.becomeReady(s.gen))
	}
	return err
}

// lasts says whether the item means something in s, another session than its
// own.
func (it *item) lasts(s session) bool {
	switch it.m.Method {
	case methodCancelled, methodProgress:
		return false
	case methodInitialized:
		return !s.ready
	}
	return it.m.Kind == frame.Notification
}

// stillWanted says whether the item still has an addressee in s. A response
// belongs to the server's request it answers, and that to a session
// (transport.md B26).
func (b *bridge) stillWanted(it *item, s session) (wanted bool) {
	b.update(func(f *inflight) {
		switch {
		case it.m.Kind == frame.Response:
			q, ok := f.asked[it.m.Key]
			delete(f.asked, it.m.Key)
			wanted = ok && q.gen == s.gen
		case it.m.Method == methodInitialized:
			if s.talk != nil {
				s.talk.ready = &it.m
			}
			wanted = true
		default:
			wanted = it.modern != "" || it.gen == s.gen || it.lasts(s)
		}
	})
	if !wanted {
		b.log.Info("a message that nobody waits for was dropped", "method", it.m.Method)
	}
	return wanted
}

// postItem sends an item in a session. Failures of class A are retried; it is
// in nobody's way but that of later items.
func (b *bridge) postItem(it *item, s session) error {
	limit := b.t.laneItem
	if it.m.Method == methodInitialized {
		limit = b.t.ready
	}
	ctx, cancel := context.WithTimeout(b.life, limit)
	defer cancel()
	for tries := 0; ; tries++ {
		doc := it.m.Doc
		if it.modern != "" {
			doc = b.outward(it.m)
		}
		_, err := b.up.send(ctx, outgoing{Message: it.m, doc: doc, modern: it.modern, session: s})
		var e *Error
		again := errors.As(err, &e) && e.Kind == KindUnreachable && e.Retryable && tries < retriesPerRequest
		if !again || !sleep(ctx, retryPauses[tries]) {
			return b.markLoss(err, s)
		}
	}
}

// markLoss recognizes the loss of the session in a refusal.
func (b *bridge) markLoss(err error, s session) error {
	var e *Error
	if errors.As(err, &e) && !e.stated && !e.lost && e.loss.likely && (!e.loss.doubtful || b.isGone(s)) {
		e.Kind, e.Executed, e.lost = KindSessionLost, NotExecuted, true
	}
	return err
}
