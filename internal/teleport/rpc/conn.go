// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

const (
	// authority is what requests name as their host. Nobody looks at it.
	authority = "auth"
	// maxHeaders bounds the headers of an answer and its trailers, in bytes.
	maxHeaders = 256 << 10
	// firstDelay is how long after a connection could not be made calls fail without
	// trying again; maxDelay is what it grows to, doubled each time.
	firstDelay = 200 * time.Millisecond
	maxDelay   = 5 * time.Second
)

// Conn makes calls over one connection at a time. It connects at the first call,
// and again at a call after the connection broke. It is safe for concurrent use.
type Conn struct {
	// Dial opens a connection on which HTTP/2 can begin: TLS is done, h2 agreed.
	Dial func(context.Context) (net.Conn, error)
	// Name is what errors call the server; "the server" if it is empty.
	Name string
	// UserAgent is what the server's log says of the client.
	UserAgent string
	// Timeout bounds the making of a connection, until the server has said the first
	// word.
	Timeout time.Duration

	mu     sync.Mutex
	link   *link              // the one to use; nil: none yet
	links  map[*link]struct{} // that are open: calls may end on a link that is used no more
	cancel context.CancelFunc // of the connecting that goes on; nil: none
	closed bool

	// Of connecting that failed:
	failure error
	delay   time.Duration
	again   time.Time // not before
}

func (c *Conn) name() string { return cmp.Or(c.Name, "the server") }

// link is a connection, or one that is being made.
type link struct {
	made chan struct{} // closed when the rest is set
	http *http.ClientConn
	err  error
}

// usable tells whether calls can begin on the link, now or when the server lets one
// more. One that is being made is.
func (l *link) usable() bool {
	select {
	case <-l.made:
		return l.err == nil && l.http.Err() == nil
	default:
		return true
	}
}

// errClosed is what calls fail with after Close.
var errClosed = &Error{Code: Canceled, Message: "the connection is closed"}

// connect returns a link that is up. All calls wait for the same one.
func (c *Conn) connect(ctx context.Context) (*link, error) {
	l, err := c.pick()
	if err != nil {
		return nil, err
	}
	select {
	case <-l.made:
		return l, l.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", errUnconnected, ctx.Err())
	}
}

// errUnconnected tells that the caller's time was over before there was a connection.
var errUnconnected = errcode.New(errcode.AuthUnreachable, "no connection")

func (c *Conn) pick() (*link, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, errClosed
	case c.link != nil && c.link.usable():
		return c.link, nil
	case time.Now().Before(c.again):
		return nil, c.failure
	}
	// The caller who is first may give up before the others: it is not its context
	// that ends the attempt.
	ctx, cancel := context.WithTimeout(context.Background(), c.Timeout)
	c.link, c.cancel = &link{made: make(chan struct{})}, cancel
	go c.make(ctx, c.link)
	return c.link, nil
}

// make makes the link.
func (c *Conn) make(ctx context.Context, l *link) {
	conn, err := c.open(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel()
	c.cancel = nil
	switch {
	case c.closed:
		if err == nil {
			conn.Close()
		}
		l.err = errClosed
	case err != nil:
		c.delay = min(max(2*c.delay, firstDelay), maxDelay)
		c.again = time.Now().Add(c.delay)
		c.failure = &Error{Code: Unavailable, Message: "connection error: " + errcode.Words(err), Err: err}
		l.err = c.failure
	default:
		l.http, c.delay = conn, 0
		c.keep(l)
	}
	close(l.made)
}

// keep adds a link to those that are open.
func (c *Conn) keep(l *link) {
	if c.links == nil {
		c.links = map[*link]struct{}{}
	}
	for old := range c.links {
		if old.http.Err() != nil {
			delete(c.links, old)
		}
	}
	c.links[l] = struct{}{}
}

// leave has later calls take another link than one that takes no more of them, while
// others may still end there.
func (c *Conn) leave(l *link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == l && l.http.Available() == 0 {
		c.link = nil
	}
}

// open dials and has HTTP/2 begin. The connection is good when the server has
// begun, too: before, it may still refuse the client's certificate.
func (c *Conn) open(ctx context.Context) (*http.ClientConn, error) {
	raw, err := c.Dial(ctx)
	if err != nil {
		return nil, err
	}
	began, conn := time.Now(), newGreeting(raw)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true) // what is dialled is encrypted already
	transport := &http.Transport{
		DialTLSContext:         func(context.Context, string, string) (net.Conn, error) { return conn, nil },
		Protocols:              protocols,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeaders,
	}
	speaking, err := transport.NewClientConn(ctx, "https", net.JoinHostPort(authority, "443"))
	if err != nil {
		raw.Close()
		return nil, err
	}
	select {
	case err = <-conn.heard:
	case <-ctx.Done():
		err = errcode.Silence(ctx.Err(), began, c.name(), "did not begin to speak HTTP/2", "")
	}
	if err != nil {
		speaking.Close()
		return nil, err
	}
	return speaking, nil
}

// Close ends the connection; calls in flight fail. It may be called more than once.
func (c *Conn) Close() error {
	c.mu.Lock()
	c.closed = true
	if c.cancel != nil {
		c.cancel()
	}
	links := c.links
	c.links = nil
	c.mu.Unlock()
	for l := range links {
		l.http.Close()
	}
	return nil
}

func (c *Conn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}
