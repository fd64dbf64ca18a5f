// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
)

// tlsConfig takes a client certificate, if there is one, of the cluster that the
// SNI names (protocol.md 5.3); a leaf knows its root too, and its users come
// with certificates of that. No authority is right for any other name, so that the
// client sees the alert unknown_ca. The ALPN value that has brought the
// client here is not among those the auth service knows (6.1).
func (a *authServer) tlsConfig() *tls.Config {
	config := &tls.Config{
		GetCertificate: a.host.certificate,
		NextProtos:     []string{alpnHTTP2, alpnHTTP1},
		ClientAuth:     tls.VerifyClientCertIfGiven,
		ClientCAs:      x509.NewCertPool(),
		MinVersion:     tls.VersionTLS12,
	}
	known := map[string]*tls.Config{}
	for cluster := a.site; cluster != nil; cluster = cluster.root {
		own := config.Clone()
		own.ClientCAs = cluster.userCA.pool()
		known[serverName(cluster.cfg.Name)] = own
	}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if a.strangers != nil && a.strangers() {
			return nil, nil
		}
		return known[hello.ServerName], nil
	}
	return config
}

// authInfo is what the requests of a connection know about their client.
type authInfo struct {
	state    tls.ConnectionState
	identity identity // the zero value for a client without a certificate
	conn     net.Conn
}

// authConn is a connection with its client.
type authConn struct {
	net.Conn
	info authInfo
}

// clientKey finds the client of a request in its context.
type clientKey struct{}

// client returns the client of a request.
func client(ctx context.Context) authInfo {
	return ctx.Value(clientKey{}).(authInfo) // each connection has one
}

// secure makes the handshake and hands on the connection. That of a client whose
// certificate is for apps only is closed after it.
func (a *authServer) secure(raw net.Conn) {
	conn := tls.Server(raw, a.tls)
	conn.SetDeadline(time.Now().Add(handshakeTimeout))
	if err := conn.Handshake(); err != nil {
		a.cfg.Log.Debug("auth service handshake", "error", err)
		raw.Close()
		return
	}
	conn.SetDeadline(time.Time{})
	state := conn.ConnectionState()
	id, err := a.identify(state)
	if err != nil {
		a.cfg.Log.Debug("client of the auth service", "error", err)
		conn.Close()
		return
	}
	a.secured.deliver(&authConn{grpcserve.Guard(conn), authInfo{state, id, conn}})
}

func (a *authServer) identify(state tls.ConnectionState) (identity, error) {
	if len(state.PeerCertificates) == 0 {
		return identity{}, nil
	}
	id, err := parseIdentity(state.PeerCertificates[0])
	if err == nil && id.restricted() {
		err = errors.New("the certificate is restricted to one usage")
	}
	return a.site.here(id), err
}
