// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Names of the protocol's headers.
const (
	headerSession = "Mcp-Session-Id"
	headerVersion = "Mcp-Protocol-Version"
	headerEventID = "Last-Event-Id"
)

const (
	typeJSON   = "application/json"
	typeStream = "text/event-stream"
)

// witness sees how far a request got. Its functions are called from the
// transport's goroutines.
type witness struct {
	connect time.Duration // how long to wait for a connection
	begun   func()        // a first byte may have left; may be nil
	whole   func()        // the last byte has left; may be nil
}

// passage is how far one request got on its way; it decides whether a failure
// is of class A.
type passage struct {
	begun atomic.Bool
	timer *time.Timer // runs while there is no connection
}

func (p *passage) trace(w *witness) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		// net/http asks for a second connection only after it has found that
		// nothing was written to the first.
		GetConn: func(string) {
			p.begun.Store(false)
			p.timer.Reset(w.connect)
		},
		GotConn: func(httptrace.GotConnInfo) { p.timer.Stop() },
		WroteHeaders: func() {
			p.begun.Store(true)
			if w.begun != nil {
				w.begun()
			}
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil && w.whole != nil {
				w.whole()
			}
		},
	}
}

// current returns the session as it is now.
func (b *bridge) current() (s session) {
	b.update(func(f *inflight) { s = f.session })
	return s
}

// stamp sets the headers that belong to a session.
func (s session) stamp(h http.Header) {
	if s.id != "" {
		h.Set(headerSession, s.id)
	}
	if frame.IsHeaderSafe(s.version) {
		h.Set(headerVersion, s.version)
	}
}

// post sends one message. The response's body must be closed.
func (b *bridge) post(ctx context.Context, doc []byte, h http.Header, w *witness) (*http.Response, error) {
	h.Set("Accept", typeJSON+", "+typeStream)
	h.Set("Content-Type", typeJSON)
	return b.send(ctx, http.MethodPost, bytes.NewReader(doc), h, w)
}

// errNoConnection ends the wait for a connection.
var errNoConnection = errors.New("no connection in time")

// send makes one HTTP exchange and returns after the response's headers. Its
// errors are *Error, or the context's.
func (b *bridge) send(ctx context.Context, method string, body io.Reader, h http.Header, w *witness) (*http.Response, error) {
	if w == nil {
		w = &witness{connect: b.t.budget}
	}
	b.checkClock()
	dialing, giveUp := context.WithCancelCause(ctx)
	p := passage{timer: time.AfterFunc(time.Hour, func() { giveUp(errNoConnection) })}
	p.timer.Stop() // until GetConn
	defer p.timer.Stop()
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(dialing, p.trace(w)), method, b.cfg.URL, body)
	if err != nil {
		return nil, &Error{Kind: KindInternal, Executed: NotExecuted, Err: withoutURL(err)}
	}
	b.setHeaders(req.Header, h)
	resp, err := b.http.Do(req)
	switch {
	case err == nil:
		resp.Body = &bodyCloser{ReadCloser: unzip(resp), end: func() { giveUp(nil) }}
		return resp, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(context.Cause(dialing), errNoConnection):
		err = &Error{Kind: KindUnreachable, Executed: NotExecuted, Retryable: true, Err: errNoConnection}
	default:
		err = transportError(withoutURL(err), &p)
	}
	giveUp(nil)
	return nil, err
}

func (b *bridge) setHeaders(dst, own http.Header) {
	for name, values := range b.cfg.Header {
		dst[http.CanonicalHeaderKey(name)] = values
	}
	for name, values := range own {
		dst[name] = values
	}
	dst.Set("Accept-Encoding", "identity") // proxies hold back compressed streams (transport.md P13)
}

// bodyCloser ends the context of a request with its body.
type bodyCloser struct {
	io.ReadCloser
	end func()
}

func (c *bodyCloser) Close() error {
	err := c.ReadCloser.Close()
	c.end()
	return err
}

// unzip undoes a compression nobody asked for.
func unzip(resp *http.Response) io.ReadCloser {
	if !strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip") {
		return resp.Body
	}
	resp.ContentLength = -1
	return &gunzip{raw: resp.Body}
}

// gunzip reads the header of the compressed body with the first Read, because
// a stream may begin late.
type gunzip struct {
	raw io.ReadCloser
	z   *gzip.Reader
}

func (g *gunzip) Read(p []byte) (int, error) {
	if g.z == nil {
		z, err := gzip.NewReader(g.raw)
		if err != nil {
			return 0, err
		}
		g.z = z
	}
	return g.z.Read(p)
}

func (g *gunzip) Close() error { return g.raw.Close() }

// mediaType returns the type of a body without parameters.
func mediaType(resp *http.Response) string {
	t, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return t
}

// isSessionID says whether a session id is visible ASCII (transport.md B19).
func isSessionID(id string) bool {
	for i := range len(id) {
		if id[i] < 0x21 || id[i] > 0x7e {
			return false
		}
	}
	return id != ""
}
