// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a network inside the process.

package bridge

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
)

// memory is a network inside the process: a listener and the dialler to it.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemory() *memory { return &memory{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { m.once.Do(func() { close(m.closed) }); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

func (m *memory) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	here, there := net.Pipe()
	refused := &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	select {
	case <-m.closed:
		return nil, refused
	default:
	}
	select {
	case m.conns <- there:
		return here, nil
	case <-m.closed:
		return nil, refused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serve runs an HTTP server on the network until the test ends.
func (m *memory) serve(t testing.TB, h http.Handler) {
	handlers := &crowd{}
	handlers.gone = sync.NewCond(&handlers.mu)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handlers.enter() {
			defer handlers.leave()
			h.ServeHTTP(w, r)
		}
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(m)
	}()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
		handlers.disperse()
	})
}

// crowd counts the handlers that run; http.Server does not wait for them.
type crowd struct {
	mu     sync.Mutex
	gone   *sync.Cond
	n      int
	closed bool
}

func (c *crowd) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.n++
	}
	return !c.closed
}

func (c *crowd) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n--
	c.gone.Broadcast()
}

func (c *crowd) disperse() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for c.n > 0 {
		c.gone.Wait()
	}
}

func (m *memory) transport(t testing.TB) *http.Transport {
	tr := &http.Transport{DialContext: m.dial, DisableCompression: true}
	t.Cleanup(tr.CloseIdleConnections)
	return tr
}
