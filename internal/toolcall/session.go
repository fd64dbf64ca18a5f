// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package toolcall is an MCP client for people: it lists the tools of a server
// behind Teleport, with the roles that allow them, and calls one. It speaks through
// a bridge of its own, as any MCP client does, so that every kind of app, every way
// to a cluster and every failure is the same as in a client.
//
//	session, wire   a client, and the bridge that it speaks through
//	tools, roles    what a server has, and what roles say of it
//	schema, ask     the arguments of a tool, and how they are typed
//	errors          what a server, or the bridge, refuses
package toolcall

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/connect"
)

// Client is how a person takes part in a session. Its zero value does not.
type Client struct {
	Version string // of this program
	// Elicit asks the person for what a server wants to know; nil: there is nobody.
	Elicit func(context.Context, *mcp.ElicitParams) (*mcp.ElicitResult, error)
	// Progress is told how far a call is, in a few words; nil: nobody wants to know.
	Progress func(text string)
	// Waiting is called when the server is asked something, and what it returns when it
	// has answered; nil: nobody wants to know.
	Waiting func(method string) (done func())
}

// Session is an MCP session with a server. It is for one goroutine, and must be
// closed.
type Session struct {
	Place

	client *mcp.ClientSession
	wire   *wire
	writer *io.PipeWriter // what the bridge reads
	done   chan error     // what ended the bridge
	end    context.CancelFunc
	ask    func(context.Context, *mcp.ElicitParams) (*mcp.ElicitResult, error) // nil: there is nobody

	mu     sync.Mutex
	failed *bridge.Error // the last request that the bridge answered itself
}

// Open begins a session. Of host the streams are set here. The bridge outlives ctx
// until Close, so that a call that is cancelled is cancelled at the server, too.
func Open(ctx context.Context, f connect.Flags, source access.Source, host connect.Host, who Client) (*Session, error) {
	in, writer := io.Pipe()
	reader, out := io.Pipe()
	s := &Session{Place: Place{f.App, f.Path, source.Named}, writer: writer, done: make(chan error, 1), ask: who.Elicit}
	host.Streams = connect.Streams{In: in, Out: out}
	host.Brief, host.Failed = true, s.note
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	s.end = end
	go func() {
		err := connect.Run(life, f, source, host)
		s.done <- err
		_, _ = in.Close(), out.Close() // pipes do not fail
	}()
	s.wire = newWire(s.refused)
	client := mcp.NewClient(&mcp.Implementation{Name: "tshmcp", Version: who.Version}, who.options(&s.wire.forms))
	if who.Waiting != nil {
		client.AddSendingMiddleware(who.waits)
	}
	var err error
	s.client, err = client.Connect(ctx, transport{&mcp.IOTransport{Reader: reader, Writer: writer, MaxLineLength: -1}, s.wire}, nil)
	if err == nil {
		return s, nil
	}
	err = s.explain(ctx, "initialize", err)
	if ended := s.stop(); ended != nil { // the bridge did not begin
		return nil, ended
	}
	return nil, err
}

// options are those of a client that has what a person at a terminal has.
func (c Client) options(as *forms) *mcp.ClientOptions {
	o := &mcp.ClientOptions{Capabilities: &mcp.ClientCapabilities{}}
	if ask := c.Elicit; ask != nil {
		o.Capabilities.Elicitation = &mcp.ElicitationCapabilities{Form: &mcp.FormElicitationCapabilities{}, URL: &mcp.URLElicitationCapabilities{}}
		o.ElicitationHandler = func(ctx context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return ask(ctx, as.written(r.Params))
		}
	}
	if tell := c.Progress; tell != nil {
		o.ProgressNotificationHandler = func(_ context.Context, r *mcp.ProgressNotificationClientRequest) { tell(progressText(r.Params)) }
	}
	return o
}

// waits is a middleware that tells the client what is waited for.
func (c Client) waits(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		defer c.Waiting(method)()
		return next(ctx, method, r)
	}
}

// Server is what the server says of itself; it may be anything.
func (s *Session) Server() *mcp.InitializeResult { return s.client.InitializeResult() }

// Close ends the session at the server, and waits for that.
func (s *Session) Close() error {
	err := s.stop()
	_ = s.client.Close() // of pipes that are closed
	return err
}

// stop lets the bridge write what it has been given, which takes two seconds at
// most, and end.
func (s *Session) stop() error {
	defer s.end()
	_ = s.writer.Close()
	err := <-s.done
	s.done <- err
	if errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	return err
}

// note keeps why the bridge answers a request itself.
func (s *Session) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = nil
	_ = errors.As(err, &s.failed)
}

func (s *Session) lastFailure() *bridge.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failed
}

// refused says that the way to the server failed before it was asked anything: the
// handshake of an older protocol would fare no better.
func (s *Session) refused() error {
	failed := s.lastFailure()
	if failed == nil || failed.Executed != bridge.NotExecuted || failed.Kind == bridge.KindHTTPStatus {
		return nil
	}
	return &connect.FailedError{App: s.App, Err: failed}
}

// explain is why a request failed.
func (s *Session) explain(ctx context.Context, asked string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var own *connect.FailedError
	if errors.As(err, &own) {
		return own
	}
	var refusal *jsonrpc.Error
	if !errors.As(err, &refusal) {
		return &AnswerError{Place: s.Place, Asked: asked, Err: err}
	}
	if failed := s.lastFailure(); failed != nil && isOfBridge(refusal) {
		return &connect.FailedError{App: s.App, Err: failed}
	}
	return &RefusedError{Place: s.Place, Asked: asked, Code: refusal.Code, Message: refusal.Message}
}
