// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// pages serves the resources in pages, with their index as the key.
func pages(all ...*wirepb.PaginatedResource) func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
	return func(_ context.Context, req *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		from := 0
		if req.GetStartKey() != "" {
			var err error
			if from, err = strconv.Atoi(req.GetStartKey()); err != nil {
				return nil, status.Error(codes.InvalidArgument, "start key")
			}
		}
		to := min(from+int(req.GetLimit()), len(all))
		page := &wirepb.ListResourcesResponse{Resources: all[from:to]}
		if to < len(all) {
			page.NextKey = strconv.Itoa(to)
		}
		return page, nil
	}
}

func names(apps []App) []string {
	var list []string
	for _, app := range apps {
		list = append(list, app.Name+"@"+app.PublicAddr)
	}
	return list
}

func TestApps(t *testing.T) {
	labelled := appServer("grafana-mcp", "grafana-mcp.example.com", "env=dev", "both=static",
		"teleport.internal/resource-type=demo", "teleport.hidden/x=y", "teleport.dev/origin=config-file")
	labelled.GetAppServer().Spec.App.Spec.DynamicLabels = map[string]*wirepb.CommandLabelV2{
		"both": {Result: "dynamic"}, "kernel": {Result: "6.1"}, "teleport.hidden/z": {Result: "w"},
	}

	s := startAuth(t)
	s.list = pages(labelled)
	s.besides = "\x0a\x07" + "\x2a\x05" + "\x0a\x03abc" // a resource, of a kind that is not known here: a desktop
	apps := must(s.dial().Apps(testContext(t)))(t)
	want := []App{{
		Name: "grafana-mcp", Description: "about grafana-mcp", URI: "mcp+http://localhost/grafana-mcp",
		PublicAddr: "grafana-mcp.example.com", SubKind: "mcp", Cluster: "demo-cluster",
		Labels: map[string]string{"env": "dev", "both": "dynamic", "kernel": "6.1", "teleport.dev/origin": "config-file"},
		hidden: map[string]string{"teleport.internal/resource-type": "demo", "teleport.hidden/x": "y", "teleport.hidden/z": "w"},
	}}
	if !reflect.DeepEqual(apps, want) {
		t.Errorf("got  %+v\nwant %+v", apps, want)
	}
	req := s.requests[0]
	if req.GetResourceType() != "app_server" || req.GetNamespace() != "default" || req.GetLimit() != 1000 || req.GetPredicateExpression() != "" {
		t.Errorf("request %v", req)
	}
}

// TestAppsWithOddLabels is a label with bytes that some command has written: it does
// not take the list away.
func TestAppsWithOddLabels(t *testing.T) {
	s := startAuth(t)
	s.list = pages(appServer("a", "a.x"))
	odd := &wirepb.ListResourcesResponse{Resources: []*wirepb.PaginatedResource{appServer("b", "b.x", "place=Z_rich")}}
	s.besides = strings.Replace(string(odd.AppendWire(nil)), "Z_rich", "Z\xfcrich", 1)
	apps := must(s.dial().Apps(testContext(t)))(t)
	if len(apps) != 2 || apps[0].Name != "a" || apps[1].Labels["place"] != "Z\uFFFDrich" {
		t.Errorf("%+v", apps)
	}
}

func TestAppsAreSortedAndDistinct(t *testing.T) {
	s := startAuth(t)
	s.list = pages(appServer("b", "b.x"), appServer("c", "c.x"), appServer("a", "a.x"), appServer("b", "b.x"), appServer("b", "b.a"))
	apps := must(s.dial().Apps(testContext(t)))(t)
	if got, want := names(apps), []string{"a@a.x", "b@b.a", "b@b.x", "c@c.x"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %q; want %q", got, want)
	}
}

func TestAppsOnSeveralPages(t *testing.T) {
	var all []*wirepb.PaginatedResource
	for i := range 2500 {
		all = append(all, appServer(fmt.Sprintf("app-%04d", i), "x"))
	}
	s := startAuth(t)
	s.list = pages(all...)
	apps := must(s.dial().Apps(testContext(t)))(t)
	if len(apps) != 2500 || apps[2499].Name != "app-2499" {
		t.Errorf("%d apps", len(apps))
	}
	if len(s.requests) != 3 {
		t.Errorf("%d pages; want 3", len(s.requests))
	}
}

