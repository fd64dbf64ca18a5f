// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Server is one MCP server that gets an entry.
type Server struct {
	Name        string
	Description string
	Tools       []string // those whose names are known; a role may allow more
	TooOld      error    // why the cluster cannot serve it until it is upgraded; nil if it can
}

// Auth is the auth service of the cluster that is meant: *[teleport.Auth].
type Auth interface {
	AppsWhere(ctx context.Context, query string) ([]teleport.App, error)
	Roles(ctx context.Context) ([]teleport.Role, error)
}

// Selection says which servers are meant: those of the names, or else all that
// match.
type Selection struct {
	Names  []string
	Labels []string // K=V[,K=V]
	Query  string   // Teleport's predicate expression

	Cluster, User string                                      // for errors
	Bridgeable    func(app teleport.App) error                // why connect cannot bridge it
	TooOld        func(app teleport.App) error                // see Server
	Unknown       func(name string, all []teleport.App) error // what to say of a name that is none
}

// filtered reports whether the servers are chosen by what they are.
func (s Selection) filtered() bool { return len(s.Labels) > 0 || s.Query != "" }

// Servers asks for the MCP servers that are meant. Names are looked up at the
// cluster, so that a typo shows now and not when the client starts. leftOut is why
// others that are meant too get no entry.
func (s Selection) Servers(ctx context.Context, auth Auth, traits map[string][]string) (servers []Server, leftOut []error, err error) {
	all, err := auth.AppsWhere(ctx, s.Query)
	if err != nil {
		return nil, nil, access.BadQuery(s.Query, err)
	}
	apps, leftOut, err := s.choose(all)
	if err != nil {
		return nil, leftOut, err
	}
	roles, err := auth.Roles(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, app := range apps {
		tools := teleport.Tools(roles, traits, app)
		servers = append(servers, Server{Name: app.Name, Description: app.Description, Tools: literal(tools.Allowed), TooOld: s.TooOld(app)})
	}
	return servers, leftOut, nil
}

// choose returns those of the apps that were asked for, each name once.
func (s Selection) choose(all []teleport.App) (apps []teleport.App, leftOut []error, err error) {
	if len(s.Names) == 0 {
		apps, leftOut, err = s.matching(all)
		if err == nil && len(apps) == 0 {
			err = &NoServerError{Cluster: s.Cluster, User: s.User, Filtered: s.filtered()}
		}
		return apps, leftOut, err
	}
	for _, name := range s.Names {
		i := slices.IndexFunc(all, func(a teleport.App) bool { return a.Name == name })
		if i < 0 {
			return nil, nil, s.Unknown(name, all)
		}
		if err := s.Bridgeable(all[i]); err != nil {
			return nil, nil, err
		}
		apps = append(apps, all[i])
	}
	return distinctApps(apps), nil, nil
}

// matching returns the apps that connect can bridge and that have the labels.
// leftOut is why not the MCP servers among the others.
func (s Selection) matching(all []teleport.App) (apps []teleport.App, leftOut []error, err error) {
	labels, err := access.ParseLabels(s.Labels)
	if err != nil {
		return nil, nil, err
	}
	for _, app := range distinctApps(all) {
		if !access.HasLabels(app.Labels, labels) {
			continue
		}
		switch err := s.Bridgeable(app); {
		case err == nil:
			apps = append(apps, app)
		case app.IsMCP():
			leftOut = append(leftOut, err)
		}
	}
	return apps, leftOut, nil
}

// distinctApps keeps one app of each name: connect knows no other difference.
func distinctApps(apps []teleport.App) []teleport.App {
	seen := map[string]bool{}
	return slices.DeleteFunc(apps, func(a teleport.App) bool {
		twice := seen[a.Name]
		seen[a.Name] = true
		return twice
	})
}

// literal returns those of a role's patterns that are names of tools.
func literal(patterns []string) []string {
	var names []string
	for _, p := range patterns {
		if p != "" && !strings.ContainsAny(p, "*^$?[]()|\\") {
			names = append(names, p)
		}
	}
	return names
}
