// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// server owns the goroutines behind the listener: the one that accepts and one
// for each connection.
type server struct {
	http   http.Server
	served chan struct{}  // closed when nothing accepts any more
	conns  sync.WaitGroup // connections with a goroutine
}

// serve takes over the listener.
func serve(listener net.Listener, handler http.Handler) *server {
	s := &server{served: make(chan struct{})}
	s.http = http.Server{
		Handler:                      handler,
		DisableGeneralOptionsHandler: true,
		ReadTimeout:                  10 * time.Second,
		WriteTimeout:                 10 * time.Second,
		IdleTimeout:                  time.Minute,
		ErrorLog:                     log.New(io.Discard, "", 0), // or it prints to stderr
		ConnState:                    s.track,
	}
	go func() {
		defer close(s.served)
		s.http.Serve(listener)
	}()
	return s
}

// track is told of StateNew by Serve itself, so no connection is missed once
// served is closed, and of StateClosed in the end of the connection's goroutine.
func (s *server) track(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
	case http.StateClosed:
		s.conns.Done()
	}
}

// close cuts all connections and returns when no goroutine is left. It loses
// no page: the one that matters has been flushed (serveDone), and what is
// flushed arrives.
func (s *server) close() {
	s.http.Close()
	<-s.served
	s.conns.Wait()
}
