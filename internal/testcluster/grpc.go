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

	"golang.org/x/mod/semver"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// minPingInterval is the shortest interval of keepalive pings that the auth
// service puts up with (protocol.md 6.3).
const minPingInterval = 60 * time.Second

// newAuthServer returns the gRPC server of the auth service.
func (c *Cluster) newAuthServer() *grpc.Server {
	server := grpc.NewServer(
		grpc.Creds(&authCreds{c: c, config: c.authTLS()}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPingInterval, PermitWithoutStream: true}),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.WaitForHandlers(true),
		grpc.UnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
			if err := c.admit(ctx, info.FullMethod); err != nil {
				return nil, err
			}
			return handle(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
			if err := c.admit(stream.Context(), info.FullMethod); err != nil {
				return err
			}
			return handle(srv, stream)
		}),
	)
	wirepb.Register(server, &authService{c: c}, &usersService{c: c}, &trustService{c: c}, &presenceService{c: c})
	return server
}

// authTLS takes a client certificate, if there is one, of the cluster that the
// SNI names (protocol.md 5.3); a leaf knows its root too, and its users come
// with certificates of that. No authority is right for any other name, so that the
// client sees the alert unknown_ca. The ALPN value that has brought the
// client here is not among those the auth service knows (6.1).
func (c *Cluster) authTLS() *tls.Config {
	config := &tls.Config{
		GetCertificate: c.host.certificate,
		NextProtos:     []string{alpnHTTP2, alpnHTTP1},
		ClientAuth:     tls.VerifyClientCertIfGiven,
		ClientCAs:      x509.NewCertPool(),
		MinVersion:     tls.VersionTLS12,
	}
	known := map[string]*tls.Config{}
	for cluster := c; cluster != nil; cluster = cluster.root {
		own := config.Clone()
		own.ClientCAs = cluster.userCA.pool()
		known[serverName(cluster.cfg.Name)] = own
	}
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		return known[hello.ServerName], nil
	}
	return config
}

// authCreds is the TLS of the auth service. Unlike gRPC's own it closes the
// connection after the handshake of a client whose certificate is for apps
// only, and lets a request close its connection.
type authCreds struct {
	c      *Cluster
	config *tls.Config
}

// authInfo is what the requests of a connection know about their client.
type authInfo struct {
	credentials.TLSInfo
	identity identity // the zero value for a client without a certificate
	conn     net.Conn
}

func (a *authCreds) ServerHandshake(raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn := tls.Server(raw, a.config)
	if err := conn.Handshake(); err != nil { // bounded by grpc.ConnectionTimeout
		return nil, nil, err
	}
	state := conn.ConnectionState()
	id, err := a.identity(state)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	tlsInfo := credentials.TLSInfo{State: state}
	tlsInfo.SecurityLevel = credentials.PrivacyAndIntegrity
	return conn, authInfo{TLSInfo: tlsInfo, identity: id, conn: conn}, nil
}

func (a *authCreds) identity(state tls.ConnectionState) (identity, error) {
	if len(state.PeerCertificates) == 0 {
		return identity{}, nil
	}
	id, err := parseIdentity(state.PeerCertificates[0])
	if err == nil && id.restricted() {
		err = errors.New("the certificate is restricted to one usage")
	}
	return a.c.here(id), err
}

func (a *authCreds) ClientHandshake(context.Context, string, net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errors.New("the credentials of the auth service are not for clients")
}

func (a *authCreds) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls"}
}

func (a *authCreds) Clone() credentials.TransportCredentials {
	return &authCreds{c: a.c, config: a.config}
}

func (a *authCreds) OverrideServerName(string) error {
	return errors.New("the credentials of the auth service have no server name")
}

// client returns the client of a request.
func client(ctx context.Context) authInfo {
	p, _ := peer.FromContext(ctx)
	return p.AuthInfo.(authInfo) // authCreds gives no other
}

// admit checks the version that a client names, and names that of the server.
// The connection of a client that is too old, or whose version is none, is
// closed (protocol.md 6.2). Without a client certificate there is Ping and
// nothing else; a locked user has not even that.
func (c *Cluster) admit(ctx context.Context, method string) error {
	if versions := metadata.ValueFromIncomingContext(ctx, "version"); len(versions) > 0 && !c.acceptsClient(versions[0]) {
		c.log.Warn("client version is unsupported", "version", versions[0])
		client(ctx).conn.Close()
		return status.Error(codes.Unavailable, "client version is unsupported")
	}
	if err := grpc.SetHeader(ctx, metadata.Pairs("version", c.cfg.Version)); err != nil {
		return err
	}
	user := client(ctx).identity.Username
	if user == "" && method == wirepb.AuthService_Ping_FullMethodName {
		return nil
	}
	if user == "" || c.locked(user) {
		return status.Error(codes.PermissionDenied, "access denied")
	}
	return c.admitRemote(ctx)
}

func (c *Cluster) acceptsClient(version string) bool {
	return isSemver(version) && semver.Compare("v"+version, "v"+minClientVersion(c.cfg.Version)) >= 0
}
