// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/errcode"
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

// passage is how far one request got on its way; it decides whether a failure
// is of class A.
type passage struct {
	begun atomic.Bool
	timer *time.Timer // runs while there is no connection
}

func (p *passage) trace(w progress) *httptrace.ClientTrace {
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

// httpUpstream is the client side of streamable HTTP.
type httpUpstream struct {
	cfg    *Config
	t      *timing
	log    *slog.Logger
	client *http.Client
	tools  *toolHeaders
	clock  clock
	at     endpoint
	long   *turnstile // for answers that are long
}

func newHTTPUpstream(cfg *Config, tools *toolHeaders) *httpUpstream {
	return &httpUpstream{cfg: cfg, t: cfg.timing, log: cfg.Log, client: cfg.client(), tools: tools, at: endpoint{configured: cfg.URL}, long: newTurnstile(maxLongAnswers, cfg.timing.longWait)}
}

// send posts the message (transport.md B1, B2).
func (u *httpUpstream) send(ctx context.Context, m outgoing) (*answer, error) {
	h, err := u.headersFor(m)
	if err != nil {
		return nil, err
	}
	h.Set("Accept", typeJSON+", "+typeStream)
	h.Set("Content-Type", typeJSON)
	if m.Method == methodInitialize { // a server that is back may be where it was
		u.at.moved.Store(nil)
	}
	resp, err := u.do(ctx, http.MethodPost, m.doc, h, m.progress)
	switch {
	case err != nil:
		return nil, err
	case !m.expects:
		return nil, u.accepted(ctx, resp, m.session)
	}
	return u.answerOf(ctx, resp, m)
}

// listen asks for an event stream: the listening stream, or with the id of an
// event the rest of any stream (transport.md B13, B17).
func (u *httpUpstream) listen(ctx context.Context, s session, c *frame.Cursor) (stream, error) {
	h := make(http.Header)
	s.stamp(h)
	h.Set("Accept", typeStream)
	if c.LastID != "" {
		h.Set(headerEventID, c.LastID)
	}
	resp, err := u.do(ctx, http.MethodGet, nil, h, progress{})
	if err != nil {
		return nil, err
	}
	if err := streamRefused(s, resp); err != nil {
		resp.Body.Close()
		return nil, err
	}
	return u.newStream(ctx, resp, c), nil
}

// end deletes the session; whatever the server answers is fine (transport.md
// B22).
func (u *httpUpstream) end(ctx context.Context, s session) error {
	h := make(http.Header)
	s.stamp(h)
	resp, err := u.do(ctx, http.MethodDelete, nil, h, progress{})
	if err == nil {
		resp.Body.Close()
	}
	return err
}

// errNoConnection ends the wait for a connection.
var errNoConnection = errcode.New(errcode.ProxyTimeout, "no connection in time")

// do makes one HTTP exchange, with the redirects that may be followed, and returns
// after the response's headers. Its errors are *Error, or the context's. The
// response's body must be closed.
func (u *httpUpstream) do(ctx context.Context, method string, body []byte, h http.Header, w progress) (*http.Response, error) {
	asked := []string{u.at.address()}
	for {
		address := asked[len(asked)-1]
		resp, err := u.ask(ctx, method, address, body, h, w)
		if err != nil {
			return nil, err
		}
		next := followed(resp, asked)
		if next == "" {
			u.at.learn(address, resp)
			return resp, nil
		}
		u.log.Info("a redirect is followed", "asked", askedOf(resp), "status", resp.StatusCode)
		u.newStream(ctx, resp, nil).finish()
		asked = append(asked, next)
	}
}

// ask makes one HTTP exchange with that address.
func (u *httpUpstream) ask(ctx context.Context, method, address string, body []byte, h http.Header, w progress) (*http.Response, error) {
	if w.connect == 0 {
		w.connect = u.t.budget
	}
	u.checkClock()
	dialing, giveUp := context.WithCancelCause(ctx)
	p := passage{timer: time.AfterFunc(time.Hour, func() { giveUp(errNoConnection) })}
	p.timer.Stop() // until GetConn
	defer p.timer.Stop()
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(dialing, p.trace(w)), method, address, bytes.NewReader(body))
	if err != nil {
		giveUp(nil)
		return nil, &Error{Kind: kindInternal, Executed: NotExecuted, Err: withoutURL(err)}
	}
	u.setHeaders(req.Header, h)
	resp, err := u.client.Do(req)
	switch {
	case err == nil:
		resp.Body = &bodyCloser{ReadCloser: unzip(resp), end: func() { giveUp(nil) }, failed: u.noteSilence}
		return resp, nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(context.Cause(dialing), errNoConnection):
		err = &Error{Kind: KindUnreachable, Executed: NotExecuted, Retryable: true, Err: errNoConnection}
	default:
		u.noteSilence(err)
		err = transportError(withoutURL(err), &p)
	}
	giveUp(nil)
	return nil, err
}

func (u *httpUpstream) setHeaders(dst, own http.Header) {
	for name, values := range u.cfg.Header {
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
	end    func()
	failed func(error) // sees why it broke off
}

func (c *bodyCloser) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		c.failed(err)
	}
	return n, err
}

func (c *bodyCloser) Close() error {
	err := c.ReadCloser.Close()
	c.end()
	return err
}

// unzip undoes a compression nobody asked for.
func unzip(resp *http.Response) io.ReadCloser {
	if coding := strings.ToLower(resp.Header.Get("Content-Encoding")); coding != "gzip" && coding != "x-gzip" {
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

// isSessionID says whether a session id is visible ASCII (transport.md B19), and
// no longer than servers take headers.
func isSessionID(id string) bool {
	if len(id) > maxSessionID {
		return false
	}
	for i := range len(id) {
		if id[i] < 0x21 || id[i] > 0x7e {
			return false
		}
	}
	return id != ""
}