// A page that does not fit in a message is refused by this client's gRPC, and
// by a server that counts itself.
func TestPagesThatAreTooLarge(t *testing.T) {
	var all []*wirepb.PaginatedResource
	for i := range 300 {
		all = append(all, appServer(fmt.Sprintf("app-%04d", i), "x", "big="+strings.Repeat("x", 20<<10)))
	}
	s := startAuth(t)
	s.list = pages(all...)
	apps := must(s.dial().Apps(testContext(t)))(t)
	if len(apps) != 300 {
		t.Errorf("%d apps; want 300", len(apps))
	}
	// 250 apps of 20 KiB are over 4 MiB, 125 are not.
	var limits []int32
	for _, req := range s.requests[:4] {
		limits = append(limits, req.GetLimit())
	}
	if want := []int32{1000, 500, 250, 125}; !reflect.DeepEqual(limits, want) {
		t.Errorf("limits %v; want %v", limits, want)
	}
}

func TestEvenOneAppIsTooLarge(t *testing.T) {
	s := startAuth(t)
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		return nil, status.Error(codes.ResourceExhausted, "too many requests")
	}
	_, err := s.dial().Apps(testContext(t))
	var e *AuthError
	if !errors.As(err, &e) || e.Code != rpc.ResourceExhausted || e.Op != "list apps" {
		t.Errorf("error %v", err)
	}
	if last := s.requests[len(s.requests)-1].GetLimit(); last != 1 {
		t.Errorf("the last page had the limit %d; want 1", last)
	}
}

func TestRepeatedPage(t *testing.T) {
	s := startAuth(t)
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		return &wirepb.ListResourcesResponse{NextKey: "same"}, nil
	}
	if _, err := s.dial().Apps(testContext(t)); err == nil || !strings.Contains(err.Error(), "repeats") {
		t.Errorf("error %v", err)
	}
}

func TestApp(t *testing.T) {
	s := startAuth(t)
	var predicate string
	s.list = func(ctx context.Context, req *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		predicate = req.GetPredicateExpression()
		// More than was asked for: the name must be looked at again.
		return pages(appServer("a", "a.x"), appServer("b", "b.x"))(ctx, req)
	}
	a := s.dial()
	app := must(a.App(testContext(t), "b"))(t)
	if app.Name != "b" || app.PublicAddr != "b.x" {
		t.Errorf("got %+v", app)
	}
	if predicate != `name == "b"` {
		t.Errorf("predicate %s", predicate)
	}
	_, err := a.App(testContext(t), `no" || "`)
	var missing *AppNotFoundError
	if !errors.As(err, &missing) || missing.Name != `no" || "` || err.Error() != `no app "no\" || \"" that you may use` {
		t.Errorf("error %v; want *AppNotFoundError", err)
	}
	if predicate != `name == "no\" || \""` {
		t.Errorf("predicate %s", predicate)
	}
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		return nil, status.Error(codes.PermissionDenied, "no")
	}
	var e *AuthError
	if _, err := a.App(testContext(t), "b"); !errors.As(err, &e) || !e.Denied() || e.Op != "find app" {
		t.Errorf("error %v", err)
	}
}

// A cluster that always has another page does not fill the memory.
func TestAppsEndless(t *testing.T) {
	s := startAuth(t)
	huge := strings.Repeat("x", 2<<20)
	pages := 0
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		pages++
		return &wirepb.ListResourcesResponse{Resources: []*wirepb.PaginatedResource{appServer("a", huge)}, NextKey: strconv.Itoa(pages)}, nil
	}
	_, err := s.dial().Apps(testContext(t))
	if err == nil || !strings.Contains(err.Error(), "does not end") || pages > maxList>>20 {
		t.Errorf("after %d pages: %v", pages, err)
	}
}
