// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto/tls"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"
)

// TestAlertBeforeTheFirstRead is a server that refuses the certificate before the
// client has written anything, and a client that writes before it reads, as net/http
// does where HTTP/2 begins.
func TestAlertBeforeTheFirstRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("a connection that is reset loses what has come before that, but on Linux")
	}
	s := startAuth(t)
	refused := make(chan struct{})
	addr := serveConns(t, func(c net.Conn) {
		tls.Server(c, s.tls()).Handshake()
		c.(*net.TCPConn).SetLinger(0) // so that the client's Write notices
		close(refused)
	})
	stranger := newAuthority(t, "demo-cluster").login(time.Now().Add(time.Hour), s.hostCA)
	link := newAuthLink(&Proxy{Addr: addr}, stranger, "demo-cluster", stranger.HostCAs)
	conn := must(tls.Dial("tcp", addr, link.tls))(t)
	defer conn.Close()
	<-refused
	began := time.Now()
	named := newAlertConn(conn)
	var err error
	for err == nil {
		_, err = named.Write([]byte("PRI * HTTP/2.0"))
	}
	var alert tls.AlertError
	if !errors.As(err, &alert) || alert != 48 {
		t.Errorf("error %v; want the alert unknown_ca", err)
	}
	if took := time.Since(began); took > alertWait/2 {
		t.Errorf("it took %v", took)
	}
}
