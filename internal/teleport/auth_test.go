// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// traits builds the wire form of key=values.
func wireLabels(key string, values ...string) *wirepb.LabelValues {
	return &wirepb.LabelValues{Values: map[string]*wirepb.StringValues{key: {Values: values}}}
}

func TestHelloToTheAuthService(t *testing.T) {
	s := startAuth(t)
	s.user = &wirepb.UserV2{}
	if _, err := s.dial().User(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if len(s.hellos) != 1 {
		t.Fatalf("%d connections; want 1", len(s.hellos))
	}
	const host = "64656d6f2d636c7573746572.teleport.cluster.local" // demo-cluster
	if got, want := s.hellos[0].SupportedProtos, []string{"teleport-auth@" + host, "h2"}; !slices.Equal(got, want) {
		t.Errorf("ALPN %q; want %q", got, want)
	}
	if got := s.hellos[0].ServerName; got != host {
		t.Errorf("SNI %q; want %q", got, host)
	}
	if got, want := clusterHost("rig-cluster"), "7269672d636c7573746572.teleport.cluster.local"; got != want {
		t.Errorf("rig-cluster is %q; want %q (protocol.md 5.3)", got, want)
	}
}

func TestUser(t *testing.T) {
	s := startAuth(t)
	s.user = &wirepb.UserV2{
		Metadata: &wirepb.Metadata{Name: "alice"},
		Spec:     &wirepb.UserSpecV2{Roles: []string{"dev", "access"}, Traits: wireLabels("team", "red", "blue")},
	}
	got := must(s.dial().User(testContext(t)))(t)
	want := &User{Name: "alice", Roles: []string{"dev", "access"}, Traits: map[string][]string{"team": {"red", "blue"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v; want %+v", got, want)
	}
}

func TestRoles(t *testing.T) {
	s := startAuth(t)
	s.roles = func() ([]*wirepb.RoleV6, error) {
		return []*wirepb.RoleV6{
			{Metadata: &wirepb.Metadata{Name: "dev"}, Spec: &wirepb.RoleSpecV6{
				Allow: &wirepb.RoleConditions{AppLabels: wireLabels("env", "dev"), Mcp: &wirepb.MCPPermissions{Tools: []string{"get_*"}}},
				Deny:  &wirepb.RoleConditions{AppLabelsExpression: "true", Mcp: &wirepb.MCPPermissions{Tools: []string{"delete_*"}}},
			}},
			{Metadata: &wirepb.Metadata{Name: "old"}},
		}, nil
	}
	got := must(s.dial().Roles(testContext(t)))(t)
	want := []Role{
		{
			Name:  "dev",
			Allow: RoleConditions{AppLabels: map[string][]string{"env": {"dev"}}, Tools: []string{"get_*"}},
			Deny:  RoleConditions{AppLabelsExpression: "true", Tools: []string{"delete_*"}},
		},
		{Name: "old"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v; want %+v", got, want)
	}
}

func TestRolesBrokenOff(t *testing.T) {
	s := startAuth(t)
	s.roles = func() ([]*wirepb.RoleV6, error) {
		return []*wirepb.RoleV6{{}}, status.Error(codes.PermissionDenied, "access\ndenied\x1b[31m")
	}
	roles, err := s.dial().Roles(testContext(t))
	var e *AuthError
	if !errors.As(err, &e) || !e.Denied() || e.Unreachable() || e.Code != rpc.PermissionDenied {
		t.Fatalf("error %#v; want access denied", err)
	}
	if want := "get current roles: access denied"; e.Error() != want {
		t.Errorf("text %q; want %q", e, want)
	}
	if roles != nil {
		t.Errorf("roles %v besides the error", roles)
	}
}

func TestDialAuthNeedsALogin(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	whole := ca.login(time.Now().Add(time.Hour), ca)
	for name, id := range map[string]*Identity{
		"nothing":        nil,
		"no certificate": {Key: whole.Key, HostCAs: whole.HostCAs},
		"no key":         {Cert: whole.Cert, HostCAs: whole.HostCAs},
		"no host CA":     {Key: whole.Key, Cert: whole.Cert},
	} {
		if a, err := (&Proxy{Addr: "localhost:1"}).DialAuth(id); err == nil {
			a.Close()
			t.Errorf("%s: no error", name)
		}
	}
}
