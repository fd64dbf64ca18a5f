// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Raw is the way to a server that is a process at the other end of a connection
// and speaks lines there, as on stdio. Whether the server is one may show only
// when it is first needed.
type Raw interface {
	// IsRaw tells whether a message with that method goes over a connection, and
	// not over Config.Transport. Its errors are taken as those of Config.Transport
	// before a request was written.
	IsRaw(ctx context.Context, method string) (bool, error)
	// Dial opens a connection, which begins a process, for a message with that
	// method; limit is for the way to the other end. Its errors are taken as those
	// of Config.Transport before a request was written.
	Dial(ctx context.Context, method string, limit time.Duration) (Conn, error)
}

// Conn is a connection to a process. Read and Write may be called at the same
// time, each by one goroutine; Close ends both.
type Conn interface {
	io.ReadWriteCloser
	// Why is asked after a connection has ended before the server said anything:
	// instead of it may have come a refusal, of which this is the text, and err is
	// what ended it. It returns ErrAgain if another connection would do better at
	// once; an *Error, which is taken at its word; or nil if nothing is known.
	Why(ctx context.Context, refusal string, err error) error
	// Outdated tells whether its user has other access by now than it was opened
	// with. It goes on for what is under way, and another one takes the rest.
	Outdated() bool
	// Waits is told whether an answer of the server is waited for, when that changes.
	Waits(yes bool)
}

// ErrAgain means that nothing was executed, and that another connection, maybe of
// another kind, may do better at once. Config.Transport may return it, too.
var ErrAgain = errors.New("try it over another connection")

// rawSession begins the id of a session that is a connection. No server names a
// session like that: of a header's value blanks are no part.
const rawSession = "connection "

// eitherUpstream is the upstream of a server of which only the way there knows
// what kind it is. A session stays with the kind that it began with.
type eitherUpstream struct {
	cfg  *Config
	http *httpUpstream
	raw  *rawUpstream
}

// newUpstream is the way to the server that cfg says.
func newUpstream(cfg *Config, tools *toolHeaders) upstream {
	if cfg.upstream != nil {
		return cfg.upstream
	}
	http := newHTTPUpstream(cfg, tools)
	if cfg.Raw == nil {
		return http
	}
	return &eitherUpstream{cfg: cfg, http: http, raw: newRawUpstream(cfg)}
}

func (s session) isRaw() bool { return strings.HasPrefix(s.id, rawSession) }

// of is the upstream of a session that exists.
func (u *eitherUpstream) of(s session) upstream {
	if s.isRaw() {
		return u.raw
	}
	return u.http
}

// send asks for the kind where a message belongs to no session yet.
func (u *eitherUpstream) send(ctx context.Context, m outgoing) (*answer, error) {
	if m.isInside() {
		return u.of(m.session).send(ctx, m)
	}
	raw, err := u.cfg.Raw.IsRaw(ctx, m.Method)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, unsent(err)
	case raw:
		return u.raw.send(ctx, m)
	}
	return u.http.send(ctx, m)
}

func (u *eitherUpstream) listen(ctx context.Context, s session, c *frame.Cursor) (stream, error) {
	return u.of(s).listen(ctx, s, c)
}

func (u *eitherUpstream) end(ctx context.Context, s session) error { return u.of(s).end(ctx, s) }

// hasEnded says whether the session is a connection over which nothing more is sent.
func (u *eitherUpstream) hasEnded(s session) bool { return s.isRaw() && u.raw.hasEnded(s) }

// renew says whether the session's connection is outdated, and has it replaced.
func (u *eitherUpstream) renew(s session) bool { return s.isRaw() && u.raw.renew(s) }

func (u *eitherUpstream) Close() error { return u.raw.Close() }
