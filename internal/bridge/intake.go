// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"io"
)

// intake is the goroutines that read the client's messages: one inside Read,
// which may have to be abandoned, and one that acts on what was read.
type intake struct {
	ended chan struct{} // closed at the end of input
	quit  chan struct{} // closed when nothing more is wanted
	done  chan struct{} // closed when the goroutine inside Read is gone
}

func newIntake() *intake {
	return &intake{ended: make(chan struct{}), quit: make(chan struct{}), done: make(chan struct{})}
}

// startIntake begins to read. Reading never waits for HTTP: a cancel must get
// through while everything else is stuck (transport.md A19).
func (b *bridge) startIntake() *intake {
	in, lines := newIntake(), make(chan line)
	go b.readLines(in, lines)
	b.start("intake", func() {
		defer close(in.ended)
		for {
			select {
			case ln, ok := <-lines:
				if !ok {
					return
				}
				b.accept(ln)
			case <-in.quit:
				return
			}
		}
	})
	return in
}

func (b *bridge) readLines(in *intake, lines chan<- line) {
	defer close(in.done)
	defer close(lines)
	defer b.rescue("reading")
	r := newLineReader(b.cfg.In, b.cfg.MaxMessageSize)
	for {
		ln, err := r.next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				b.log.Warn("reading from the client failed", "error", err)
			}
			return
		}
		select {
		case lines <- ln:
		case <-in.quit:
			return
		}
	}
}

// accept acts on one line of the client.
func (b *bridge) accept(ln line) {
	defer b.rescue("message of the client")
	if ln.tooLong != nil {
		b.reject(ln.tooLong.messages(), &Error{
			Kind: KindRequestTooLarge, Code: codeInvalidRequest, Executed: NotExecuted,
			Limit: int64(b.cfg.MaxMessageSize), Size: ln.tooLong.size,
		})
		return
	}
	messages, batch, err := parseFrame(ln.data)
	switch {
	case errors.Is(err, errParse):
		b.reject(scanIDs(ln.data), &Error{Kind: KindParseError, Code: codeParse, Executed: NotExecuted})
	case err != nil:
		b.reject(outlines(messages), &Error{Kind: KindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted})
	case batch:
		b.acceptBatch(ln.data, messages)
	default:
		b.acceptMessage(messages[0])
	}
}

func (b *bridge) acceptMessage(m message) {
	m, ok := b.withhold(m)
	switch {
	case !ok:
		b.log.Debug("a message of the client was withheld", "method", m.method)
	case m.kind == kindRequest:
		b.open(newExchange(b.life, m.doc, false, m))
	case m.method == methodCancelled:
		b.cancelRequest(m)
	default:
		b.lane.push(b.newItem(m))
	}
}

// reject answers every request among messages that cannot be sent on. What has
// no usable id is only logged: an error without an id is illegal before
// 2025-11-25, helps nobody after it, and ends the reader of some clients
// (transport.md A3, F-14).
func (b *bridge) reject(messages []scanned, e *Error) {
	b.log.Warn("a message of the client was refused", "error", e)
	for _, m := range messages {
		if m.id != nil && (m.method || !m.response) {
			b.write(b.errorFrame(m.id, e))
		}
	}
}

// outlines brings messages that are no messages into the scanner's form.
func outlines(messages []message) []scanned {
	var out []scanned
	for _, m := range messages {
		s := scanned{method: m.method != "", response: m.result != nil || m.failure != nil}
		if _, ok := idKey(m.id); ok {
			s.id = m.id
		}
		out = append(out, s)
	}
	return out
}

// write sends a frame to the client. Its errors end the bridge elsewhere.
func (b *bridge) write(frame []byte) {
	if err := b.out.write(b.speech, frame); err != nil {
		b.log.Debug("a message was not written", "error", err)
	}
}
