// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: as much of an auth service as tests need.

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"

	"github.com/tshmcp/tshmcp/internal/grpctest"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// authServer is as much of an auth service as the tests of this package need,
// on a port of its own: real TLS, real gRPC.
type authServer struct {
	wirepb.UnimplementedAuthServiceServer
	wirepb.UnimplementedUsersServiceServer

	t              *testing.T
	addr           string
	hostCA, userCA *authority
	srv            *grpc.Server

	mu       sync.Mutex
	hellos   []*tls.ClientHelloInfo
	requests []*wirepb.ListResourcesRequest
	issued   *wirepb.UserCertsRequest

	list  func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error)
	roles func() ([]*wirepb.RoleV6, error)
	certs func(*wirepb.UserCertsRequest) (*wirepb.Certs, error)
	user  *wirepb.UserV2
	ends  time.Time // what a test wants certs to end at

	besides string // what is sent behind the fields of a list
}

func startAuth(t *testing.T) *authServer {
	t.Helper()
	l := listen(t)
	s := &authServer{t: t, addr: l.Addr().String(), hostCA: newAuthority(t, "demo-cluster"), userCA: newAuthority(t, "demo-cluster")}
	s.serve(l)
	return s
}

func (s *authServer) serve(l net.Listener) {
	s.srv = grpc.NewServer(grpc.Creds(credentials.NewTLS(s.tls())), grpc.ForceServerCodec(codec{auth: s}))
	grpctest.Register(s.srv, wirepb.AuthService(), s)
	grpctest.Register(s.srv, wirepb.UsersService(), s)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.srv.Serve(l)
	}()
	s.t.Cleanup(func() { s.srv.Stop(); <-done })
}

// codec is that of the server.
type codec struct {
	grpctest.Codec
	auth *authServer
}

func (c codec) Marshal(v any) ([]byte, error) {
	b, err := c.Codec.Marshal(v)
	if _, ok := v.(*wirepb.ListResourcesResponse); ok {
		b = append(b, c.auth.besides...)
	}
	return b, err
}

// tls is the auth service's side of the handshake; it records each hello.
func (s *authServer) tls() *tls.Config {
	cert := s.hostCA.pair(&x509.Certificate{DNSNames: []string{"*.teleport.cluster.local", "teleport.cluster.local"}})
	return &tls.Config{
		Certificates: []tls.Certificate{*cert},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    s.userCA.pool(),
		NextProtos:   []string{protoHTTP2},
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.hellos = append(s.hellos, hello)
			return nil, nil
		},
	}
}

// login returns an identity that the server accepts, for an hour.
func (s *authServer) login() *Identity { return s.userCA.login(time.Now().Add(time.Hour), s.hostCA) }

// dial returns a client with that identity.
func (s *authServer) dial() *RootAuth { return dialAuth(s.t, s.addr, s.login()) }

func dialAuth(t *testing.T, addr string, id *Identity) *RootAuth {
	t.Helper()
	a := must((&Proxy{Addr: addr, Insecure: true}).DialAuth(id))(t)
	t.Cleanup(func() { a.Close() })
	return a
}

func (s *authServer) GetUser(ctx context.Context, req *wirepb.GetUserRequest) (*wirepb.GetUserResponse, error) {
	if md, _ := metadata.FromIncomingContext(ctx); len(md.Get("version")) > 0 {
		s.t.Errorf("version metadata %q was sent", md.Get("version"))
	}
	if !req.GetCurrentUser() {
		s.t.Error("the request is not for the current user")
	}
	return &wirepb.GetUserResponse{User: s.user}, nil
}

func (s *authServer) GetCurrentUserRoles(_ context.Context, _ *wire.Empty, send func(*wirepb.RoleV6) error) error {
	roles, err := s.roles()
	for _, role := range roles {
		if err := send(role); err != nil {
			return err
		}
	}
	return err
}

func (s *authServer) ListResources(ctx context.Context, req *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
	s.mu.Lock()
	s.requests = append(s.requests, req)
	s.mu.Unlock()
	return s.list(ctx, req)
}

func (s *authServer) GenerateUserCerts(_ context.Context, req *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
	s.mu.Lock()
	s.issued = req
	s.mu.Unlock()
	if s.certs != nil {
		return s.certs(req)
	}
	return &wirepb.Certs{Tls: s.sign(req, req.GetExpires().AsTime())}, nil
}

// sign issues the certificate that was asked for.
func (s *authServer) sign(req *wirepb.UserCertsRequest, expires time.Time) []byte {
	block, _ := pem.Decode(req.GetTlsPublicKey())
	pub, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		s.t.Errorf("public key: %v", err)
	}
	subject := pkix.Name{CommonName: req.GetUsername()}
	for n, value := range map[int]string{
		5: req.GetRouteToApp().GetClusterName(), 6: req.GetRouteToApp().GetPublicAddr(), 10: req.GetRouteToApp().GetName(),
	} {
		if value != "" {
			subject.ExtraNames = append(subject.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 3, 9999, 1, n}, Value: value})
		}
	}
	return s.userCA.issue(&x509.Certificate{NotAfter: expires, Subject: subject}, pub)
}

// appServer is one listed app; labels are "key=value".
func appServer(name, publicAddr string, labels ...string) *wirepb.PaginatedResource {
	app := &wirepb.AppV3{
		SubKind:  "mcp",
		Metadata: &wirepb.Metadata{Name: name, Description: "about " + name, Labels: map[string]string{}},
		Spec:     &wirepb.AppSpecV3{Uri: "mcp+http://localhost/" + name, PublicAddr: publicAddr},
	}
	for _, l := range labels {
		key, value, _ := strings.Cut(l, "=")
		app.Metadata.Labels[key] = value
	}
	return &wirepb.PaginatedResource{Resource: &wirepb.PaginatedResource_AppServer{
		AppServer: &wirepb.AppServerV3{Spec: &wirepb.AppServerSpecV3{App: app}},
	}}
}
