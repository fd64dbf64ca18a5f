// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

func TestAuthPing(t *testing.T) {
	cluster := start(t)
	got := call[wirepb.PingResponse](t, dialAs(t, cluster, "alice"), "/proto.AuthService/Ping", &wirepb.PingRequest{})
	if got.GetClusterName() != clusterName || got.GetServerVersion() != testcluster.NewestVersion ||
		got.GetProxyPublicAddr() != cluster.Addr() || got.GetRemoteAddr() == "" || got.GetSignatureAlgorithmSuite() != 2 {
		t.Errorf("ping %v", got)
	}
}

// A client that names its version is held to it: too old or no version at all
// closes the connection (protocol.md 6.2).
func TestVersionMetadata(t *testing.T) {
	cluster := start(t)
	for version, accepted := range map[string]bool{
		"":           true, // none
		"15.0.0":     false,
		"16.9.9":     false,
		"17.0.0-aa":  true,
		"17.0.0":     true,
		"18.3.0":     true,
		"18.9.9":     true,
		"19.0.0":     true,
		"99.0.0":     true,
		"18.0.0-dev": true,
		"abc":        false,
		"18":         false,
		"v18.0.0":    false,
	} {
		t.Run(version, func(t *testing.T) {
			conn := dialAs(t, cluster, "alice")
			ctx := t.Context()
			if version != "" {
				ctx = metadata.AppendToOutgoingContext(ctx, "version", version)
			}
			var header metadata.MD
			err := conn.Invoke(ctx, "/proto.AuthService/Ping", &wirepb.PingRequest{}, &wirepb.PingResponse{}, grpc.Header(&header))
			if !accepted {
				wantClosed(t, err)
				_, err = rolesByName(ctx, conn)
				wantClosed(t, err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := header.Get("version"); len(got) != 1 || got[0] != testcluster.NewestVersion {
				t.Errorf("version in the answer: %q", got)
			}
		})
	}
}

// A client without a certificate is told who is there, and nothing else.
func TestWithoutCertificate(t *testing.T) {
	cluster := start(t)
	_, hostCA := issue(t, cluster, "alice", time.Hour)
	config := authConfig(tls.Certificate{}, hostCA)
	config.GetClientCertificate = nil
	conn := dialAuth(t, cluster, config)
	if got := call[wirepb.PingResponse](t, conn, "/proto.AuthService/Ping", &wirepb.PingRequest{}); got.GetClusterName() != clusterName {
		t.Errorf("ping %v", got)
	}
	if roles, err := rolesByName(t.Context(), conn); status.Code(err) != codes.PermissionDenied {
		t.Errorf("roles %v, %v", roles, err)
	}
}

// wantClosed wants the error of a connection that was closed under a call, not
// a status of the server.
func wantClosed(t *testing.T, err error) {
	t.Helper()
	if status.Code(err) != codes.Unavailable || status.Convert(err).Message() == "client version is unsupported" {
		t.Errorf("error %v, want that of a closed connection", err)
	}
}

func TestGetUser(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	const method = "/teleport.users.v1.UsersService/GetUser"
	user := call[wirepb.GetUserResponse](t, conn, method, &wirepb.GetUserRequest{CurrentUser: true}).GetUser()
	if user.GetMetadata().GetName() != "alice" || len(user.GetSpec().GetRoles()) != 2 {
		t.Errorf("user %v", user)
	}
	if team := user.GetSpec().GetTraits().GetValues()["team"].GetValues(); len(team) != 1 || team[0] != "dev" {
		t.Errorf("trait team %q", team)
	}
	if expires := user.GetSpec().GetExpires().GetSeconds(); expires != -62135596800 {
		t.Errorf("an unset time is sent as %d", expires)
	}
	for _, request := range []*wirepb.GetUserRequest{{Name: "bob"}, {CurrentUser: true, WithSecrets: true}} {
		err := conn.Invoke(t.Context(), method, request, &wirepb.GetUserResponse{})
		if status.Code(err) != codes.PermissionDenied {
			t.Errorf("%v: %v", request, err)
		}
	}
}

// The roles are those of the certificate, with their definitions.
func TestGetCurrentUserRoles(t *testing.T) {
	for version, hasTools := range map[string]bool{"18.3.0": true, "18.1.0": true, "18.0.0": false} {
		t.Run(version, func(t *testing.T) {
			cluster := start(t, func(c *testcluster.Config) { c.Version = version })
			roles, err := rolesByName(t.Context(), dialAs(t, cluster, "alice"))
			if err != nil || len(roles) != 2 {
				t.Fatalf("roles %v, %v", roles, err)
			}
			access, editor := roles["access"], roles["editor"]
			if env := access.GetSpec().GetAllow().GetAppLabels().GetValues()["env"].GetValues(); len(env) != 1 || env[0] != "dev" {
				t.Errorf("app labels %q", env)
			}
			if tools := access.GetSpec().GetAllow().GetMcp().GetTools(); (len(tools) == 1 && tools[0] == "get_*") != hasTools {
				t.Errorf("allowed tools %q", tools)
			}
			if tools := editor.GetSpec().GetDeny().GetMcp().GetTools(); (len(tools) == 1 && tools[0] == "^delete_.*$") != hasTools {
				t.Errorf("denied tools %q", tools)
			}
		})
	}
}

func TestIsMFARequired(t *testing.T) {
	cluster := start(t)
	got := call[wirepb.IsMFARequiredResponse](t, dialAs(t, cluster, "alice"), "/proto.AuthService/IsMFARequired",
		&wirepb.IsMFARequiredRequest{Target: &wirepb.IsMFARequiredRequest_App{App: &wirepb.RouteToApp{Name: "x"}}})
	if got.GetRequired() || got.GetMfaRequired() != 2 {
		t.Errorf("answer %v", got)
	}
}

// The host CA is the same from every source, and it is the one that signs the
// auth service.
func TestCertAuthorities(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	_, _, hostCA, err := cluster.Issue("alice", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if got := call[wirepb.GetClusterCACertResponse](t, conn, "/proto.AuthService/GetClusterCACert", &wire.Empty{}); string(got.GetTlsCa()) != string(hostCA) {
		t.Errorf("GetClusterCACert: %s", got.GetTlsCa())
	}
	if got := call[wirepb.GetDomainNameResponse](t, conn, "/proto.AuthService/GetDomainName", &wire.Empty{}); got.GetDomainName() != clusterName {
		t.Errorf("GetDomainName: %v", got)
	}
	const method = "/teleport.trust.v1.TrustService/GetCertAuthorities"
	got := call[wirepb.GetCertAuthoritiesResponse](t, conn, method, &wirepb.GetCertAuthoritiesRequest{Type: "host"}).GetCertAuthoritiesV2()
	if len(got) != 1 || got[0].GetSpec().GetClusterName() != clusterName || len(got[0].GetSpec().GetActiveKeys().GetTls()) != 1 ||
		string(got[0].GetSpec().GetActiveKeys().GetTls()[0].GetCert()) != string(hostCA) {
		t.Errorf("GetCertAuthorities: %v", got)
	}
	for request, want := range map[*wirepb.GetCertAuthoritiesRequest]codes.Code{
		{Type: "host", IncludeKey: true}: codes.PermissionDenied,
		{Type: "saml_idp"}:               codes.Unimplemented,
	} {
		if err := conn.Invoke(t.Context(), method, request, &wirepb.GetCertAuthoritiesResponse{}); status.Code(err) != want {
			t.Errorf("%v: %v, want %v", request, err, want)
		}
	}
}

// What the cluster has no model for says so.
func TestUnimplemented(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	for _, method := range []string{
		"/proto.AuthService/NoSuchMethod",
		"/proto.AuthService/GetCurrentUser",
		"/testcluster.AuthService/Ping", // the name in our own descriptor is not served
	} {
		if err := conn.Invoke(t.Context(), method, &wire.Empty{}, &wire.Empty{}); status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v", method, err)
		}
	}
}

var rolesStream = grpc.StreamDesc{ServerStreams: true}

// rolesByName calls GetCurrentUserRoles and returns the roles by name.
func rolesByName(ctx context.Context, conn *grpc.ClientConn) (map[string]*wirepb.Role, error) {
	stream, err := conn.NewStream(ctx, &rolesStream, "/proto.AuthService/GetCurrentUserRoles")
	if err != nil {
		return nil, err
	}
	if err := errors.Join(stream.SendMsg(&wire.Empty{}), stream.CloseSend()); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	roles := map[string]*wirepb.Role{}
	for {
		role := &wirepb.Role{}
		if err := stream.RecvMsg(role); err == io.EOF {
			return roles, nil
		} else if err != nil {
			return nil, err
		}
		roles[role.GetMetadata().GetName()] = role
	}
}
