// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// demoTime bounds the tour, with a scripted browser.
const demoTime = 2 * time.Minute

func newDemoCmd(g *global) *cobra.Command {
	byHand := false
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole tour, on a cluster that runs on this machine",
		Long: `demo starts a Teleport-compatible cluster and a small MCP server on this machine
and runs through the tour: login, ls, config, and an MCP client that starts
connect as configured. Your own keyring, logins and files are not touched. The
exit code is 0 only if everything worked.`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return g.playTour(cmd.Context(), byHand)
		},
	}
	cmd.Flags().BoolVar(&byHand, "browser", false, "sign in yourself, in your browser (it will warn about the demo's certificate)")
	cmd.AddCommand(newDemoServeCmd(g))
	return cmd
}

func (g *global) playTour(ctx context.Context, byHand bool) error {
	exe, err := g.executable()
	if err != nil {
		return err
	}
	if !byHand {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, demoTime, fmt.Errorf("not finished within %v", demoTime))
		defer cancel()
	}
	tour := demo.Tour{Out: g.stdout, Exe: exe, GOOS: g.GOOS, Environ: os.Environ(), Getenv: g.Getenv, Browser: byHand}
	return tour.Play(ctx)
}

func newDemoServeCmd(g *global) *cobra.Command {
	stage := &demo.Stage{}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Keep the demo's cluster up, to try tshmcp against it",
		Long: `serve keeps a Teleport-compatible cluster up until it is interrupted, in front of
the MCP servers given with --app, or of the demo's own. It prints one line of
JSON that says how to reach it. It serves this machine only and is for
trying things out: anyone who reaches it can sign in without a password.

The command of a stdio server is run for each connection, as you, with this
environment: anyone on this machine can have it run that way. Its stderr is in the
--debug log.

MCP messages are treated as Teleport treats them, which differs by release: 17 and
18.0 have no MCP servers, 18.1 has stdio servers, 18.3 has all kinds but reads fewer
event streams than the newest, and 18.8 lets a browser confirm with a passkey.`,
		Example: `  tshmcp demo serve --app 'grafana-mcp=mcp+http://127.0.0.1:8000/mcp' \
    --rewrite 'grafana-mcp=X-Grafana-API-Key: {{internal.jwt}}' --allow-tool '^(get|list)_.*$'
  tshmcp demo serve --app 'files=mcp+stdio:npx -y @modelcontextprotocol/server-filesystem /tmp' \
    --app 'search=mcp+sse+http://127.0.0.1:8001/sse'`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			stage.Log = g.logger(g.debug)
			cfg, err := stage.Config()
			if err != nil {
				return &usage.Error{Err: err}
			}
			return demo.Serve(cmd.Context(), cfg, g.announce)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&stage.Listen, "listen", "127.0.0.1:0", "loopback `address` of the proxy")
	flags.StringVar(&stage.Version, "version", "newest", "the Teleport `release` to imitate: "+strings.Join(demo.Versions, ", "))
	flags.StringArrayVar(&stage.Apps, "app", nil, "an MCP server, `NAME=URI` as in Teleport, or NAME='mcp+stdio:COMMAND ARG...'; repeatable (default: notes, the demo's own)")
	flags.StringArrayVar(&stage.Rewrites, "rewrite", nil, "a header to set on the way to an app, `NAME='Header: template'`; repeatable")
	flags.StringArrayVar(&stage.Allow, "allow-tool", []string{"*"}, "`pattern` of tools that the users' role allows; repeatable")
	flags.StringArrayVar(&stage.Deny, "deny-tool", nil, "`pattern` of tools that the users' role denies; repeatable")
	flags.DurationVar(&stage.Approve, "approve-after", 0, "let carol, who may use nothing, request access, and approve her requests after this `time`, for example 5s")
	flags.DurationVar(&stage.TTL, "ttl", 12*time.Hour, "how long a login lasts")
	return cmd
}

// announce says how to reach a cluster of serve: in JSON, and for a person.
func (g *global) announce(o demo.Open) error {
	if err := json.NewEncoder(g.stdout).Encode(o); err != nil {
		return err
	}
	g.voice().Line("Sign in with: %s\nStop with Ctrl-C.", plain.Command("tshmcp", "login", "--proxy="+o.Proxy, "--ca-file="+o.CAFile))
	return nil
}
