// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"maps"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// maxPage is the most that one page of resources holds (protocol.md 7.3).
const maxPage = 1000

// appServer is one listing of an app: each app server that carries it has one.
type appServer struct {
	hostID string
	app    App
}

// key is what pages are cut by.
func (a appServer) key() string { return a.hostID + "/" + a.app.Name }

// ListResources lists the app servers whose app the caller may use, in the
// order of their keys. Other kinds of resources do not exist.
func (s *authService) ListResources(ctx context.Context, req *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
	limit := min(int(req.GetLimit()), maxPage)
	switch {
	case limit <= 0:
		return nil, status.Error(codes.InvalidArgument, "nonpositive parameter limit")
	case req.GetSortBy() != nil || req.GetNeedTotalCount():
		return nil, status.Error(codes.Unimplemented, "sorted and counted lists are not modelled")
	case s.c.hooks.tooLarge(limit):
		return nil, status.Error(codes.ResourceExhausted, "grpc: trying to send message larger than max")
	}
	answer := &wirepb.ListResourcesResponse{}
	if req.GetResourceType() != "app_server" {
		return answer, nil
	}
	for _, server := range s.c.appServers(client(ctx).identity) {
		if server.key() < req.GetStartKey() || !s.c.selects(req, server.app) {
			continue
		}
		if len(answer.Resources) == limit {
			answer.NextKey = server.key()
			break
		}
		answer.Resources = append(answer.Resources, s.c.wireAppServer(server))
	}
	return answer, nil
}

// appServers returns the listings of the apps that an identity may use and
// that are online, sorted by key.
func (c *Cluster) appServers(id identity) []appServer {
	roles := c.rolesOf(id)
	var servers []appServer
	for _, app := range c.apps() {
		if !c.appOnline(app.Name) || !appAllowed(roles, id.Traits, app) {
			continue
		}
		for _, hostID := range c.hostIDs {
			servers = append(servers, appServer{hostID: hostID, app: app})
		}
	}
	slices.SortFunc(servers, func(a, b appServer) int { return strings.Compare(a.key(), b.key()) })
	return servers
}

// selects reports whether an app passes the filters of a request.
func (c *Cluster) selects(req *wirepb.ListResourcesRequest, app App) bool {
	for name, value := range req.GetLabels() {
		if app.Labels[name] != value {
			return false
		}
	}
	for _, keyword := range req.GetSearchKeywords() {
		if !app.mentions(keyword) {
			return false
		}
	}
	return matches(req.GetPredicateExpression(), c.appFields(app))
}

// mentions reports whether a keyword is in an app's name, description, address
// or labels, whatever its case.
func (a App) mentions(keyword string) bool {
	texts := []string{a.Name, a.Description, a.PublicAddr}
	texts = slices.AppendSeq(texts, maps.Keys(a.Labels))
	texts = slices.AppendSeq(texts, maps.Values(a.Labels))
	return slices.ContainsFunc(texts, func(text string) bool {
		return strings.Contains(strings.ToLower(text), strings.ToLower(keyword))
	})
}

// appFields are the fields of an app that a predicate may name.
func (c *Cluster) appFields(app App) map[string]string {
	fields := map[string]string{"name": app.Name, "resource.sub_kind": c.subKind(app)}
	for name, value := range app.Labels {
		fields["labels."+name] = value
	}
	return fields
}

func (c *Cluster) subKind(app App) string {
	if c.knowsMCP() && isMCP(app) {
		return "mcp"
	}
	return ""
}

func (c *Cluster) wireAppServer(server appServer) *wirepb.PaginatedResource {
	app := server.app
	return &wirepb.PaginatedResource{Resource: &wirepb.PaginatedResource_AppServer{AppServer: &wirepb.AppServer{
		Kind:     "app_server",
		Version:  "v3",
		Metadata: metadataOf(app.Name, "", nil),
		Spec: &wirepb.AppServerSpec{
			Version:  c.cfg.Version,
			Hostname: "localhost",
			HostId:   server.hostID,
			App: &wirepb.App{
				Kind:     "app",
				SubKind:  c.subKind(app),
				Version:  "v3",
				Metadata: metadataOf(app.Name, app.Description, app.Labels),
				Spec:     &wirepb.AppSpec{Uri: app.URI, PublicAddr: app.PublicAddr, Rewrite: wireRewrite(app.Rewrite)},
			},
		},
	}}}
}

func wireRewrite(headers []Header) *wirepb.Rewrite {
	if len(headers) == 0 {
		return nil
	}
	rewrite := &wirepb.Rewrite{}
	for _, header := range headers {
		rewrite.Headers = append(rewrite.Headers, &wirepb.Header{Name: header.Name, Value: header.Value})
	}
	return rewrite
}
