// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// DefaultMaxMessageSize is the longest message relayed in either direction:
// hosts built on the TypeScript SDK drop the whole session at 10 MiB in their
// buffer, which may already hold the beginning of the next read
// (transport.md F-17b).
const DefaultMaxMessageSize = 10<<20 - 128<<10

// SessionLoss says what happens to a tools/call that the server refused
// because it had lost the session, once the session has been opened again.
type SessionLoss string

// The policies of transport.md 3.3.8.
const (
	// SessionLossAuto sends the call again only if no tool call succeeded
	// before in that session, so that no state of the server can be missed.
	SessionLossAuto   SessionLoss = ""
	SessionLossReplay SessionLoss = "replay" // always sends it again
	SessionLossError  SessionLoss = "error"  // never sends it again
)

// Config is what a bridge needs. Transport, URL, In and Out must be set; the
// zero value of everything else works.
type Config struct {
	// Transport carries every request. It must report its progress to
	// httptrace, as http.Transport does: whether a failed request may have been
	// executed is read from there. It must set no response header timeout.
	//
	// A RoundTrip that knows better than the bridge why a request failed, for
	// example because something on the way answered in the server's place,
	// returns an *Error, wrapped or not. Its Kind, Executed, Retryable, Code,
	// HTTPStatus, Challenge, RetryAfter, Limit, Size, Note, Detail and Err are
	// taken as they are, also after the request was written: the transport has
	// read an answer then. It is never taken for the loss of the session, and
	// with Retryable false the request is not sent again; with Retryable true and
	// MayHaveRun only methods that read are.
	//
	// Any other error that comes before the request was written means that it was
	// not sent. It says more by methods, of its own or of an error that it wraps:
	// ClientCertificate() bool, that there is no certificate to connect with;
	// Retryable() bool, that something on the way refused and may not the next
	// time.
	Transport http.RoundTripper
	URL       string      // MCP endpoint, http or https
	Header    http.Header // extra headers of every request; see ValidateHeader

	// In is where the client's messages come from, one per line. A Read that
	// blocks cannot be interrupted: when Run ends for another reason than In's
	// end, In is abandoned with one goroutine inside Read, unless closeIn
	// allows to close it (it is then closed if it is an io.Closer).
	In      io.Reader
	closeIn bool
	Out     io.Writer    // where messages for the client go, one Write per line
	Log     *slog.Logger // nil: discard

	// Describe phrases a failure for the client. Its argument is always an
	// *Error. Empty fields of the answer keep the bridge's own.
	Describe func(error) ErrorText

	// Advise says what a user can do about the error that a tools/call was answered
	// with, which it knows by its code and message: one line that is put behind the
	// message, or nothing. The answer waits for it.
	Advise func(ctx context.Context, code int, message string) string

	// Relist has a value each time that the user may use other tools of the server, or
	// others of its lists, than before; the client is told if it expects that. nil: it
	// never happens.
	Relist <-chan struct{}

	// UniqueIDs sends every request of the client under an id of the bridge's
	// own, a string that no other request of any process has, and puts the
	// client's back into everything that comes back. It is for servers behind
	// something that tells requests of several processes apart by their ids.
	UniqueIDs bool

	// NoServerRequests says that no request of the server can pass on the way to
	// it: it is not told that the client has sampling, elicitation or roots. It
	// would use them and fail. The rest of initialize stays as it was written.
	NoServerRequests bool

	// LossyLists says that lists of tools lose on the way to the client what is not
	// of the first versions of MCP. What a client of 2026-07-28 takes no result
	// without is put back.
	LossyLists bool

	// StreamEnds says, as one clause of an error's text, what on the way ends
	// streams before their response, each time it is asked for; "" if nothing does.
	StreamEnds string

	SessionLoss    SessionLoss
	MaxMessageSize int           // bytes; 0: DefaultMaxMessageSize
	RequestTimeout time.Duration // longest wait for a response; 0: none, the client's own counts
	Brief          bool          // the client is a command that a person waits for: a server that cannot be reached is not waited for longer to begin a conversation than for any request
	grace          time.Duration // how long open requests may go on after In's end; 0: 400 ms
	Memory         *Memory       // answers initialize while the server cannot; nil: nothing is remembered
	CloseIdle      func()        // closes idle connections; called before the first request after a sleep of the machine
	Rested         func()        // called each time that no request has been open for half a minute; may be nil

	// Raw is the way to a server that may be a process at the other end of a
	// connection; nil: it is reached over Transport alone.
	Raw Raw

	upstream upstream // nil: by the above
	timing   *timing
	now      func() instant
}

// ErrorText is how a failure is told to the client. A zero Code and an empty
// Message keep the bridge's own; Data is merged over the bridge's.
type ErrorText struct {
	Code    int
	Message string
	Data    map[string]any
}

// check refuses a configuration the bridge cannot work with.
func (c *Config) check() error {
	if c.Transport == nil || c.In == nil || c.Out == nil {
		return errors.New("transport, input and output must be set")
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("the address of the MCP server is not an http or https URL")
	}
	if !slices.Contains([]SessionLoss{SessionLossAuto, SessionLossReplay, SessionLossError}, c.SessionLoss) {
		return fmt.Errorf("unknown session loss policy %q", string(c.SessionLoss))
	}
	if c.MaxMessageSize < 0 || c.RequestTimeout < 0 || c.grace < 0 {
		return errors.New("sizes and times must not be negative")
	}
	for name, values := range c.Header {
		for _, value := range values {
			if err := ValidateHeader(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Config) fill() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxMessageSize == 0 {
		c.MaxMessageSize = DefaultMaxMessageSize
	}
	if c.timing == nil {
		t := defaultTiming
		c.timing = &t
	}
	if c.grace == 0 {
		c.grace = c.timing.grace
	}
	if c.now == nil {
		c.now = newNow()
	}
}

// client returns the HTTP client. Redirects are not followed: net/http would
// turn a POST into a GET and carry the session to another origin.
func (c *Config) client() *http.Client {
	return &http.Client{
		Transport:     readable{c.Transport},
		Jar:           newCookies(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reserved are the headers that belong to HTTP or to the protocol. Beside
// them, everything that begins with Mcp- is the protocol's.
var reserved = []string{
	"Accept", "Accept-Encoding", "Content-Type", "Content-Length",
	"Content-Encoding", "Host", "Last-Event-Id", "Origin",
	"Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate",
	"Proxy-Authorization", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
	"Expect", "Idempotency-Key", "X-Idempotency-Key",
}

// ValidateHeader refuses a name or value that Config.Header must not hold:
// hop-by-hop headers, those that the bridge sets itself, and the idempotency
// keys that make net/http send a request twice. The error never has the value.
func ValidateHeader(name, value string) error {
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	switch {
	case !frame.IsToken(name):
		return fmt.Errorf("%q is no header name", name)
	case slices.Contains(reserved, canonical) || strings.HasPrefix(canonical, "Mcp-"):
		return fmt.Errorf("header %s is set by the bridge and cannot be replaced", canonical)
	case strings.ContainsFunc(value, func(r rune) bool { return r < 0x20 && r != '\t' || r == 0x7f }):
		return fmt.Errorf("the value of header %s has a control character", canonical)
	}
	return nil
}
