// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// upstream carries messages to a server and brings back what it says. The relay
// knows nothing else of the way. A failure is an *Error, which says whether the
// server may have acted on the message, whether the session is lost and whether
// another attempt may help, or the error of the context. Streamable HTTP is one
// implementation (httpupstream.go), a process behind a connection another
// (rawupstream.go): there a session is the connection, an answer is what comes over
// it for the ids of a message, the listening stream what comes for none, and the
// end of the connection is final for all of them. What is sent later is a lost
// session, and was not executed.
type upstream interface {
	// send passes a message on. For one that expects no response it returns nil
	// once the server has accepted it.
	send(ctx context.Context, m outgoing) (*answer, error)
	// listen opens the stream of what belongs to no request. With an event id
	// in c it resumes the stream that the event was on. c follows what is read.
	listen(ctx context.Context, s session, c *frame.Cursor) (stream, error)
	// end tells the server that the session is over.
	end(ctx context.Context, s session) error
}

// outgoing is a message on its way to the server.
type outgoing struct {
	frame.Message          // what it is; of a batch the first
	doc           []byte   // what is sent
	modern        string   // its protocol version if it is of the modern era
	session       session  // that it belongs to
	expects       bool     // a response, or several
	progress      progress // of an attempt
}

// begins says whether the message begins a session.
func (m outgoing) begins() bool { return m.Method == methodInitialize && m.modern == "" }

// isInside says whether the message belongs to a session that exists.
func (m outgoing) isInside() bool { return m.session.gen > 0 && !m.begins() }

// progress sees how far a message gets. Its functions may be called from any
// goroutine.
type progress struct {
	connect time.Duration // how long to wait for a connection; 0: as for any message
	begun   func()        // a first byte may have left; may be nil
	whole   func()        // the last byte has left; may be nil
}

// answer is what a server says to a message: a stream, a body, or nothing.
type answer struct {
	sessionID string // of an answer to initialize; "" without one
	status    int    // as it is called in errors and in the log; 0: there is none

	stream stream
	body   frame.Text // one frame, or anything
	// A body that has a response counts whatever else is said. otherwise is the
	// failure if it has none: nil for a success of the right type.
	refused   bool
	otherwise *Error
	loss      loss
	excerpt   func() []any // of the answer, for the log; it must have a body

	leave func() // gives up the place that a long body takes; nil without one

	// Without stream and body: how long the response may take to come on the
	// listening stream; 0: as long as that is open.
	wait time.Duration
}

// release forgets the body, which nobody must look at any more.
func (a *answer) release() {
	if a.body = (frame.Text{}); a.leave != nil {
		a.leave()
		a.leave = nil
	}
}

// loss is what a refusal says about the session that the message was sent in.
type loss struct {
	likely   bool // the server may not know it any more
	doubtful bool // unless it came from something on the way
	named    bool // it says so itself
	late     bool // the request may have been executed before
	kept     bool // it stays what else it is where no other session helps
}

// stream is an event stream, or the like, that a server writes messages to.
type stream interface {
	// next returns the next message, in Data or as TooLong. An error ends the
	// stream, which may be resumed unless it is an *Error that says there will be
	// none.
	next() (event, error)
	// cursor is where the stream can be taken up again.
	cursor() *frame.Cursor
	// finish reads on for a moment, so that the connection can be used again.
	finish()
	close()
}

// event is what a stream brings, with the messages that were found in it.
type event struct {
	frame.Event
	messages []frame.Message
	err      error // why it is no message
}

// outlines is what can be seen of messages that cannot be relayed.
func (e event) outlines() []frame.Outline {
	if e.TooLong != nil {
		return e.TooLong.Messages()
	}
	return frame.Scan(e.Data)
}

func eventOf(e frame.Event) event {
	if e.TooLong != nil {
		return event{Event: e}
	}
	e.Data = frame.Trim(e.Data)
	messages, _, err := e.Parse()
	return event{e, messages, err}
}
