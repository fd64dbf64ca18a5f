// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// demoTime bounds the tour, with a scripted browser.
const demoTime = 2 * time.Minute

type demoOptions struct {
	*global
	browser bool
}

func newDemoCmd(g *global) *cobra.Command {
	o := &demoOptions{global: g}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play the whole tour on a cluster of its own, on this machine",
		Long: `demo starts a Teleport-compatible cluster and a small MCP server on this machine
and plays the tour: login, ls, config, and an MCP client that launches connect
as it was configured. Your own keyring, logins and files are not touched. The
exit code is 0 only if all of it held.`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&o.browser, "browser", false, "sign in yourself, in your browser (it will warn of the demo's own certificate)")
	cmd.AddCommand(newDemoServeCmd(g))
	return cmd
}

func (o *demoOptions) run(ctx context.Context) error {
	if !o.browser {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, demoTime)
		defer cancel()
	}
	t, err := newTour(o.env, o.browser)
	if err != nil {
		return err
	}
	defer t.close()
	return t.play(ctx)
}

// demoRole is the role that the demo's users have: every app, these tools.
func demoRole(allow, deny []string) testcluster.Role {
	return testcluster.Role{
		Name:           "mcp-user",
		AllowAppLabels: map[string][]string{"*": {"*"}},
		AllowTools:     allow,
		DenyTools:      deny,
	}
}

// demoUsers are the people of the demo's identity provider. The roles editor
// and viewer are there for apps that read the roles claim; carol shows what a
// user without MCP rights sees.
func demoUsers() []testcluster.User {
	return []testcluster.User{
		{Name: "alice", Roles: []string{"mcp-user", "editor"}, Traits: map[string][]string{"team": {"observability"}}},
		{Name: "bob", Roles: []string{"mcp-user", "viewer"}, Traits: map[string][]string{"team": {"web"}}},
		{Name: "carol", Roles: []string{"viewer"}},
	}
}

// demoRoles completes the role that grants something by those that only stand
// in the users' certificates.
func demoRoles(grants testcluster.Role) []testcluster.Role {
	return []testcluster.Role{grants, {Name: "editor"}, {Name: "viewer"}}
}
