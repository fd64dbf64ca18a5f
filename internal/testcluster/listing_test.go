// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"fmt"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

const listResources = "/proto.AuthService/ListResources"

// withApps gives a cluster three apps that alice may use and one she may not.
func withApps(c *testcluster.Config) {
	dev := func(more ...string) map[string]string {
		labels := map[string]string{"env": "dev"}
		for i := 0; i < len(more); i += 2 {
			labels[more[i]] = more[i+1]
		}
		return labels
	}
	c.Apps = []testcluster.App{
		{Name: "secret-mcp", URI: "mcp+http://127.0.0.1:1/mcp", Labels: map[string]string{"env": "prod"}},
		{Name: "web", URI: "http://127.0.0.1:1", Labels: dev("tier", "two")},
		{Name: "grafana-mcp", Description: "Grafana's tools", URI: "mcp+http://127.0.0.1:1/mcp", Labels: dev("service", "grafana"),
			Rewrite: []testcluster.Header{{Name: "X-Grafana-API-Key", Value: "{{internal.jwt}}"}}},
		{Name: "files-mcp", URI: "mcp+stdio://", PublicAddr: "files.example.com", Labels: dev(`odd "key"`, `a\b`)},
	}
}

// list reads all pages of a list and returns the names of its apps in order.
func list(t *testing.T, conn *grpc.ClientConn, req *wirepb.ListResourcesRequest) []string {
	t.Helper()
	var names []string
	for pages := 0; ; pages++ {
		if pages > 20 {
			t.Fatal("the pages do not end")
		}
		answer := call[wirepb.ListResourcesResponse](t, conn, listResources, req)
		if len(answer.GetResources()) > int(req.GetLimit()) {
			t.Fatalf("%d resources on a page of %d", len(answer.GetResources()), req.GetLimit())
		}
		for _, resource := range answer.GetResources() {
			names = append(names, resource.GetAppServer().GetSpec().GetApp().GetMetadata().GetName())
		}
		if req.StartKey = answer.GetNextKey(); req.StartKey == "" {
			return names
		}
	}
}

func TestListApps(t *testing.T) {
	cluster := start(t, withApps)
	answer := call[wirepb.ListResourcesResponse](t, dialAs(t, cluster, "alice"), listResources,
		&wirepb.ListResourcesRequest{ResourceType: "app_server", Namespace: "default", Limit: 1000, PredicateExpression: `name == "grafana-mcp"`})
	if len(answer.GetResources()) != 1 || answer.GetNextKey() != "" {
		t.Fatalf("answer %v", answer)
	}
	server := answer.GetResources()[0].GetAppServer()
	app := server.GetSpec().GetApp()
	if server.GetKind() != "app_server" || server.GetSpec().GetHostId() == "" || server.GetSpec().GetVersion() != testcluster.NewestVersion {
		t.Errorf("app server %v", server)
	}
	if app.GetKind() != "app" || app.GetSubKind() != "mcp" || app.GetVersion() != "v3" {
		t.Errorf("kinds of %v", app)
	}
	if m := app.GetMetadata(); m.GetName() != "grafana-mcp" || m.GetDescription() != "Grafana's tools" || m.GetLabels()["service"] != "grafana" {
		t.Errorf("metadata %v", m)
	}
	if s := app.GetSpec(); s.GetUri() != "mcp+http://127.0.0.1:1/mcp" || s.GetPublicAddr() != "grafana-mcp.rig-cluster.test" ||
		s.GetRewrite().GetHeaders()[0].GetValue() != "{{internal.jwt}}" {
		t.Errorf("spec %v", s)
	}
}

