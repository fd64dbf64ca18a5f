// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
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
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	req := &wirepb.ListResourcesRequest{
		ResourceType:        "app_server",
		Namespace:           "default",
		Limit:               appPage,
		PredicateExpression: predicate,
	}
	var apps []App
	size := 0
	for {
		page, err := a.auth.ListResources(ctx, req)
		if status.Code(err) == codes.ResourceExhausted && req.Limit > 1 {
			req.Limit /= 2 // the page does not fit in a message
			continue
		}
		if err != nil {
			return nil, a.failed(ctx, op, err)
		}
		if size += proto.Size(page); size > maxList {
			return nil, errEndless(op)
		}
		apps = append(apps, a.appsOf(page.GetResources())...)
		if page.GetNextKey() == "" {
			return distinct(apps), nil
		}
		if page.GetNextKey() == req.StartKey {
			return nil, errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster repeats a page", op)
		}
		req.StartKey = page.GetNextKey()
	}
}

// maxList bounds what a cluster lists, in bytes.
const maxList = 64 << 20

func errEndless(op string) error {
	return errcode.Errorf(errcode.ProxyAnswer, "%s: the cluster's list does not end", op)
}

// RequestableApps returns the apps that the user may not use and may request,
// sorted by name (ListUnifiedResources, protocol.md 7.3).
func (a *Auth) RequestableApps(ctx context.Context) ([]App, error) {
	const op = "list apps that can be requested"
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	req := &wirepb.ListUnifiedResourcesRequest{
		Kinds: []string{kindApp}, Limit: appPage, SortBy: &wirepb.SortBy{Field: "name"}, IncludeRequestable: true,
	}
	var apps []App
	for size := 0; ; {
		page, err := a.auth.ListUnifiedResources(ctx, req)
		if status.Code(err) == codes.ResourceExhausted && req.Limit > 1 {
			req.Limit /= 2
			continue
		}
		if err != nil {
			return nil, a.failed(ctx, op, err)
		}
		if size += proto.Size(page); size > maxList {
			return nil, errEndless(op)
		}
		requestable := slices.DeleteFunc(page.GetResources(), func(r *wirepb.PaginatedResource) bool { return !r.GetRequiresRequest() })
		apps = append(apps, a.appsOf(requestable)...)
		if page.GetNextKey() == "" || page.GetNextKey() == req.StartKey {
			return distinct(apps), nil
		}
		req.StartKey = page.GetNextKey()
	}
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
	slices.SortStableFunc(apps, func(x, y App) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.PublicAddr, y.PublicAddr))
	})
	return slices.CompactFunc(apps, func(x, y App) bool {
		return x.Name == y.Name && x.PublicAddr == y.PublicAddr
	})
}
