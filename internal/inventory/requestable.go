// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// RequestableServer is an MCP app that the user may not use and may request.
type RequestableServer struct {
	Name        string            `json:"name" yaml:"name"`
	Description string            `json:"description" yaml:"description"`
	Type        string            `json:"type" yaml:"type"`
	URI         string            `json:"uri" yaml:"uri"`
	Labels      map[string]string `json:"labels" yaml:"labels"`
	Cluster     string            `json:"cluster" yaml:"cluster"`

	named []string // see [access.Source]
}

// Requestable lists the MCP apps of the cluster that the user may request, by name,
// and the roles that can be requested by theirs.
func Requestable(ctx context.Context, c *access.Cluster) (servers []RequestableServer, roles []string, err error) {
	if err := access.CanRequest(c); err != nil {
		return nil, nil, err
	}
	var granted []string
	for _, grant := range access.Grants(c) {
		granted = append(granted, grant.Apps...)
	}
	servers = []RequestableServer{}
	err = c.Ask(ctx, func(at access.Auths) error {
		apps, err := at.Home.RequestableApps(ctx)
		if err != nil {
			return err
		}
		for _, app := range apps {
			if app.IsMCP() && !slices.Contains(granted, app.Name) {
				s := newServer(app, teleport.ToolAccess{})
				servers = append(servers, RequestableServer{s.Name, s.Description, s.Type, s.URI, s.Labels, s.Cluster, c.Named})
			}
		}
		may, err := teleport.AccessRequests{RootAuth: at.Root}.Requestable(ctx)
		if err == nil {
			roles = slices.DeleteFunc(may.Roles, func(role string) bool { return slices.Contains(at.ID.Roles(), role) })
		}
		return err
	})
	return servers, roles, err
}

// whyNone says why the user may see no MCP server of the cluster, and what can be
// done.
func whyNone(ctx context.Context, c *access.Cluster) string {
	if servers, _, err := Requestable(ctx, c); err == nil && len(servers) > 0 {
		return fmt.Sprintf("%d can be requested, see: %s", len(servers), plain.Again(c.Named, "ls", "--requestable"))
	}
	if c.Leaf != "" {
		return plain.Sprintf("a role of %s that its role map gives you must allow the app by its labels (app_labels) and its tools (mcp.tools); ask its Teleport administrator", c.Leaf)
	}
	var old *access.TooOldError
	if errors.As(access.Ages(ctx, c)(teleport.App{SubKind: "mcp"}), &old) {
		return old.Error() + "; " + strings.Join(old.Hints(), "; ")
	}
	return "a role must allow the app by its labels (app_labels) and its tools (mcp.tools); ask your Teleport administrator, then sign in again"
}
