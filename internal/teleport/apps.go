// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strconv"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// appPage is the number of apps asked for at once, the most a server gives.
const appPage = 1000

// AppNotFoundError tells that the user may use no app of that name: there is
// none, or the user's roles do not allow it. The cluster does not tell which.
type AppNotFoundError struct{ Name string }

func (e *AppNotFoundError) Error() string {
	return fmt.Sprintf("no app %q that you may use", e.Name)
}

// Apps returns the apps the user may access, MCP servers or not, sorted by
// name; an app that several app servers carry appears once (ListResources,
// protocol.md 7.3).
func (a *Auth) Apps(ctx context.Context) ([]App, error) {
	return a.listApps(ctx, "list apps", "")
}

// AppsWhere is Apps for those that a predicate of Teleport's selects, such as
// labels["env"] == "prod"; the empty one selects all.
func (a *Auth) AppsWhere(ctx context.Context, predicate string) ([]App, error) {
	return a.listApps(ctx, "list apps", predicate)
}

// App returns the app of that name, or an *AppNotFoundError.
func (a *Auth) App(ctx context.Context, name string) (*App, error) {
	apps, err := a.listApps(ctx, "find app", "name == "+strconv.Quote(name))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(apps, func(app App) bool { return app.Name == name })
	if i < 0 {
		return nil, &AppNotFoundError{Name: name}
	}
	return &apps[i], nil
}

func (a *Auth) listApps(ctx context.Context, op, predicate string) ([]App, error) {
	var apps []App
	err := a.eachPage(ctx, op, appPage, func(ctx context.Context, from string, limit int32) (wire.Message, string, error) {
		page, err := a.auth.ListResources(ctx, &wirepb.ListResourcesRequest{
			ResourceType: "app_server", Namespace: "default", PredicateExpression: predicate, StartKey: from, Limit: limit,
		})
		apps = append(apps, a.appsOf(page.GetResources())...)
		return page, page.GetNextKey(), err
	})
	if err != nil {
		return nil, err
	}
	return distinct(apps), nil
}

// RequestableApps returns the apps that the user may not use and may request,
// sorted by name (ListUnifiedResources, protocol.md 7.3).
func (a *Auth) RequestableApps(ctx context.Context) ([]App, error) {
	var apps []App
	err := a.eachPage(ctx, "list apps that can be requested", appPage, func(ctx context.Context, from string, limit int32) (wire.Message, string, error) {
		page, err := a.auth.ListUnifiedResources(ctx, &wirepb.ListUnifiedResourcesRequest{
			Kinds: []string{kindApp}, SortBy: &wirepb.SortBy{Field: "name"}, IncludeRequestable: true, StartKey: from, Limit: limit,
		})
		usable := func(r *wirepb.PaginatedResource) bool { return !r.GetRequiresRequest() }
		apps = append(apps, a.appsOf(slices.DeleteFunc(slices.Clone(page.GetResources()), usable))...)
		return page, page.GetNextKey(), err
	})
	if err != nil {
		return nil, err
	}
	return distinct(apps), nil
}

// appsOf returns the apps of a page and skips resources of other kinds.
func (a *Auth) appsOf(page []*wirepb.PaginatedResource) []App {
	var apps []App
	for _, r := range page {
		if app := r.GetAppServer().GetSpec().GetApp(); app != nil {
			apps = append(apps, newApp(app, a.cluster))
		}
	}
	return apps
}

// distinct sorts apps and keeps one of each name and public address.
func distinct(apps []App) []App {
	sort.SliceStable(apps, func(i, j int) bool {
		x, y := apps[i], apps[j]
		return x.Name < y.Name || x.Name == y.Name && x.PublicAddr < y.PublicAddr
	})
	return slices.CompactFunc(apps, func(x, y App) bool {
		return x.Name == y.Name && x.PublicAddr == y.PublicAddr
	})
}
