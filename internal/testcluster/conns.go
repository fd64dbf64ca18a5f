// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// lingerTimeout is how long a closed connection waits for the client to close
// its side.
const lingerTimeout = time.Second

// connSet knows every open connection of a client, to cut them all.
type connSet struct {
	mu      sync.Mutex
	open    map[*clientConn]struct{}
	closing bool
	linger  sync.WaitGroup
}

func (s *connSet) add(conn net.Conn) *clientConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	client := &clientConn{Conn: conn, set: s}
	if s.open == nil {
		s.open = map[*clientConn]struct{}{}
	}
	s.open[client] = struct{}{}
	if s.closing {
		client.abort()
	}
	return client
}

func (s *connSet) remove(client *clientConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, client)
}

// mayLinger reports whether a connection may wait for its client, and counts
// it as waiting.
func (s *connSet) mayLinger() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return false
	}
	s.linger.Add(1)
	return true
}

// drop cuts every connection at once, with a reset where the system has one.
func (s *connSet) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for client := range s.open {
		client.abort()
	}
}

// close cuts every connection, now and from now on, and waits for those that
// linger.
func (s *connSet) close() {
	s.mu.Lock()
	s.closing = true
	s.mu.Unlock()
	s.drop()
	s.linger.Wait()
}

// clientConn is one connection of a client to the proxy.
//
// Close sends what is written and a FIN, and closes when the client has closed
// too or a second later. A plain close while bytes of the client are unread
// would send a reset, which can overtake a TLS alert on its way to the client:
// what the client sees would be a matter of luck.
type clientConn struct {
	net.Conn
	set    *connSet
	taken  bytes.Reader // what readHello has read, to be read again
	closed atomic.Bool
}

// unread makes the next reads return data. It must be called before any of them.
func (c *clientConn) unread(data []byte) { c.taken.Reset(data) }

func (c *clientConn) Read(p []byte) (int, error) {
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	if c.taken.Len() > 0 {
		return c.taken.Read(p)
	}
	n, err := c.Conn.Read(p)
	if err != nil && c.closed.Load() {
		err = net.ErrClosed
	}
	return n, err
}

func (c *clientConn) Close() error {
	if c.closed.Swap(true) {
		return net.ErrClosed
	}
	c.Conn.SetDeadline(time.Unix(1, 0)) // wakes pending reads and writes
	if !c.set.mayLinger() {
		return c.finish()
	}
	go func() {
		defer c.set.linger.Done()
		c.lingerClose()
	}()
	return nil
}

func (c *clientConn) lingerClose() {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		c.Conn.SetReadDeadline(time.Now().Add(lingerTimeout))
		io.Copy(io.Discard, c.Conn)
	}
	c.finish()
}

func (c *clientConn) finish() error {
	c.set.remove(c)
	return c.Conn.Close()
}

// abort cuts the connection under whoever serves it. The server closes it in
// its turn.
func (c *clientConn) abort() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	c.Conn.Close()
}

// handoff is a listener whose connections come from the mux.
type handoff struct {
	addr  net.Addr
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newHandoff(addr net.Addr) *handoff {
	return &handoff{addr: addr, conns: make(chan net.Conn), done: make(chan struct{})}
}

// deliver hands a connection to the server that accepts on h, or closes it if
// that has stopped.
func (h *handoff) deliver(conn net.Conn) {
	select {
	case h.conns <- conn:
	case <-h.done:
		conn.Close()
	}
}

func (h *handoff) Accept() (net.Conn, error) {
	select {
	case conn := <-h.conns:
		return conn, nil
	case <-h.done:
		return nil, net.ErrClosed
	}
}

func (h *handoff) Close() error {
	h.once.Do(func() { close(h.done) })
	return nil
}

func (h *handoff) Addr() net.Addr { return h.addr }
