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
	*common
	client    *client
	outbox    *outbox
	exchanges *exchanges

	ended chan struct{} // closed at the end of input
	quit  chan struct{} // closed when nothing more is wanted
	done  chan struct{} // closed when the goroutine inside Read is gone

	// Owned by the goroutine that acts: what was read behind a message for which
	// the lane has no room. It is read to find cancels.
	held     []arrival
	bytes    int
	withheld bool // the log has it that capabilities are
}

func newIntake(c *common, cl *client, o *outbox, xs *exchanges) *intake {
	return &intake{
		common: c, client: cl, outbox: o, exchanges: xs,
		ended: make(chan struct{}), quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// The bounds of what is held, beside one more line. Beyond, nothing is read
// until the lane has moved on.
const (
	maxHeld      = 256
	maxHeldBytes = 1 << 20
)

// arrival is a line with what was found in it.
type arrival struct {
	frame.Text
	messages []frame.Message
	batch    bool
	err      error
}

func arrivalOf(ln frame.Text) arrival {
	a := arrival{Text: ln}
	if ln.TooLong == nil {
		a.messages, a.batch, a.err = ln.Parse()
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

// read begins to read. Reading never waits for HTTP: a cancel must get through
// while everything else is stuck (transport.md A19). It does wait once more is on
// its way than fits.
func (in *intake) read() {
	lines := make(chan frame.Text)
	go in.readLines(lines)
	in.start("intake", func() {
		defer close(in.ended)
		in.actOn(lines)
	})
}

// actOn acts on lines until they end or nothing more is wanted. What is held then
// gets its place all the same: its requests are answered.
func (in *intake) actOn(lines <-chan frame.Text) {
	defer in.release(true)
	for {
		in.release(false)
		source := lines
		if len(in.held) >= maxHeld || in.bytes >= maxHeldBytes {
			source = nil
		}
		select {
		case ln, ok := <-source:
			if !ok {
				return
			}
			in.arrived(arrivalOf(ln))
		case <-in.outbox.lane.room:
		case <-in.quit:
			return
		}
	}
}

// arrived acts on a line, or holds it until those before it have found room. A
// cancel of a request that is open does not wait.
func (in *intake) arrived(a arrival) {
	wait := len(in.held) > 0 || a.needsLane() && in.outbox.lane.isFull()
	if !wait || a.isOf(methodCancelled) && in.isOpen(a.messages[0]) {
		in.accept(a)
		return
	}
	in.held = append(in.held, a)
	in.bytes += len(a.Data)
}

// release acts on what is held, as far as there is room for it, or on all.
func (in *intake) release(all bool) {
	for len(in.held) > 0 {
		a := in.held[0]
		if !all && a.needsLane() && in.outbox.lane.isFull() {
			return
		}
		in.held[0] = arrival{}
		in.held = in.held[1:]
		in.bytes -= len(a.Data)
		in.accept(a)
	}
}

// isOpen says whether a cancel means a request that is open.
func (in *intake) isOpen(cancel frame.Message) (open bool) {
	key, _ := frame.IDKey(frame.Lookup(cancel.Params, "requestId"))
	in.update(func(s *inflight) { open = s.first(key) != nil })
	return open
}

func (in *intake) readLines(lines chan<- frame.Text) {
	defer close(in.done)
	defer close(lines)
	defer in.rescue("reading")
	r := frame.NewLineReader(in.cfg.In, in.cfg.MaxMessageSize)
	for {
		ln, err := r.Next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				in.log.Warn("reading from the client failed", "error", err)
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
func (in *intake) accept(a arrival) {
	defer in.rescue("message of the client")
	switch {
	case a.TooLong != nil:
		in.client.reject(a.TooLong.Messages(), &Error{
			Kind: kindRequestTooLarge, Code: codeInvalidRequest, Executed: NotExecuted,
			Limit: int64(in.cfg.MaxMessageSize), Size: a.TooLong.Size,
		})
	case errors.Is(a.err, frame.ErrParse):
		in.client.reject(frame.Scan(a.Data), &Error{Kind: kindParseError, Code: codeParse, Executed: NotExecuted})
	case a.err != nil:
		in.client.rejectAll(a.Data, &Error{Kind: kindInvalidRequest, Code: codeInvalidRequest, Executed: NotExecuted})
	case a.batch:
		in.acceptBatch(a.Data, a.messages)
	default:
		in.acceptMessage(a.messages[0])
	}
}

func (in *intake) acceptMessage(m frame.Message) {
	m, ok := in.withhold(m)
	switch {
	case !ok:
		in.log.Debug("a message of the client was withheld", "method", m.Method)
	case m.Kind == frame.Request:
		in.exchanges.open(newExchange(in.life, m.Doc, false, m))
	case m.Method == methodCancelled:
		in.cancelRequest(m)
	default:
		in.outbox.lane.push(in.outbox.newItem(m))
	}
}
