// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// rawUpstream is the client side of a process at the other end of a connection.
// initialize, or a message of the modern era, opens the connection, which is what
// is called a session elsewhere: it is never opened before it is needed, and its
// end is that of everything in it.
type rawUpstream struct {
	cfg *Config
	t   *timing
	log *slog.Logger

	dialing chan struct{} // holds one: one connection is opened at a time

	mu     sync.Mutex
	conns  map[string]*rawConn // those that have not ended
	newest *rawConn
	opened int
	closed bool
	silent silence
	short  int  // connections in a row that were of use and ended soon
	warned bool // of headers that cannot be sent
}

func newRawUpstream(cfg *Config) *rawUpstream {
	return &rawUpstream{
		cfg: cfg, t: cfg.timing, log: cfg.Log, conns: map[string]*rawConn{}, dialing: make(chan struct{}, 1),
	}
}

// send writes the message. Its answer is what comes back for its ids.
func (u *rawUpstream) send(ctx context.Context, m outgoing) (*answer, error) {
	c, err := u.connFor(ctx, m)
	if err != nil {
		return nil, err
	}
	lines, messages, err := rawLines(m.doc)
	if err != nil {
		return nil, &Error{Kind: kindInternal, Executed: NotExecuted, Err: err}
	}
	var s *rawStream
	if m.expects {
		s = newRawStream(ctx, c, m, messages)
		if s.behind > maxBehindList {
			return nil, batchError("it asks for too many lists of tools")
		}
		if err := c.enter(ctx, s); err != nil {
			return nil, err
		}
		if !c.expect(s) {
			return nil, c.unwritten(ctx, m)
		}
	}
	if len(messages) > 1 && s != nil {
		go c.writeBatch(ctx, lines, s, m.progress)
		return &answer{sessionID: c.name, stream: s}, nil
	}
	if err := c.write(ctx, lines, s, m.progress); err != nil {
		if s != nil {
			s.close()
		}
		return nil, c.unwritten(ctx, m)
	}
	if s == nil {
		return nil, nil
	}
	return &answer{sessionID: c.name, stream: s}, nil
}

// rawLines are a message, or those of a batch, as lines: Teleport takes no
// batches (protocol.md 13.3), and a server may answer one message by message, in any
// order. Lists of tools come last, so that nothing of the batch is behind one.
func rawLines(doc []byte) (lines []byte, messages []frame.Message, err error) {
	messages, _, err = frame.Parse(doc)
	if err != nil {
		return nil, nil, err
	}
	messages = listsLast(messages)
	lines = make([]byte, 0, len(doc)+len(messages))
	for _, m := range messages {
		begin := len(lines)
		lines = append(lines, m.Doc...)
		frame.Flatten(lines[begin:])
		lines = append(lines, '\n')
	}
	return lines, messages, nil
}

// connFor is the connection that a message goes over. A message that belongs to
// no session opens one if there is none; initialize begins another where one was
// established.
func (u *rawUpstream) connFor(ctx context.Context, m outgoing) (*rawConn, error) {
	if c := u.cancels(m); c != nil {
		return c, nil
	}
	if m.isInside() {
		if c := u.conn(m.session); c != nil {
			return c, nil
		}
		return nil, u.lostConn(m)
	}
	select {
	case u.dialing <- struct{}{}:
		defer func() { <-u.dialing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c := u.unused(m.begins()); c != nil {
		return c, nil
	}
	return u.dial(ctx, m)
}

// cancels is the connection of the request that a message cancels, which need not be
// that of the session any more; nil for others.
func (u *rawUpstream) cancels(m outgoing) *rawConn {
	if m.Method != methodCancelled {
		return nil
	}
	key, _ := frame.IDKey(frame.Lookup(m.doc, "params", "requestId"))
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, c := range u.conns {
		if c.has(key) {
			return c
		}
	}
	return nil
}

// conn is the connection of a session, nil if it has ended.
func (u *rawUpstream) conn(s session) *rawConn {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.conns[s.id]
}

// hasEnded says whether the connection of a session has ended, is being closed by this
// side, or only goes on for what is under way: nothing more is sent.
func (u *rawUpstream) hasEnded(s session) bool {
	c := u.conn(s)
	return c == nil || c.hasEnded()
}

// unused is the newest connection if it is good for a message of no session: for
// initialize one that no session was established on.
func (u *rawUpstream) unused(begins bool) *rawConn {
	u.mu.Lock()
	defer u.mu.Unlock()
	c := u.newest
	if c == nil || u.conns[c.name] != c || begins && c.isEstablished() || c.hasEnded() || c.replaced() {
		return nil
	}
	return c
}

// renew says whether another connection takes the place of the session's, since its
// user has other access now.
func (u *rawUpstream) renew(s session) bool {
	c := u.conn(s)
	return c != nil && c.replaced()
}

// dial opens a connection.
func (u *rawUpstream) dial(ctx context.Context, m outgoing) (*rawConn, error) {
	conn, err := u.cfg.Raw.Dial(ctx, m.Method, cmp.Or(m.progress.connect, u.t.budget))
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, unsent(err)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		conn.Close()
		return nil, &Error{Kind: kindShutdown, Executed: NotExecuted}
	}
	if !u.warned && len(u.cfg.Header) > 0 {
		u.warned = true
		u.log.Warn("headers are not sent: this server is not spoken to over HTTP")
	}
	u.opened++
	c := newRawConn(u, fmt.Sprint(rawSession, u.opened), conn)
	u.conns[c.name], u.newest = c, c
	return c, nil
}

// listen is the stream of what belongs to no request.
func (u *rawUpstream) listen(ctx context.Context, s session, _ *frame.Cursor) (stream, error) {
	if c := u.conn(s); c != nil {
		if l := c.listen(ctx); l != nil {
			return l, nil
		}
	}
	return nil, &Error{Kind: kindSessionLost, Executed: NotExecuted, Note: rawEnded, lost: true, noStream: true}
}

// end closes the connection that a session is.
func (u *rawUpstream) end(ctx context.Context, s session) error {
	c := u.conn(s)
	if c == nil {
		return nil
	}
	c.hangUp()
	select {
	case <-c.gone:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close closes all connections, and those that are still to come. It waits for
// them, for a moment.
func (u *rawUpstream) Close() error {
	u.mu.Lock()
	u.closed = true
	all := slices.Collect(maps.Values(u.conns))
	u.mu.Unlock()
	for _, c := range all {
		c.hangUp()
	}
	for _, c := range all {
		waitFor(c.gone, u.t.deletion)
	}
	return nil
}

// forget takes a connection out that has ended.
func (u *rawUpstream) forget(c *rawConn) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.conns[c.name] == c {
		delete(u.conns, c.name)
	}
}

// isBlank says whether a message of the server carries nothing: Teleport makes
// such ones of whatever a process prints that is no message (protocol.md 13.3).
func isBlank(doc []byte) bool {
	method, ok := frame.LookupString(doc, "method")
	return ok && method == "" && bytes.HasPrefix(doc, []byte("{"))
}
