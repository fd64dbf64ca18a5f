// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// The protocol versions around the end of batches.
const (
	batchVersion   = "2025-03-26" // the only one with batches
	noBatchVersion = "2025-06-18"
)

// acceptBatch sends a batch on as it is, under the control of the ids in it
// (transport.md F-23). Whether the server can take it is known once the
// version is negotiated.
func (in *intake) acceptBatch(doc []byte, messages []frame.Message) {
	doc, messages, cancels := withoutCancels(doc, messages)
	defer func() { // what they mean may be in the batch
		for _, m := range cancels {
			in.cancelRequest(m)
		}
	}()
	if len(messages) == 0 {
		return
	}
	requests := false
	for _, m := range messages {
		if m.Method == methodInitialize || modernOf(m) != "" {
			in.client.rejectAll(doc, batchError("such a message cannot be in a batch"))
			return
		}
		requests = requests || m.Kind == frame.Request
	}
	if !requests {
		in.outbox.lane.push(in.outbox.newItem(frame.Message{Kind: frame.Notification, Doc: doc}, messages...))
		return
	}
	in.outbox.forgetAnswered(messages)
	in.exchanges.open(newExchange(in.life, doc, true, messages...))
}

// withoutCancels takes the cancels out of a batch: each is for one request, which the
// server may know by another id, or not at all.
func withoutCancels(doc []byte, messages []frame.Message) (rest []byte, others, cancels []frame.Message) {
	return without(doc, messages, func(m frame.Message) bool { return m.Kind == frame.Notification && m.Method == methodCancelled })
}

// lasting is what of a batch with requests means something in s, another session than
// the one it was read in.
func lasting(doc []byte, messages []frame.Message, s session) []byte {
	doc, _, _ = without(doc, messages, func(m frame.Message) bool { return m.Kind != frame.Request && !outlasts(m, s) })
	return doc
}

// without cuts messages out of a batch.
func without(doc []byte, messages []frame.Message, cut func(frame.Message) bool) (rest []byte, others, gone []frame.Message) {
	var at []frame.Span
	frame.EachElement(doc, func(v frame.Span) bool {
		at = append(at, v)
		return true
	})
	var drop []int
	for i, m := range messages {
		if cut(m) {
			drop, gone = append(drop, i), append(gone, m)
		} else {
			others = append(others, m)
		}
	}
	return frame.CutElements(doc, at, drop), others, gone
}

// forgetAnswered notes the responses to the server's requests in a batch.
func (o *outbox) forgetAnswered(messages []frame.Message) {
	o.update(func(s *inflight) {
		for _, m := range messages {
			if m.Kind == frame.Response {
				s.serverRequests.drop(m.Key)
			}
		}
	})
}

// checkBatch refuses a batch in a session whose version has none.
func checkBatch(s session) error {
	if s.version >= noBatchVersion {
		return batchError(fmt.Sprintf("protocol version %s has no batches", headerText(s.version)))
	}
	return nil
}

func batchError(note string) *Error {
	return &Error{Kind: kindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted, Note: note}
}
