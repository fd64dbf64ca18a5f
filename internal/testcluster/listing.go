// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/predicate"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// maxPage is the most that one page of resources holds, and what a page of no
// given size holds (protocol.md 7.3).
const maxPage = 1000

// appServerTTL is how long an app server is listed without another sign of life.
const appServerTTL = 10 * time.Minute

// appServer is one listing of an app: each app server that carries it has one.
type appServer struct {
	hostID string
	app    App
}

// key is what pages are cut by.
func (a appServer) key() string { return a.hostID + "/" + a.app.Name }

// ListResources lists the app servers whose app the caller may use, in the
// order of their keys. A page ends at the key of the next app server, which may
// be one that the caller does not see. Other kinds of resources do not exist.
func (s *authService) ListResources(ctx context.Context, req *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
	limit := min(int(req.GetLimit()), maxPage)
	if limit <= 0 {
		limit = maxPage
	}
	switch {
	case req.GetResourceType() != "app_server":
		return nil, grpcserve.Errorf(grpcserve.Unimplemented, "resource type %s does not support pagination", req.GetResourceType())
	case req.GetSortBy() != nil || req.GetNeedTotalCount():
		return nil, grpcserve.Error(grpcserve.Unimplemented, "sorted and counted lists are not modelled")
	case s.auth.hooks.tooLarge(limit):
		return nil, grpcserve.Error(grpcserve.ResourceExhausted, "grpc: trying to send message larger than max")
	}
	wanted, err := newSelection(s.auth.site, client(ctx).identity, req.GetPredicateExpression(), req.GetLabels(), req.GetSearchKeywords())
	if err != nil {
		return nil, err
	}
	answer := &wirepb.ListResourcesResponse{}
	for _, server := range s.auth.appServers() {
		if server.key() < req.GetStartKey() {
			continue
		}
		if len(answer.Resources) == limit {
			answer.NextKey = server.key()
			break
		}
		ok, err := wanted.has(server.app)
		if err != nil {
			return nil, err
		}
		if ok {
			answer.Resources = append(answer.Resources, s.auth.wireAppServer(server))
		}
	}
	return answer, nil
}

// ListUnifiedResources lists each app once, by name (protocol.md 7.3). The
// kind mcp is that of MCP servers, and unknown before there are any.
func (s *authService) ListUnifiedResources(ctx context.Context, req *wirepb.ListUnifiedResourcesRequest) (*wirepb.ListUnifiedResourcesResponse, error) {
	apps, mcp := slices.Contains(req.GetKinds(), "app"), slices.Contains(req.GetKinds(), "mcp") && s.auth.knowsMCP()
	switch {
	case !apps && !mcp:
		return nil, grpcserve.Errorf(grpcserve.PermissionDenied, "User does not have access to any of the requested kinds: %v", req.GetKinds())
	case req.GetSortBy().GetField() != "name" || req.GetSortBy().GetIsDesc():
		return nil, grpcserve.Error(grpcserve.Unimplemented, "lists in another order than by name are not modelled")
	}
	caller := client(ctx).identity
	as := caller
	if req.GetIncludeRequestable() || req.GetUseSearchAsRoles() {
		as = s.auth.searching(caller)
	}
	wanted, err := newSelection(s.auth.site, as, req.GetPredicateExpression(), req.GetLabels(), req.GetSearchKeywords())
	if err != nil {
		return nil, err
	}
	servers := s.auth.appServers()
	sort.SliceStable(servers, func(i, j int) bool { return servers[i].app.Name < servers[j].app.Name })
	servers = slices.CompactFunc(servers, func(a, b appServer) bool { return a.app.Name == b.app.Name })
	answer := &wirepb.ListUnifiedResourcesResponse{}
	for _, server := range servers {
		key := "/unified_resource/" + server.app.Name + "/app"
		ok, err := wanted.has(server.app)
		switch {
		case err != nil:
			return nil, err
		case !ok, key < req.GetStartKey(), !apps && s.auth.subKind(server.app) != "mcp":
			continue
		case len(answer.Resources) == int(req.GetLimit()):
			answer.NextKey = key
			return answer, nil
		}
		listed := s.auth.wireAppServer(server)
		listed.RequiresRequest = req.GetIncludeRequestable() && !s.auth.mayUse(caller, server.app)
		answer.Resources = append(answer.Resources, listed)
	}
	return answer, nil
}

