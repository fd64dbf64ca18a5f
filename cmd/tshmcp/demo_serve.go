// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

type demoServeOptions struct {
	*global
	listen   string
	version  string
	apps     []string
	rewrites []string
	allow    []string
	deny     []string
	ttl      time.Duration
}

func newDemoServeCmd(g *global) *cobra.Command {
	o := &demoServeOptions{global: g}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Keep the demo's cluster up, to try tshmcp against it",
		Long: `serve keeps a Teleport-compatible cluster up until it is interrupted, in front of
the MCP servers given with --app, or of the demo's own. It prints one line of
JSON that says how to reach it. It serves this machine only and is a stage for
trying things out: whoever reaches it signs in without a password.

It treats MCP messages as Teleport does, which differs by release: --version=18.0
knows no MCP servers over HTTP, and 18.3 reads fewer event streams than the
newest.`,
		Example: `  tshmcp demo serve --app 'grafana-mcp=mcp+http://127.0.0.1:8000/mcp' \\
    --rewrite 'grafana-mcp=X-Grafana-API-Key: {{internal.jwt}}' --allow-tool '^(get|list)_.*$'`,
		Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.listen, "listen", "127.0.0.1:0", "loopback `address` of the proxy")
	flags.StringVar(&o.version, "version", "newest", "the Teleport `release` to be like: "+strings.Join(serveVersionNames, ", "))
	flags.StringArrayVar(&o.apps, "app", nil, "an MCP server, `NAME=URI` as in Teleport; repeatable (default: notes, the demo's own)")
	flags.StringArrayVar(&o.rewrites, "rewrite", nil, "a header to set on the way to an app, `NAME='Header: template'`; repeatable")
	flags.StringArrayVar(&o.allow, "allow-tool", []string{"*"}, "`pattern` of tools that the users' role allows; repeatable")
	flags.StringArrayVar(&o.deny, "deny-tool", nil, "`pattern` of tools that the users' role denies; repeatable")
	flags.DurationVar(&o.ttl, "ttl", 12*time.Hour, "how long a login lasts")
	return cmd
}

// serveVersionNames are the values of --version, and serveVersions the releases
// that they stand for: without MCP apps over HTTP, with the first of them, and
// the newest that is known.
var (
	serveVersionNames = []string{"18.0", "18.3", "newest"}
	serveVersions     = map[string]string{"18.0": "18.0.0", "18.3": "18.3.0", "newest": testcluster.NewestVersion}
)

// stage is the line that serve prints.
type stage struct {
	Proxy   string   `json:"proxy"`
	CAFile  string   `json:"ca_file"`
	Cluster string   `json:"cluster"`
	IdP     string   `json:"idp"`
	Users   []string `json:"users"`
	Apps    []string `json:"apps"`
}

func (o *demoServeOptions) run(ctx context.Context) (err error) {
	cfg, err := o.clusterConfig()
	if err != nil {
		return err
	}
	if len(cfg.Apps) == 0 {
		server, err := startDemoServer()
		if err != nil {
			return err
		}
		defer server.close()
		cfg.Apps = []testcluster.App{{Name: "notes", Description: "The team's notes", URI: server.uri()}}
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	dir, err := os.MkdirTemp("", "tshmcp-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ca := filepath.Join(dir, "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		return err
	}
	if err := o.announce(cluster, cfg, ca); err != nil {
		return err
	}
	// To be interrupted is how serve ends, not a failure.
	<-ctx.Done()
	return nil
}

func (o *demoServeOptions) announce(cluster *testcluster.Cluster, cfg testcluster.Config, ca string) error {
	s := stage{Proxy: cluster.Addr(), CAFile: ca, Cluster: cluster.Name(), IdP: cluster.IdP()}
	for _, u := range cfg.Users {
		s.Users = append(s.Users, u.Name)
	}
	for _, a := range cfg.Apps {
		s.Apps = append(s.Apps, a.Name)
	}
	if err := json.NewEncoder(o.stdout).Encode(s); err != nil {
		return err
	}
	fmt.Fprintf(o.stderr, "Sign in with: tshmcp login --proxy=%s --ca-file=%s\nStop with Ctrl-C.\n", s.Proxy, s.CAFile)
	return nil
}

func (o *demoServeOptions) clusterConfig() (testcluster.Config, error) {
	apps, err := o.parseApps()
	if err != nil {
		return testcluster.Config{}, &usageError{Err: err}
	}
	version, ok := serveVersions[o.version]
	if !ok {
		return testcluster.Config{}, &usageError{Err: fmt.Errorf("--version is one of %s, not %q", strings.Join(serveVersionNames, ", "), o.version)}
	}
	role := demoRole(o.allow, o.deny)
	return testcluster.Config{
		Listen:     o.listen,
		Version:    version,
		Users:      demoUsers(),
		Roles:      demoRoles(role),
		Apps:       apps,
		SessionTTL: o.ttl,
		Log:        o.logger(o.debug),
	}, nil
}

func (o *demoServeOptions) parseApps() ([]testcluster.App, error) {
	var apps []testcluster.App
	for _, arg := range o.apps {
		name, uri, ok := strings.Cut(arg, "=")
		if !ok || name == "" || !strings.Contains(uri, "://") {
			return nil, fmt.Errorf("--app takes NAME=URI, not %q", arg)
		}
		apps = append(apps, testcluster.App{Name: name, URI: uri})
	}
	for _, arg := range o.rewrites {
		name, header, ok := strings.Cut(arg, "=")
		key, value, colon := strings.Cut(header, ":")
		i := slices.IndexFunc(apps, func(a testcluster.App) bool { return a.Name == name })
		if !ok || !colon || i < 0 {
			return nil, fmt.Errorf("--rewrite takes NAME='Header: template' with the NAME of an --app, not %q", arg)
		}
		apps[i].Rewrite = append(apps[i].Rewrite, testcluster.Header{Name: strings.TrimSpace(key), Value: strings.TrimSpace(value)})
	}
	return apps, nil
}
