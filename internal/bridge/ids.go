// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"crypto/rand"
	"strconv"
	"sync/atomic"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// An id has two forms: the client's own, and the one on the wire that the
// server knows. They differ where the client's may already be taken by
// somebody else or was seen by the server before. inflight.wire knows which
// request a wire id stands for; this file puts the one in the place of the
// other and nothing else does.

// idSource makes ids for the wire. Its prefix is random, so that no other
// source, in whatever process, makes the same ones.
type idSource struct {
	prefix string
	last   atomic.Uint64
}

// idRandom is how many of the 5-bit letters of rand.Text an id has: 80 bits.
const idRandom = 16

func (s *idSource) init() { s.prefix = `"tshmcp-` + rand.Text()[:idRandom] + "-" }

// next returns a raw id that was never used before.
func (s *idSource) next() []byte {
	return append(strconv.AppendUint([]byte(s.prefix), s.last.Add(1), 32), '"')
}

// address gives a request its id on the wire. One that is settled keeps the
// one it has: whoever settled it may still look at it.
func (s *inflight) address(r *request, wire []byte) {
	if r.settle != unsettled && r.wire != nil {
		return
	}
	drop(s.wire, r.wireKey, r)
	r.wire = wire
	r.wireKey, _ = frame.IDKey(wire)
	if r.settle == unsettled {
		s.wire[r.wireKey] = append(s.wire[r.wireKey], r)
	}
}

// edits are what has to change in the frame of an exchange as it was read.
func (s *inflight) edits(x *pending) (all []frame.Edit) {
	requests := x.requests
	for i, m := range x.messages {
		if x.modern != "" {
			all = append(all, s.subscriptionEdit(m)...)
		}
		if m.Kind != frame.Request {
			continue
		}
		if r := requests[0]; r.renamed() || x.internal != nil {
			at := m.IDAt
			if x.batch {
				at = at.From(x.starts[i])
			}
			all = append(all, frame.Edit{At: at, With: r.wire})
		}
		requests = requests[1:]
	}
	return all
}

// renamed says whether the server knows the request under another id than the
// client.
func (r *request) renamed() bool { return string(r.wire) != string(r.id) }

// subscriptionEdit puts the wire id of an open subscription in the place of the
// client's that a message of the client names.
func (s *inflight) subscriptionEdit(m frame.Message) []frame.Edit {
	at, ok := frame.Find(m.Doc, "params", "_meta", metaSubscription)
	if !ok {
		return nil
	}
	key, _ := frame.IDKey(at.Of(m.Doc))
	if r := s.first(key); r != nil && r.wire != nil && r.renamed() {
		return []frame.Edit{{At: at, With: r.wire}}
	}
	return nil
}

// outward is a notification of the client with the ids that the server knows.
func (o *outbox) outward(m frame.Message) []byte {
	var edits []frame.Edit
	o.update(func(s *inflight) { edits = s.subscriptionEdit(m) })
	return frame.SpliceAll(m.Doc, edits)
}

// naming makes a cancel of the client name the id that the server knows. The
// caller holds mu.
func naming(m frame.Message, r *request) *frame.Message {
	if at, ok := frame.Find(m.Doc, "params", "requestId"); ok && r.wire != nil && r.renamed() {
		m.Doc = frame.Splice(m.Doc, at, r.wire)
	}
	return &m
}

// inward puts the client's ids in the places where a request or notification
// of the server names one of the wire.
func (rl *relay) inward(m frame.Message) frame.Message {
	places := [][]string{{"params", "_meta", metaSubscription}}
	if m.Method == methodCancelled {
		places = append(places, []string{"params", "requestId"})
	}
	changed := false
	for _, place := range places {
		at, ok := frame.Find(m.Doc, place...)
		if !ok {
			continue
		}
		key, _ := frame.IDKey(at.Of(m.Doc))
		var id []byte
		rl.update(func(s *inflight) {
			if queue := s.wire[key]; len(queue) > 0 && queue[0].renamed() {
				id = queue[0].id
			}
		})
		if id != nil {
			m.Doc, changed = frame.Splice(m.Doc, at, id), true
		}
	}
	if changed {
		m, _ = frame.ParseMessage(m.Doc)
	}
	return m
}

// meant is the key on the wire of the request that a response with the key is for,
// "" if that cannot be told: its own, or that of the only open request whose id is
// the same but for its form, which the SDKs of clients take, too (transport.md
// F-21). x is nil on the listening stream. An answer in which x has that very id in
// another form is for no other request.
func (s *inflight) meant(x *pending, key string) string {
	own := x.alike(key)
	if own == 0 && len(s.wire[key]) > 0 {
		return key
	}
	found := ""
	for wire, queue := range s.wire {
		if !frame.SameButForm(wire, key) {
			continue
		}
		if found != "" || len(queue) > 1 || own > 1 || own == 1 && queue[0].x != x {
			return ""
		}
		found = wire
	}
	return found
}

// alike is how many requests of x, open or not, have an id that is the same but for
// its form. The caller holds mu.
func (x *pending) alike(key string) (n int) {
	if x == nil {
		return 0
	}
	for _, r := range x.requests {
		if frame.SameButForm(r.wireKey, key) {
			n++
		}
	}
	return n
}

// restored is the response m to r with the client's id, also where its metadata
// names it.
func (r *request) restored(m frame.Message) []byte {
	if bytes.Equal(m.ID, r.id) {
		return m.Doc
	}
	edits := []frame.Edit{{At: m.IDAt, With: r.id}}
	if m.Result != nil && r.x.modern != "" { // before, nothing names a subscription
		at, ok := frame.Find(m.Result, "_meta", metaSubscription)
		if key, _ := frame.IDKey(at.Of(m.Result)); ok && key == r.wireKey {
			edits = append(edits, frame.Edit{At: at.From(m.ResultAt.Start), With: r.id})
		}
	}
	if len(edits) == 1 && r.x.internal == nil && mayOverwrite(m, r.id) {
		return frame.Overwrite(m.Doc, m.IDAt, r.id)
	}
	return frame.SpliceAll(m.Doc, edits)
}

// longCopy is the size from which a copy of a message is worth to be avoided.
const longCopy = 64 << 10

// mayOverwrite says whether the id can be put into a long answer where it stands: it
// is no longer than the one there, and little comes before it, nothing of the result.
func mayOverwrite(m frame.Message, id []byte) bool {
	return !m.Part && len(m.Doc) >= longCopy && len(id) <= len(m.ID) && m.IDAt.Start < 1<<10 && m.IDAt.End < m.ResultAt.Start
}