func TestListFilters(t *testing.T) {
	cluster := start(t, withApps)
	conn := dialAs(t, cluster, "alice")
	all := []string{"files-mcp", "grafana-mcp", "web"}
	for predicate, want := range map[string][]string{
		``:                                all, // secret-mcp is hidden from alice
		`name == "web"`:                   {"web"},
		`name == "secret-mcp"`:            nil,
		`name=="web"`:                     {"web"},
		`resource.sub_kind == "mcp"`:      {"files-mcp", "grafana-mcp"},
		`resource.sub_kind == ""`:         {"web"},
		`labels["env"] == "dev"`:          all,
		`labels.tier == "two"`:            {"web"},
		`labels["tier"] == "three"`:       nil,
		`labels["odd \"key\""] == "a\\b"`: {"files-mcp"},
		`resource.sub_kind == "mcp" && labels["service"] == "grafana"`:             {"grafana-mcp"},
		`labels.env == "dev" && resource.sub_kind == "mcp" && name == "files-mcp"`: {"files-mcp"},
		`labels.env == "dev" && name == "secret-mcp"`:                              nil,
		`(name == "web" || hasPrefix(name, "files"))`:                              {"files-mcp", "web"},
		`!(resource.sub_kind != "mcp") && contains(name, "graf")`:                  {"grafana-mcp"},
		`exists(labels.tier) || equals(name, "none")`:                              {"web"},
		`search("GRAFANA", "tools")`:                                               {"grafana-mcp"},
	} {
		t.Run(predicate, func(t *testing.T) {
			got := list(t, conn, &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 1000, PredicateExpression: predicate})
			if !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
	for name, test := range map[string]struct {
		req  *wirepb.ListResourcesRequest
		want []string
	}{
		"labels":     {&wirepb.ListResourcesRequest{Labels: map[string]string{"tier": "two"}}, []string{"web"}},
		"keywords":   {&wirepb.ListResourcesRequest{SearchKeywords: []string{"GRAFANA", "tools"}}, []string{"grafana-mcp"}},
		"no keyword": {&wirepb.ListResourcesRequest{SearchKeywords: []string{"grafana", "nothing"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			test.req.Limit, test.req.ResourceType = 1000, "app_server"
			if got := list(t, conn, test.req); !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// An app appears once for each app server that carries it, and pages of any
// size show each appearance once (protocol.md 7.3).
func TestListPages(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) {
		c.AppServers = 3
		for i := range 7 {
			c.Apps = append(c.Apps, testcluster.App{
				Name: fmt.Sprintf("app-%d", i), URI: "http://127.0.0.1:1", Labels: map[string]string{"env": "dev"},
			})
		}
	})
	conn := dialAs(t, cluster, "alice")
	for _, limit := range []int32{1, 2, 5, 7, 20, 21, 22, 1000, 5000} {
		names := list(t, conn, &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: limit})
		slices.Sort(names)
		if len(names) != 21 || len(slices.Compact(names)) != 7 {
			t.Errorf("pages of %d: %v", limit, names)
		}
	}
}

func TestListRefused(t *testing.T) {
	cluster := start(t, withApps)
	conn := dialAs(t, cluster, "alice")
	cluster.SetPageLimit(100)
	for name, test := range map[string]struct {
		req  *wirepb.ListResourcesRequest
		code codes.Code
	}{
		"no limit":  {&wirepb.ListResourcesRequest{}, codes.ResourceExhausted},
		"sorted":    {&wirepb.ListResourcesRequest{Limit: 10, SortBy: &wirepb.SortBy{Field: "name"}}, codes.Unimplemented},
		"counted":   {&wirepb.ListResourcesRequest{Limit: 10, NeedTotalCount: true}, codes.Unimplemented},
		"too large": {&wirepb.ListResourcesRequest{Limit: 101}, codes.ResourceExhausted},
		"just not":  {&wirepb.ListResourcesRequest{Limit: 100}, codes.OK},
	} {
		t.Run(name, func(t *testing.T) {
			test.req.ResourceType = "app_server"
			err := conn.Invoke(t.Context(), listResources, test.req, &wirepb.ListResourcesResponse{})
			if status.Code(err) != test.code {
				t.Errorf("%v, want %v", err, test.code)
			}
		})
	}
}

// A predicate that means nothing is an error, not an empty list.
func TestBadPredicates(t *testing.T) {
	cluster := start(t, withApps)
	conn := dialAs(t, cluster, "alice")
	for predicate, code := range map[string]codes.Code{
		`unknown == "x"`:          codes.InvalidArgument,
		`"x" == resource.unknown`: codes.InvalidArgument,
		`name != "web" && name`:   codes.InvalidArgument,
		`nosuch(name)`:            codes.InvalidArgument,
		`name < "web"`:            codes.InvalidArgument,
		`name == 1`:               codes.InvalidArgument,
		`name == "web" &&`:        codes.Unknown,
		`name == 'web'`:           codes.Unknown,
		`name == "web" name`:      codes.Unknown,
		`&& name == "web"`:        codes.Unknown,
	} {
		err := conn.Invoke(t.Context(), listResources,
			&wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 10, PredicateExpression: predicate}, &wirepb.ListResourcesResponse{})
		if status.Code(err) != code {
			t.Errorf("%s: %v, want %v", predicate, err, code)
		}
	}
}

func TestListFollowsTheCluster(t *testing.T) {
	cluster := start(t, withApps)
	conn := dialAs(t, cluster, "alice")
	req := &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 10}
	cluster.SetAppOnline("web", false)
	if got := list(t, conn, req); slices.Contains(got, "web") || len(got) != 2 {
		t.Errorf("an app without app server is listed: %v", got)
	}
	cluster.SetAppOnline("web", true)
	if got := list(t, conn, req); !slices.Contains(got, "web") {
		t.Errorf("an app that came back is not listed: %v", got)
	}
}

// Before 18.1 there are no MCP servers (protocol.md 11).
func TestListOldCluster(t *testing.T) {
	cluster := start(t, withApps, func(c *testcluster.Config) { c.Version = "18.0.0" })
	conn := dialAs(t, cluster, "alice")
	req := &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 10, PredicateExpression: `resource.sub_kind == "mcp"`}
	if got := list(t, conn, req); got != nil {
		t.Errorf("18.0.0 lists MCP servers: %v", got)
	}
	answer := call[wirepb.ListResourcesResponse](t, conn, listResources, &wirepb.ListResourcesRequest{ResourceType: "app_server", Limit: 10})
	for _, resource := range answer.GetResources() {
		if kind := resource.GetAppServer().GetSpec().GetApp().GetSubKind(); kind != "" {
			t.Errorf("18.0.0 sends sub_kind %q", kind)
		}
	}
}
