// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// maxBehindList is how many requests may follow a tools/list that is not answered
// yet. Teleport knows what an answer is to for about the last 50 requests of a
// connection, and passes lists that it does not know as such as they are, with tools
// that no role allows (protocol.md 13.3).
const maxBehindList = 40

// listGate is what is under way behind lists of tools. Its fields are guarded by
// rawConn.mu.
type listGate struct {
	lists  map[*rawStream]bool // those without an answer
	behind int                 // requests since the first of them
	open   chan struct{}       // closed when there is none any more; nil if nobody waits
}

// enter waits until a request may follow, as long as a request has its turn: a list
// that takes longer holds nobody up any more. An error is the context's.
func (c *rawConn) enter(ctx context.Context, s *rawStream) error {
	timer := time.NewTimer(c.u.t.turn)
	defer timer.Stop()
	for {
		open := c.gateFor(s)
		if open == nil {
			return nil
		}
		select {
		case <-open:
		case <-timer.C:
			c.mu.Lock()
			c.gate.reset()
			c.mu.Unlock()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// gateFor counts a request that may follow now; for another one it returns what is
// closed when there is something new.
func (c *rawConn) gateFor(s *rawStream) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	g := &c.gate
	if len(g.lists) > 0 && g.behind+len(s.ids) > maxBehindList {
		if g.open == nil {
			g.open = make(chan struct{})
		}
		return g.open
	}
	switch {
	case len(g.lists) > 0:
		g.behind += len(s.ids)
	case s.list:
		g.behind = s.behind
	}
	if s.list {
		g.lists[s] = true
	}
	return nil
}

// isList says whether Teleport has to know what the answer to a message is.
func isList(m frame.Message) bool { return m.Kind == frame.Request && m.Method == methodTools }

// listsLast are the messages of a batch with its lists of tools behind the rest.
func listsLast(messages []frame.Message) []frame.Message {
	slices.SortStableFunc(messages, func(a, b frame.Message) int {
		switch {
		case isList(a) == isList(b):
			return 0
		case isList(b):
			return -1
		}
		return 1
	})
	return messages
}

// leave notes that a stream is over. The caller holds mu, as for reset.
func (g *listGate) leave(s *rawStream) {
	if !g.lists[s] {
		return
	}
	if delete(g.lists, s); len(g.lists) == 0 {
		g.reset()
	}
}

func (g *listGate) reset() {
	clear(g.lists)
	g.behind = 0
	if g.open != nil {
		close(g.open)
		g.open = nil
	}
}
