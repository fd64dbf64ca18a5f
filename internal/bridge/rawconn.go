// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// What is kept of messages for which nobody listens yet; of more the oldest go.
const (
	maxRawHeld      = 256
	maxRawHeldBytes = 1 << 20
)

// rawConn is one connection to a process. One goroutine reads it, and hands each
// message to whom it belongs before it reads on: they reach the client in the order
// in which they came, and no more than two of them are in memory.
type rawConn struct {
	u    *rawUpstream
	name string
	conn Conn
	born time.Time

	writing chan struct{} // holds one: a line is written as a whole
	gone    chan struct{} // closed when it has ended and why is there
	why     *Error        // valid then

	mu          sync.Mutex
	ended       bool // nothing more is sent
	hungUp      bool // by this side
	retiring    bool // nothing new is sent, and it is hung up as soon as nothing is under way
	established bool // initialize was answered with a result
	streams     []*rawStream
	left        []map[string]bool // keys of those that were given up before the answer, the oldest first
	listening   *rawStream
	gate        listGate
	vigil       vigil
	held        []frame.Event // without what was found in them, which takes more room
	heldBytes   int
}

func newRawConn(u *rawUpstream, name string, conn Conn) *rawConn {
	c := &rawConn{
		u: u, name: name, conn: conn, born: time.Now(), writing: make(chan struct{}, 1), gone: make(chan struct{}),
		gate: listGate{lists: map[*rawStream]bool{}},
	}
	c.vigil.c = c
	c.why = &Error{Kind: kindInternal, Executed: MayHaveRun} // unless finish says more
	lines := make(chan frame.Text)
	failed := make(chan error, 1)
	go func() {
		defer close(lines)
		failed <- readRaw(conn, u.cfg.MaxMessageSize, lines)
	}()
	go func() {
		defer close(c.gone)
		defer c.rescue(lines)
		first := c.firstLine(lines)
		for ln := range lines {
			c.arrived(ln)
		}
		c.finish(first, <-failed)
	}()
	return c
}

// rescue must be deferred by who acts on what is read: a panic ends the connection,
// and nothing but that (transport.md F-26).
func (c *rawConn) rescue(lines <-chan frame.Text) {
	p := recover()
	if p == nil {
		return
	}
	logPanic(c.u.log, "connection", p)
	c.hangUp()
	c.u.forget(c)
	for range lines { // until the reader has noticed
	}
}

// readRaw reads lines until the connection ends.
func readRaw(conn Conn, limit int, lines chan<- frame.Text) error {
	r := frame.NewLineReader(conn, limit)
	for {
		ln, err := r.Next()
		if err != nil {
			return err
		}
		lines <- ln
	}
}

func (c *rawConn) isEstablished() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.established
}

// hasEnded says whether other connections take what is sent from now on.
func (c *rawConn) hasEnded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended || c.retiring
}

// has says whether the request with a key is under way here. Nobody may read its
// stream any more: the cancel comes after the end of the request where that was being
// written.
func (c *rawConn) has(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.streams, func(s *rawStream) bool { return s.keys[key] }) ||
		slices.ContainsFunc(c.left, func(keys map[string]bool) bool { return keys[key] })
}

// expect makes the answers to a request known before it is written. It returns
// false when the connection has ended.
func (c *rawConn) expect(s *rawStream) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	c.streams = append(c.streams, s)
	c.vigil.waits(s)
	return true
}

// listen is the stream of what belongs to no request, nil when the connection has
// ended.
func (c *rawConn) listen(ctx context.Context) *rawStream {
	s := newRawStream(ctx, c, outgoing{}, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return nil
	}
	c.listening = s
	return s
}

