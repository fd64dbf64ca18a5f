// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
)

// pipeListener accepts one connection, made of a pipe, so that synctest knows
// who waits.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// TestServerWaitsForItsGoroutines closes the server while a request is served.
func TestServerWaitsForItsGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		serving, release := make(chan struct{}), make(chan struct{})
		listener := &pipeListener{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
		client, conn := net.Pipe()
		listener.conns <- conn
		s := serve(listener, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			close(serving)
			<-release
		}))
		io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		<-serving
		closed := make(chan struct{})
		go func() { s.close(); close(closed) }()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("closed while a request is served")
		default:
		}
		close(release)
		<-closed
		client.Close()
	})
}