// searching is an identity with the roles by which its user may search for what
// can be requested, in the place of what is assumed.
func (s *site) searching(id identity) identity {
	id.Resources = nil
	roles := slices.Clone(id.Roles)
	for _, role := range s.rolesOf(id) {
		roles = append(roles, s.rolesLike(role.SearchAsRoles)...)
	}
	id.Roles = roles
	return id
}

// appServers returns the listings of all apps that are online, sorted by key.
func (r *registry) appServers() []appServer {
	var servers []appServer
	for _, app := range r.allApps() {
		if !r.appOnline(app.Name) {
			continue
		}
		for _, hostID := range r.hostIDs {
			servers = append(servers, appServer{hostID: hostID, app: app})
		}
	}
	sort.SliceStable(servers, func(i, j int) bool { return servers[i].key() < servers[j].key() })
	return servers
}

// selection is what a request for a list selects.
type selection struct {
	site     *site
	as       identity
	where    *predicate.Expr
	labels   map[string]string
	keywords []string
}

func newSelection(site *site, id identity, where string, labels map[string]string, keywords []string) (*selection, error) {
	expr, err := predicate.Parse(where)
	if err != nil {
		return nil, grpcserve.Error(grpcserve.Unknown, err.Error())
	}
	return &selection{site: site, as: id, where: expr, labels: labels, keywords: keywords}, nil
}

// has reports whether the caller may use an app and asks for it.
func (s *selection) has(app App) (bool, error) {
	if !s.site.mayUse(s.as, app) {
		return false, nil
	}
	for name, value := range s.labels {
		if app.Labels[name] != value {
			return false, nil
		}
	}
	if !app.mentions(s.keywords) {
		return false, nil
	}
	ok, err := s.where.Selects(predicate.Fields{
		Search: app.mentions,
		Values: map[string]string{"name": app.Name, "resource.kind": "app", "resource.sub_kind": s.site.subKind(app)},
		Labels: app.Labels,
	})
	if err != nil {
		return false, grpcserve.Error(grpcserve.InvalidArgument, err.Error())
	}
	return ok, nil
}

// mentions reports whether each keyword is in an app's name, description, address
// or labels, whatever its case.
func (a App) mentions(keywords []string) bool {
	texts := []string{a.Name, a.Description, a.PublicAddr}
	texts = slices.AppendSeq(texts, maps.Keys(a.Labels))
	texts = slices.AppendSeq(texts, maps.Values(a.Labels))
	all := strings.ToLower(strings.Join(texts, "\n"))
	return !slices.ContainsFunc(keywords, func(keyword string) bool { return !strings.Contains(all, strings.ToLower(keyword)) })
}

func (s *site) subKind(app App) string {
	if s.knowsMCP() && isMCP(app) {
		return "mcp"
	}
	return ""
}

func (s *site) wireAppServer(server appServer) *wirepb.PaginatedResource {
	app := server.app
	return &wirepb.PaginatedResource{Resource: &wirepb.PaginatedResource_AppServer{AppServer: &wirepb.AppServer{
		Kind:     "app_server",
		Version:  "v3",
		Metadata: &wirepb.Metadata{Name: app.Name, Namespace: "default", Expires: wire.NewTimestamp(time.Now().Add(appServerTTL))},
		Spec: &wirepb.AppServerSpec{
			Version:  s.cfg.Version,
			Hostname: "localhost",
			HostId:   server.hostID,
			App: &wirepb.App{
				Kind:     "app",
				SubKind:  s.subKind(app),
				Version:  "v3",
				Metadata: appMetadata(app),
				Spec:     &wirepb.AppSpec{Uri: app.URI, PublicAddr: app.PublicAddr, Rewrite: wireRewrite(app.Rewrite)},
			},
		},
	}}}
}

// appMetadata is that of an app. One that was registered dynamically is a stored
// resource and has a revision.
func appMetadata(app App) *wirepb.Metadata {
	metadata := metadataOf(app.Name, app.Description, app.Labels)
	if app.Labels["teleport.dev/origin"] == "dynamic" {
		metadata.Revision = newUUID()
	}
	return metadata
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
