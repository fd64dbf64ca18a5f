// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func TestDeleteAppSession(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) {
		cfg.Users = append(cfg.Users, testcluster.User{Name: "carol", Roles: []string{"dev"}})
	})
	alice := login(t, cluster, "alice", time.Hour)
	auth := dial(t, proxy, alice)
	ctx := testContext(t)
	app := must(auth.App(ctx, "grafana-mcp"))(t)
	cert := must(auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app}))(t)
	kept := must(auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app}))(t)

	id := teleport.AppSession(cert.Leaf)
	if sessions := cluster.Sessions(); len(id) != 64 || len(sessions) != 2 {
		t.Fatalf("session %q of %+v", id, sessions)
	}
	if other := teleport.AppSession(alice.Cert); other != "" {
		t.Errorf("a login names the app session %q", other)
	}

	// Nobody ends what is another's.
	err := dial(t, proxy, login(t, cluster, "carol", time.Hour)).DeleteAppSession(ctx, id)
	var denied *teleport.AuthError
	if !errors.As(err, &denied) || !denied.Denied() || denied.Op != "end app session" {
		t.Errorf("by another user: %v", err)
	}
	for range 2 { // what is gone is no error
		if err := auth.DeleteAppSession(ctx, id); err != nil {
			t.Error(err)
		}
	}
	sessions := cluster.Sessions()
	if len(sessions) != 1 || sessions[0].ID != teleport.AppSession(kept.Leaf) {
		t.Errorf("left are %+v, want the other one", sessions)
	}
}
