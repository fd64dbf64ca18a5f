// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// What an administrator changes holds at once, on connections that are open.
func TestRegistry(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	wantApps := func(want ...string) {
		t.Helper()
		if got := appNames(t, conn); !slices.Equal(got, want) {
			t.Errorf("apps %q, want %q", got, want)
		}
	}
	wantApps()
	app := testcluster.App{Name: "web", URI: "http://127.0.0.1:1", Labels: map[string]string{"env": "dev"}}
	if err := cluster.AddApp(app); err != nil {
		t.Fatal(err)
	}
	wantApps("web")
	if err := cluster.AddApp(testcluster.App{Name: "other", URI: "http://127.0.0.1:1", PublicAddr: "web." + clusterName + ".test"}); err == nil {
		t.Error("two apps of one address")
	}
	role := testcluster.Role{Name: "access", AllowAppLabels: map[string][]string{"env": {"prod"}}}
	cluster.SetRole(role)
	wantApps()
	role.AllowAppLabels, role.RequireSessionMFA = map[string][]string{"env": {"dev"}}, true
	cluster.SetRole(role)
	wantApps("web")
	wantMFA(t, conn, "web", wirepb.MFARequired_MFA_REQUIRED_YES)
	if !cluster.DeleteApp("web") || cluster.DeleteApp("web") {
		t.Error("an app is deleted once")
	}
	wantApps()
}

// A lock needs no new connection, and no reason is given for it.
func TestLock(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	if _, err := rolesByName(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	cluster.LockUser("alice")
	_, err := rolesByName(t.Context(), conn)
	if status.Code(err) != codes.PermissionDenied || status.Convert(err).Message() != "access denied" {
		t.Errorf("a locked user: %v", err)
	}
	if _, err := rolesByName(t.Context(), dialAs(t, cluster, "bob")); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	cluster.UnlockUser("alice")
	if _, err := rolesByName(t.Context(), conn); err != nil {
		t.Errorf("after the lock: %v", err)
	}
}

func appNames(t *testing.T, conn *grpc.ClientConn) []string {
	t.Helper()
	answer := call[wirepb.ListResourcesResponse](t, conn, "/proto.AuthService/ListResources",
		&wirepb.ListResourcesRequest{ResourceType: "app_server", Namespace: "default", Limit: 1000})
	var names []string
	for _, r := range answer.GetResources() {
		names = append(names, r.GetAppServer().GetSpec().GetApp().GetMetadata().GetName())
	}
	return names
}

func wantMFA(t *testing.T, conn *grpc.ClientConn, app string, want wirepb.MFARequired) {
	t.Helper()
	got := call[wirepb.IsMFARequiredResponse](t, conn, "/proto.AuthService/IsMFARequired",
		&wirepb.IsMFARequiredRequest{Target: &wirepb.IsMFARequiredRequest_App{App: &wirepb.RouteToApp{Name: app}}})
	if got.GetMfaRequired() != want {
		t.Errorf("MFA for %s: %v, want %v", app, got, want)
	}
}
