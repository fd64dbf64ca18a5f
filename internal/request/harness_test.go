// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a user at a desk of the test cluster.

package request

import (
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/logintest"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// stage is a cluster in which alice may request the roles dev and ops, and the app
// notes, which dev allows.
type stage struct {
	*testing.T
	cluster *testcluster.Cluster
	store   *creds.Store
}

func newStage(t *testing.T) *stage {
	t.Helper()
	label := func(value string) map[string][]string { return map[string][]string{"env": {value}} }
	app := func(name, env string) testcluster.App {
		return testcluster.App{Name: name, URI: "mcp+http://127.0.0.1:1/mcp", Labels: map[string]string{"env": env}}
	}
	cluster, err := testcluster.Start(testcluster.Config{
		Users: []testcluster.User{{Name: "alice", Roles: []string{"own"}}},
		Roles: []testcluster.Role{
			{Name: "own", AllowAppLabels: label("free"), RequestRoles: []string{"dev", "ops"}, SearchAsRoles: []string{"dev"}, SuggestedReviewers: []string{"rita"}},
			{Name: "dev", AllowAppLabels: label("dev")}, {Name: "ops", AllowAppLabels: label("ops")},
		},
		Apps: []testcluster.App{app("notes", "dev"), app("free", "free"), app("secret", "ops")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	s := &stage{T: t, cluster: cluster, store: &creds.Store{Dir: t.TempDir()}}
	if err := logintest.Save(t.Context(), s.store, cluster, "alice", time.Hour); err != nil {
		t.Fatal(err)
	}
	return s
}

// desk is one with what is stored at this moment.
func (s *stage) desk() *Desk {
	s.Helper()
	clusters := &access.Clusters{Store: s.store, Now: time.Now, UpgradeMode: func(string) (teleport.UpgradeMode, error) { return teleport.UpgradeNever, nil }}
	c, err := clusters.Open(access.Source{})
	if err != nil {
		s.Fatal(err)
	}
	return &Desk{Cluster: c, Now: time.Now}
}

// made makes a request, which is reviewed.
func (s *stage) made(asked Asked, review testcluster.Review) string {
	s.Helper()
	r, err := s.desk().Create(s.Context(), asked)
	if err == nil && review.State != "" {
		err = s.cluster.ReviewAccess(r.ID, review)
	}
	if err != nil {
		s.Fatal(err)
	}
	return r.ID
}

var approved = testcluster.Review{State: testcluster.RequestApproved, Author: "rita"}

// assume takes a request up that was approved.
func (s *stage) assume(asked Asked) string {
	s.Helper()
	id := s.made(asked, approved)
	if _, err := s.desk().Assume(s.Context(), id); err != nil {
		s.Fatal(err)
	}
	return id
}
