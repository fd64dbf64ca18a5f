// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// configServer is one MCP server that gets an entry.
type configServer struct {
	name        string
	description string
	tools       []string // those whose names are known; a role may allow more
}

// servers are the MCP servers that were asked for. Names are looked up at the
// cluster, so that a typo shows now and not when the client starts.
func (o *configOptions) servers(ctx context.Context, c *cluster, names []string) ([]configServer, error) {
	if app := c.onlyApp(); app != "" && !o.filtered() {
		return onlyAsked(c, app, names)
	}
	var (
		apps   []teleport.App
		roles  []teleport.Role
		traits map[string][]string
	)
	err := c.ask(ctx, func(at auths) error {
		traits = at.id.Traits()
		all, err := at.home.AppsWhere(ctx, o.query)
		if err != nil {
			return badQuery(o.query, err)
		}
		if apps, err = o.choose(c, all, names); err != nil {
			return err
		}
		roles, err = at.home.Roles(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	var servers []configServer
	for _, app := range apps {
		tools := teleport.Tools(roles, traits, app)
		servers = append(servers, configServer{name: app.Name, description: app.Description, tools: literal(tools.Allowed)})
	}
	return servers, nil
}

// queryError means that the cluster does not understand --query: an unknown name
// is an error, not a list of nothing.
type queryError struct{ Err *teleport.AuthError }

func (e *queryError) Error() string {
	return "the cluster does not understand --query: " + e.Err.Message
}
func (e *queryError) Unwrap() error { return e.Err }

func (e *queryError) hint() string {
	return `it is an expression over name, labels["KEY"] and resource.sub_kind, for example: labels["env"] == "prod" && hasPrefix(name, "grafana")`
}

// badQuery tells an error of the query from others.
func badQuery(query string, err error) error {
	var failed *teleport.AuthError
	if query != "" && errors.As(err, &failed) && failed.BadRequest() {
		return &queryError{failed}
	}
	return err
}

// choose returns those of the apps that were asked for, each name once.
func (o *configOptions) choose(c *cluster, all []teleport.App, names []string) ([]teleport.App, error) {
	if len(names) == 0 {
		apps, err := o.matching(all)
		if err == nil && len(apps) == 0 {
			err = o.noneError(c)
		}
		return apps, err
	}
	var apps []teleport.App
	for _, name := range names {
		i := slices.IndexFunc(all, func(a teleport.App) bool { return a.Name == name })
		if i < 0 {
			return nil, newUnknownServerError(name, c, all)
		}
		if err := checkBridgeable(all[i], o.path); err != nil {
			return nil, err
		}
		apps = append(apps, all[i])
	}
	return distinctApps(apps), nil
}

// matching returns the apps that connect can bridge and that have the labels.
func (o *configOptions) matching(all []teleport.App) ([]teleport.App, error) {
	labels, err := parseLabels(o.labels)
	if err != nil {
		return nil, err
	}
	return distinctApps(slices.DeleteFunc(all, func(a teleport.App) bool {
		if checkBridgeable(a, o.path) != nil {
			return true
		}
		for k, v := range labels {
			if got, ok := a.Labels[k]; !ok || got != v {
				return true
			}
		}
		return false
	})), nil
}

func (o *configOptions) noneError(c *cluster) error {
	if o.filtered() {
		return fmt.Errorf("%s has no MCP server that %s may use and that matches", c.name(), c.profile.Username)
	}
	return fmt.Errorf("%s has no MCP server that %s may use", c.name(), c.profile.Username)
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

// parseLabels reads K=V[,K=V], given any number of times.
func parseLabels(given []string) (map[string]string, error) {
	labels := map[string]string{}
	for _, list := range given {
		for _, pair := range strings.Split(list, ",") {
			k, v, ok := strings.Cut(strings.TrimSpace(pair), "=")
			if !ok || k == "" {
				return nil, fmt.Errorf("--labels takes K=V, not %q", pair)
			}
			labels[k] = v
		}
	}
	return labels, nil
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

// onlyAsked is the one app that a certificate is for, if no other was asked for.
// The cluster cannot be asked about it.
func onlyAsked(c *cluster, app string, names []string) ([]configServer, error) {
	for _, name := range append([]string{app}, names...) {
		if _, err := c.ready(name); err != nil {
			return nil, err
		}
	}
	return []configServer{{name: app}}, nil
}
