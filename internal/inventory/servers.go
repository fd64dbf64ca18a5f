// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package inventory finds out what there is: the MCP servers of a cluster as ls
// shows them, and the logins of this machine as status does. The shapes are
// those of --format=json.
package inventory

import (
	"context"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Server is one MCP app that the user may use. Tools are patterns as in
// Teleport's roles: a literal name, a glob, or a regular expression from ^ to $.
// Readers of the JSON get empty lists, never null.
type Server struct {
	Name         string            `json:"name" yaml:"name"`
	Description  string            `json:"description" yaml:"description"`
	Type         string            `json:"type" yaml:"type"`
	URI          string            `json:"uri" yaml:"uri"`
	Labels       map[string]string `json:"labels" yaml:"labels"`
	AllowedTools []string          `json:"allowed_tools" yaml:"allowed_tools"`
	DeniedTools  []string          `json:"denied_tools" yaml:"denied_tools"`
	Cluster      string            `json:"cluster" yaml:"cluster"`

	// Request is the access request, or those with commas between, that counts for the
	// server, and RequestUntil the end of that; empty where the login itself does.
	Request      string     `json:"request,omitempty" yaml:"request,omitempty"`
	RequestUntil *time.Time `json:"request_until,omitempty" yaml:"request_until,omitempty"`

	// Unresolved are the roles with a part that only the cluster can evaluate.
	Unresolved []string `json:"-" yaml:"-"`
	// TooOld is why the cluster cannot serve it, which may be why there are no
	// tools: it is of a release before such servers. Else nil.
	TooOld error `json:"-" yaml:"-"`
}

// NoTools tells that no role of the user allows a tool.
func (s Server) NoTools() bool { return len(s.AllowedTools)+len(s.Unresolved) == 0 }

// Servers lists the MCP apps of the cluster that the user may use, by name.
func Servers(ctx context.Context, c *access.Cluster) ([]Server, error) {
	all, _, err := listAll(ctx, c, "")
	return all, err
}

// listAll lists the MCP apps for which a predicate is true, and the other apps.
func listAll(ctx context.Context, c *access.Cluster, query string) (all []Server, others []teleport.App, err error) {
	all, others, err = serversAs(ctx, c, query)
	for _, grant := range access.Grants(c) {
		if err != nil {
			return nil, nil, err
		}
		var more []Server
		more, _, err = serversAs(ctx, grant.Cluster, query)
		own := func(s Server) bool { return slices.Contains(grant.Apps, s.Name) }
		all = append(slices.DeleteFunc(all, own), slices.DeleteFunc(more, func(s Server) bool { return !own(s) })...)
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, others, err
}

// serversAs lists those that one identity of the user may use.
func serversAs(ctx context.Context, c *access.Cluster, query string) (servers []Server, others []teleport.App, err error) {
	var (
		apps   []teleport.App
		roles  []teleport.Role
		traits map[string][]string
	)
	err = c.Ask(ctx, func(at access.Auths) (err error) {
		traits = at.ID.Traits()
		if apps, err = at.Home.AppsWhere(ctx, query); err == nil {
			roles, err = at.Home.Roles(ctx)
		}
		return access.BadQuery(query, err)
	})
	if err != nil {
		return nil, nil, err
	}
	// Access is decided with the traits of the certificate, whatever the user's
	// are by now.
	servers = []Server{}
	age := access.Ages(ctx, c)
	for _, app := range apps {
		if !app.IsMCP() {
			others = append(others, app)
			continue
		}
		s := newServer(app, teleport.Tools(roles, traits, app))
		s.TooOld = age(app)
		if a := access.Assumed(c); a != nil {
			s.Request, s.RequestUntil = strings.Join(a.Requests, ","), &a.Expires
		}
		servers = append(servers, s)
	}
	return servers, others, nil
}

func newServer(app teleport.App, tools teleport.ToolAccess) Server {
	s := Server{
		Name:         app.Name,
		Description:  app.Description,
		Type:         app.Type(),
		URI:          app.URI,
		Labels:       app.Labels,
		AllowedTools: append([]string{}, tools.Allowed...),
		DeniedTools:  append([]string{}, tools.Denied...),
		Cluster:      app.Cluster,
		Unresolved:   tools.Unresolved,
	}
	if s.Labels == nil {
		s.Labels = map[string]string{}
	}
	return s
}
