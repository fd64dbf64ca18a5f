// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// withRequests lets bob request the role dev by name, and apps that it allows.
func withRequests(cfg *testcluster.Config) {
	nobody := &cfg.Roles[2]
	nobody.RequestRoles, nobody.SearchAsRoles = []string{"dev", "care*"}, []string{"dev"}
	nobody.SuggestedReviewers, nobody.RequestPrompt = []string{"alice"}, "Which ticket?"
	cfg.Users[1].Traits = map[string][]string{"team": {"grafana"}}
}

func requestsOf(t *testing.T, p *teleport.Proxy, id *teleport.Identity) teleport.AccessRequests {
	return teleport.AccessRequests{RootAuth: dial(t, p, id)}
}

func appNames(apps []teleport.App) string {
	var names []string
	for _, app := range apps {
		names = append(names, app.Name)
	}
	return strings.Join(names, " ")
}

// TestRequestable is what the cluster tells of what can be requested.
func TestRequestable(t *testing.T) {
	cluster, proxy := start(t, withRequests)
	bob := requestsOf(t, proxy, login(t, cluster, "bob", time.Hour))
	ctx := testContext(t)
	if got := appNames(must(bob.RequestableApps(ctx))(t)); got != "grafana-mcp web-app" {
		t.Errorf("requestable: %s", got)
	}
	for _, test := range []struct {
		apps      []teleport.Resource
		by, roles string
	}{
		{nil, "", "careful dev"},
		{[]teleport.Resource{{Cluster: cluster.Name(), App: "grafana-mcp"}}, "dev", "dev"},
		{[]teleport.Resource{{Cluster: cluster.Name(), App: "hidden-mcp"}}, "", "careful dev"}, // refused, and asked again without
	} {
		got := must(bob.Requestable(ctx, test.apps...))(t)
		if by := strings.Join(got.ForApps, " "); by != test.by || strings.Join(got.Roles, " ") != test.roles ||
			!slices.Equal(got.Reviewers, []string{"alice"}) || got.NeedsReason || got.Prompt != "Which ticket?" {
			t.Errorf("%v: %+v", test.apps, got)
		}
	}
	alice := requestsOf(t, proxy, login(t, cluster, "alice", time.Hour))
	if got := appNames(must(alice.RequestableApps(ctx))(t)); got != "" {
		t.Errorf("requestable for alice: %s", got)
	}
	if got := must(alice.Requestable(ctx))(t); len(got.Roles) > 0 {
		t.Errorf("alice may request %v", got.Roles)
	}
}

// TestAccessRequest is the life of a request for roles: pending, approved, assumed.
func TestAccessRequest(t *testing.T) {
	cluster, proxy := start(t, withRequests)
	id := login(t, cluster, "bob", time.Hour)
	bob := requestsOf(t, proxy, id)
	ctx := testContext(t)
	made := must(bob.Create(ctx, teleport.NewRequest{Roles: []string{"dev"}, Reason: "ticket 7", Reviewers: []string{"alice"}}))(t)
	if made.State != teleport.RequestPending || made.User != "bob" || made.Reason != "ticket 7" || len(made.Apps) > 0 || made.Expires.IsZero() || made.Created.IsZero() || !made.Starts.IsZero() {
		t.Errorf("made %+v", made)
	}
	var refused *teleport.AuthError
	if _, err := bob.Assume(ctx, []string{made.ID}); !errors.As(err, &refused) || refused.Code != rpc.PermissionDenied ||
		refused.Message != `access request "`+made.ID+`" is awaiting approval` {
		t.Errorf("pending: %v", err)
	}
	until := time.Now().Add(20 * time.Minute)
	if err := cluster.ReviewAccess(made.ID, testcluster.Review{State: testcluster.RequestApproved, Author: "alice", Reason: "fine", Expires: until}); err != nil {
		t.Fatal(err)
	}
	now := must(bob.Get(ctx, made.ID))(t)
	if now.State != teleport.RequestApproved || now.Resolved != "fine" || !slices.Equal(now.Reviews, []teleport.Review{{"alice", teleport.RequestApproved, "fine"}}) {
		t.Errorf("approved: %+v", now)
	}
	cert := must(bob.Assume(ctx, []string{made.ID}))(t)
	if !slices.Equal(cert.Subject.Organization, []string{"dev", "nobody"}) || cert.NotAfter.After(until) || cert.NotAfter.Before(until.Add(-time.Minute)) {
		t.Errorf("certificate of %v until %v", cert.Subject.Organization, cert.NotAfter)
	}
	elevated := *id
	elevated.Cert = cert
	if got := appNames(must(dial(t, proxy, &elevated).Apps(ctx))(t)); got != "grafana-mcp web-app" {
		t.Errorf("apps: %s", got)
	}
	again := must(bob.Create(ctx, teleport.NewRequest{Apps: []teleport.Resource{{Cluster: cluster.Name(), App: "grafana-mcp"}}}))(t)
	if all := must(bob.All(ctx))(t); len(all) != 2 || all[0].ID != again.ID || all[1].ID != made.ID {
		t.Errorf("all: %+v", all)
	}
	if all := must(requestsOf(t, proxy, login(t, cluster, "alice", time.Hour)).All(ctx))(t); len(all) > 0 {
		t.Errorf("alice has %+v", all)
	}
}

