// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"errors"
	"io"
	"slices"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// intake is the goroutines that read the client's messages: one inside Read,
// which may have to be abandoned, and one that acts on what was read.
type intake struct {
	ended chan struct{} // closed at the end of input
	quit  chan struct{} // closed when nothing more is wanted
	done  chan struct{} // closed when the goroutine inside Read is gone

	// Owned by the goroutine that acts: what was read behind a message for which
	// the lane has no room. It is read to find cancels.
	held  []arrival
	bytes int
}

// The bounds of what is held, beside one more line. Beyond, nothing is read
// until the lane has moved on.
const (
	maxHeld      = 256
	maxHeldBytes = 1 << 20
)

// arrival is a line with what was found in it.
type arrival struct {
	frame.Line
	messages []frame.Message
	batch    bool
	err      error
}

func arrivalOf(ln frame.Line) arrival {
	a := arrival{Line: ln}
	if ln.TooLong == nil {
		a.messages, a.batch, a.err = frame.Parse(ln.Data)
	}
	return a
}

// isOf says whether the line is one message of that method.
func (a *arrival) isOf(method string) bool {
	return a.err == nil && !a.batch && len(a.messages) == 1 && a.messages[0].Method == method
}

// needsLane says whether the line, or some of it, goes into the lane.
func (a *arrival) needsLane() bool {
	if a.err != nil || a.isOf(methodCancelled) {
		return false
	}
	return !slices.ContainsFunc(a.messages, func(m frame.Message) bool { return m.Kind == frame.Request })
}

func newIntake() *intake {
	return &intake{ended: make(chan struct{}), quit: make(chan struct{}), done: make(chan struct{})}
}

// startIntake begins to read. Reading never waits for HTTP: a cancel must get
// through while everything else is stuck (transport.md A19). It does wait once
// more is on its way than fits.
func (b *bridge) startIntake() *intake {
	in, lines := newIntake(), make(chan frame.Line)
	go b.readLines(in, lines)
	b.start("intake", func() {
		defer close(in.ended)
		defer b.release(in, true)
		for {
			b.release(in, false)
			source := (<-chan frame.Line)(lines)
			if len(in.held) >= maxHeld || in.bytes >= maxHeldBytes {
				source = nil
			}
			select {
			case ln, ok := <-source:
				if !ok {
					return
				}
				b.arrived(in, arrivalOf(ln))
			case <-b.lane.room:
			case <-in.quit:
				return
			}
		}
	})
	return in
}

// arrived acts on a line, or holds it until those before it have found room. A
// cancel of a request that is open does not wait.
func (b *bridge) arrived(in *intake, a arrival) {
	wait := len(in.held) > 0 || a.needsLane() && b.lane.isFull()
	if !wait || a.isOf(methodCancelled) && b.isOpen(a.messages[0]) {
		b.accept(a)
		return
	}
	in.held = append(in.held, a)
	in.bytes += len(a.Data)
}

// release acts on what is held, as far as there is room for it, or on all.
func (b *bridge) release(in *intake, all bool) {
	for len(in.held) > 0 {
		a := in.held[0]
		if !all && a.needsLane() && b.lane.isFull() {
			return
		}
		in.held[0] = arrival{}
		in.held = in.held[1:]
		in.bytes -= len(a.Data)
		b.accept(a)
	}
}

// isOpen says whether a cancel means a request that is open.
func (b *bridge) isOpen(cancel frame.Message) (open bool) {
	key, _ := frame.IDKey(frame.Lookup(cancel.Params, "requestId"))
	b.update(func(s *inflight) { open = s.first(key) != nil })
	return open
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
func (b *bridge) accept(a arrival) {
	defer b.rescue("message of the client")
	switch {
	case a.TooLong != nil:
		b.reject(a.TooLong.Messages(), &Error{
			Kind: KindRequestTooLarge, Code: codeInvalidRequest, Executed: NotExecuted,
			Limit: int64(b.cfg.MaxMessageSize), Size: a.TooLong.Size,
		})
	case errors.Is(a.err, frame.ErrParse):
		b.reject(frame.Scan(a.Data), &Error{Kind: KindParseError, Code: codeParse, Executed: NotExecuted})
	case a.err != nil:
		b.reject(outlines(a.messages), &Error{Kind: KindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted})
	case a.batch:
		b.acceptBatch(a.Data, a.messages)
	default:
		b.acceptMessage(a.messages[0])
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
