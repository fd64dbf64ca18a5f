// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const (
	methodAcknowledged = "notifications/subscriptions/acknowledged"
	metaSubscription   = "io.modelcontextprotocol/subscriptionId"
)

// subscription is what the bridge knows of a subscriptions/listen request that
// the server has acknowledged. Its stream stays open for days; when it breaks,
// the bridge asks again under another id, and the client never knows
// (transport.md F-12).
type subscription struct {
	filter []byte // what the server agreed to, from the acknowledgement
	pause  backoff
	gap    bool // messages may have been lost since the last one
}

// subscribed does the book-keeping for a notification on the stream of a
// subscription and returns what the client is to see of it.
func (rl *relay) subscribed(x *exchange, m frame.Message) [][]byte {
	switch m.Method {
	case methodCancelled:
		rl.unsubscribed(x, m)
	case methodAcknowledged:
		return rl.acknowledged(x, m)
	}
	return [][]byte{m.Doc}
}

// acknowledged notes what the server agreed to. Another acknowledgement after a
// gap tells the client nothing; that lists may have changed meanwhile does.
func (rl *relay) acknowledged(x *exchange, m frame.Message) [][]byte {
	filter := bytes.Clone(frame.Lookup(m.Params, "notifications"))
	if x.sub == nil {
		x.sub = &subscription{pause: backoff{min: rl.t.listenMin, max: rl.t.listenMax, growth: 2}}
		x.listens.Store(true)
	}
	s := x.sub
	var out [][]byte
	if !s.gap || !bytes.Equal(s.filter, filter) {
		out = append(out, m.Doc)
	}
	if s.gap {
		out = append(out, x.refreshes(filter)...)
	}
	if s.filter, s.gap = filter, false; len(filter) > maxFilter { // told again after the next gap
		s.filter = nil
	}
	s.pause.reset()
	return out
}

// refreshes makes one notification for every kind of list the subscription is
// about.
func (x *exchange) refreshes(filter []byte) (out [][]byte) {
	for _, list := range []string{"tools", "prompts", "resources"} {
		if string(frame.Lookup(filter, list+"ListChanged")) == "true" {
			out = append(out, fmt.Appendf(nil, `{"jsonrpc":"2.0","method":"notifications/%s/list_changed","params":{"_meta":{%q:%s}}}`,
				list, metaSubscription, x.requests[0].id))
		}
	}
	return out
}

// unsubscribed ends a subscription that the server cancelled: some servers do
// that instead of sending a result (transport.md M14).
func (rl *relay) unsubscribed(x *exchange, m frame.Message) {
	r := x.requests[0]
	if key, _ := frame.IDKey(frame.Lookup(m.Params, "requestId")); key != r.key {
		return
	}
	clear(x.left)
	rl.update(func(s *inflight) { s.end(r, dropped) })
}
