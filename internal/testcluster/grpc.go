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
	"github.com/tshmcp/tshmcp/internal/wire"
	"github.com/tshmcp/tshmcp/internal/wire/grpcwire"
)

// minPingInterval is the shortest interval of keepalive pings that the auth
// service puts up with (protocol.md 6.3).
const minPingInterval = 60 * time.Second

// methodPing is what everybody may call.
const methodPing = "/" + wirepb.AuthServiceName + "/Ping"

// authServer is the auth service of the cluster or of a leaf.
type authServer struct {
	*site
	publicAddr string // of the cluster's own proxy
	leaves     *leaves
	headless   *headlessLogins
	access     *accessRequests
	factors    *factors // nil in a leaf: users belong to the root
	server     *grpc.Server
	conns      *handoff // where its connections come from
}

// start makes the gRPC server.
func (a *authServer) start(addr net.Addr) {
	a.conns = newHandoff(addr)
	a.server = a.newServer()
}

func (a *authServer) newServer() *grpc.Server {
	server := grpc.NewServer(
		grpc.Creds(&authCreds{site: a.site, config: a.tlsConfig()}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPingInterval, PermitWithoutStream: true}),
		grpc.ConnectionTimeout(handshakeTimeout),
		grpc.WaitForHandlers(true),
		grpc.ForceServerCodec(grpcwire.Codec{}),
		grpc.UnaryInterceptor(func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
			if err := a.admit(ctx, info.FullMethod); err != nil {
				return nil, err
			}
			return handle(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
			if err := a.admit(stream.Context(), info.FullMethod); err != nil {
				return err
			}
			return handle(srv, stream)
		}),
	)
	serve := func(service wire.Service, implementation any) { grpcwire.Register(server, service, implementation) }
	wirepb.Register(serve, &authService{auth: a}, &usersService{auth: a}, &trustService{auth: a}, &presenceService{leaves: a.leaves})
	return server
}

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
		return known[hello.ServerName], nil
	}
	return config
}

// authCreds is the TLS of the auth service. Unlike gRPC's own it closes the
// connection after the handshake of a client whose certificate is for apps
// only, and lets a request close its connection.
type authCreds struct {
	site   *site
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
	return a.site.here(id), err
}

func (a *authCreds) ClientHandshake(context.Context, string, net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errors.New("the credentials of the auth service are not for clients")
}

func (a *authCreds) Info() credentials.ProtocolInfo {
	return credentials.ProtocolInfo{SecurityProtocol: "tls"}
}

func (a *authCreds) Clone() credentials.TransportCredentials {
	return &authCreds{site: a.site, config: a.config}
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
func (a *authServer) admit(ctx context.Context, method string) error {
	if versions := metadata.ValueFromIncomingContext(ctx, "version"); len(versions) > 0 && !a.acceptsClient(versions[0]) {
		a.cfg.Log.Warn("client version is unsupported", "version", versions[0])
		client(ctx).conn.Close()
		return status.Error(codes.Unavailable, "client version is unsupported")
	}
	if err := grpc.SetHeader(ctx, metadata.Pairs("version", a.cfg.Version)); err != nil {
		return err
	}
	user := client(ctx).identity.Username
	if user == "" && method == methodPing {
		return nil
	}
	if user == "" || a.locked(user) {
		return status.Error(codes.PermissionDenied, "access denied")
	}
	return a.admitRemote(ctx)
}

func (a *authServer) acceptsClient(version string) bool {
	return isSemver(version) && semver.Compare("v"+version, "v"+minClientVersion(a.cfg.Version)) >= 0
}

// admitRemote refuses a user of the root to whom the role map gives nothing.
func (a *authServer) admitRemote(ctx context.Context) error {
	if a.root != nil && len(client(ctx).identity.Roles) == 0 {
		return status.Error(codes.PermissionDenied, "access denied")
	}
	return nil
}