// TestRequestForApp is a request for one app, which takes the others away while it
// is assumed.
func TestRequestForApp(t *testing.T) {
	cluster, proxy := start(t, withRequests)
	id := login(t, cluster, "bob", time.Hour)
	bob := requestsOf(t, proxy, id)
	ctx := testContext(t)
	app := teleport.Resource{Cluster: cluster.Name(), App: "grafana-mcp"}
	made := must(bob.Create(ctx, teleport.NewRequest{Apps: []teleport.Resource{app}}))(t)
	if !slices.Equal(made.Apps, []teleport.Resource{app}) || !slices.Equal(made.Roles, []string{"dev"}) {
		t.Errorf("made %+v", made)
	}
	if err := cluster.ReviewAccess(made.ID, testcluster.Review{State: testcluster.RequestApproved}); err != nil {
		t.Fatal(err)
	}
	elevated := *id
	elevated.Cert = must(bob.Assume(ctx, []string{made.ID}))(t)
	if got := appNames(must(dial(t, proxy, &elevated).Apps(ctx))(t)); got != "grafana-mcp" {
		t.Errorf("apps: %s", got)
	}
}

// TestRequestRefused is what the cluster says to requests that it does not take.
func TestRequestRefused(t *testing.T) {
	cluster, proxy := start(t, func(cfg *testcluster.Config) { withRequests(cfg); cfg.Roles[2].RequireReason = true })
	bob := requestsOf(t, proxy, login(t, cluster, "bob", time.Hour))
	ctx := testContext(t)
	for want, req := range map[string]teleport.NewRequest{
		"reason must be specified":        {Roles: []string{"dev"}},
		`can not request role "nobody"`:   {Roles: []string{"nobody"}, Reason: "x"},
		`none found for user "bob"`:       {Apps: []teleport.Resource{{Cluster: cluster.Name(), App: "hidden-mcp"}}, Reason: "x"},
		"names no roles and no resources": {Reason: "x"},
	} {
		var refused *teleport.AuthError
		if _, err := bob.Create(ctx, req); !errors.As(err, &refused) || !strings.Contains(refused.Message, want) {
			t.Errorf("%+v: %v, want %q", req, err, want)
		}
	}
	var missing *teleport.RequestNotFoundError
	if _, err := bob.Get(ctx, "there-is-none"); !errors.As(err, &missing) || missing.ID != "there-is-none" {
		t.Errorf("get: %v", err)
	}
	if _, err := bob.Assume(ctx, []string{"there-is-none"}); !errors.As(err, &missing) {
		t.Errorf("assume: %v", err)
	}
}