// write writes lines, after those that are being written. What is begun is brought
// to its end, whether or not somebody waits for it. s is whose request it is, nil
// for what gets no answer.
func (c *rawConn) write(ctx context.Context, lines []byte, s *rawStream, p progress) error {
	select {
	case c.writing <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.gone:
		return c.why
	}
	if p.begun != nil {
		p.begun()
	}
	done := make(chan error, 1)
	go func() {
		n, err := c.conn.Write(lines)
		<-c.writing
		if err == nil && n == len(lines) {
			if p.whole != nil {
				p.whole()
			}
			if s != nil {
				s.note(&s.written)
			}
		}
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeBatch writes a batch while its answers are read already: the server may read
// the rest of it only when it has got rid of those to the beginning.
func (c *rawConn) writeBatch(ctx context.Context, lines []byte, s *rawStream, p progress) {
	if c.write(ctx, lines, s, p) != nil && ctx.Err() == nil {
		c.hangUp()
	}
}

// arrived hands a line to whom it belongs, and waits until that has dealt with it.
func (c *rawConn) arrived(ln frame.Text) {
	c.vigil.hear()
	e := eventOf(frame.Event{Text: ln})
	if e.TooLong == nil && isBlank(e.Data) {
		c.u.log.Debug("a message of the server without a method was dropped")
		return
	}
	s := c.owner(e)
	if s == nil {
		c.hold(e.Event)
		return
	}
	s.hand(e)
}

// owner is the stream that a message belongs on: that of its request, as far as it
// names one, else the listening stream, else the oldest that is read. While a
// request is still being written nobody reads its stream, and the server may read
// the rest of it only when it has got rid of this message.
func (c *rawConn) owner(e event) *rawStream {
	about := topicOf(e)
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.IndexFunc(c.streams, about.isOf); i >= 0 {
		s := c.streams[i]
		if about.key != "" {
			c.vigil.answered = true
		}
		if about.succeeds && s.begins {
			c.established = true
		}
		return s
	}
	switch {
	case strings.HasPrefix(about.key, "s"+pingID):
		return discarding
	case about.key != "": // the answer to nothing that is open
		c.u.log.Info("a response that no request waits for was dropped")
		return discarding
	case c.listening != nil:
		return c.listening
	}
	if i := slices.IndexFunc(c.streams, (*rawStream).isWritten); i >= 0 {
		return c.streams[i]
	}
	return nil
}

// hold keeps a message until somebody listens.
func (c *rawConn) hold(e frame.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = append(c.held, e)
	c.heldBytes += len(e.Data)
	for len(c.held) > maxRawHeld || c.heldBytes > maxRawHeldBytes {
		c.heldBytes -= len(c.held[0].Data)
		c.held = slices.Delete(c.held, 0, 1)
	}
}

// unheld is the oldest message that was held and that s may have.
func (c *rawConn) unheld(s *rawStream) (e event, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.held) == 0 || c.listening != nil && c.listening != s {
		return event{}, false
	}
	oldest := c.held[0]
	c.heldBytes -= len(oldest.Data)
	c.held = slices.Delete(c.held, 0, 1)
	return eventOf(oldest), true
}

// drop forgets a stream that nobody reads any more.
func (c *rawConn) drop(s *rawStream) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.streams, s); i >= 0 {
		c.gate.leave(s)
		c.streams = slices.Delete(c.streams, i, i+1)
		c.vigil.told()
		if !s.isAnswered() {
			c.left = append(c.left[max(0, len(c.left)-maxAbandoned+1):], s.keys)
		}
	}
	if c.listening == s {
		c.listening = nil
	}
	if c.retiring {
		c.leaveQuiet()
	}
}

// replaced says whether messages have to go over another connection, since the user has
// other access by now. What is under way goes on here, beside the other one: it would
// be lost with this one.
func (c *rawConn) replaced() bool {
	if !c.conn.Outdated() {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.retiring = true
	c.leaveQuiet()
	return true
}

// leaveQuiet hangs up if nothing is under way but what lasts as long as the
// connection. The lock must be held, so that nothing is begun meanwhile.
func (c *rawConn) leaveQuiet() {
	if !slices.ContainsFunc(c.streams, func(s *rawStream) bool { return s.method != methodListen }) {
		c.hangUpLocked()
	}
}

// hangUp closes the connection from this side. A Close that takes time holds up
// nobody; the end of reading tells when it is done.
func (c *rawConn) hangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hangUpLocked()
}

func (c *rawConn) hangUpLocked() {
	again := c.hungUp
	c.hungUp, c.ended = true, true
	if !again {
		go c.conn.Close()
	}
}
