// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"io"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
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
	in, lines := newIntake(), make(chan frame.Line)
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

func (b *bridge) readLines(in *intake, lines chan<- frame.Line) {
	defer close(in.done)
	defer close(lines)
	defer b.rescue("reading")
	r := frame.NewLineReader(b.cfg.In, b.cfg.MaxMessageSize)
	for {
		ln, err := r.Next()
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
func (b *bridge) accept(ln frame.Line) {
	defer b.rescue("message of the client")
	if ln.TooLong != nil {
		b.reject(ln.TooLong.Messages(), &Error{
			Kind: KindRequestTooLarge, Code: codeInvalidRequest, Executed: NotExecuted,
			Limit: int64(b.cfg.MaxMessageSize), Size: ln.TooLong.Size,
		})
		return
	}
	messages, batch, err := frame.Parse(ln.Data)
	switch {
	case errors.Is(err, frame.ErrParse):
		b.reject(frame.Scan(ln.Data), &Error{Kind: KindParseError, Code: codeParse, Executed: NotExecuted})
	case err != nil:
		b.reject(outlines(messages), &Error{Kind: KindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted})
	case batch:
		b.acceptBatch(ln.Data, messages)
	default:
		b.acceptMessage(messages[0])
	}
}

func (b *bridge) acceptMessage(m frame.Message) {
	m, ok := b.withhold(m)
	switch {
	case !ok:
		b.log.Debug("a message of the client was withheld", "method", m.Method)
	case m.Kind == frame.Request:
		b.open(newExchange(b.life, m.Doc, false, m))
	case m.Method == methodCancelled:
		b.cancelRequest(m)
	default:
		b.lane.push(b.newItem(m))
	}
}

// reject answers every request among messages that cannot be sent on. What has
// no usable id is only logged: an error without an id is illegal before
// 2025-11-25, helps nobody after it, and ends the reader of some clients
// (transport.md A3, F-14).
func (b *bridge) reject(messages []frame.Outline, e *Error) {
	b.log.Warn("a message of the client was refused", "error", e)
	for _, m := range messages {
		if m.ID != nil && (m.HasMethod || !m.HasAnswer) {
			b.write(b.errorFrame(m.ID, e))
		}
	}
}

// outlines brings messages that are no messages into the scanner's form.
func outlines(messages []frame.Message) []frame.Outline {
	var out []frame.Outline
	for _, m := range messages {
		s := frame.Outline{HasMethod: m.Method != "", HasAnswer: m.Result != nil || m.Failure != nil}
		if _, ok := frame.IDKey(m.ID); ok {
			s.ID = m.ID
		}
		out = append(out, s)
	}
	return out
}

// write sends a frame to the client. Its errors end the bridge elsewhere.
func (b *bridge) write(doc []byte) {
	if err := b.out.Write(b.speech, doc); err != nil {
		b.log.Debug("a message was not written", "error", err)
	}
}
