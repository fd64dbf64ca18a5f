// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/configure"
	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/usage"
)

type configOptions struct {
	*global
	sourceFlags
	setup.Request
	flags *pflag.FlagSet // as they were given
}

func newConfigCmd(g *global) *cobra.Command {
	o := &configOptions{global: g}
	cmd := &cobra.Command{
		Use:   "config [NAME... | --all | --labels K=V | --query EXPR]",
		Short: "Set up MCP clients to use MCP servers of the cluster",
		Long: `config writes an entry for each MCP server into the config files of MCP clients,
or prints the entries when no client is named. Everything else in a file stays
as it is, a backup is kept beside it, and a second run changes nothing.

Without names of MCP servers it asks, on a terminal, which servers and which clients.

--remove takes entries out again, --list-clients shows which clients are installed
and which entries they have. Neither needs a login.`,
		Example: `  tshmcp config
  tshmcp config grafana-mcp
  tshmcp config grafana-mcp --client-config=claude,codex
  tshmcp config --all --client-config=.vscode/mcp.json --dry-run
  tshmcp config --remove --all --client-config=cursor`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, names []string) error {
			o.Names = names
			if err := o.check(); err != nil {
				return &usage.Error{Usage: cmd.UseLine(), Err: err}
			}
			return o.run(cmd.Context())
		},
	}
	o.addFlags(cmd)
	return cmd
}

func (o *configOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.flags = flags
	o.sourceFlags.add(flags)
	flags.BoolVar(&o.All, "all", false, "every MCP server you may use; with --remove, every tshmcp entry")
	flags.StringArrayVar(&o.Labels, "labels", nil, "every MCP server with these labels, `K=V[,K=V]`")
	flags.StringVar(&o.Query, "query", "", "every MCP server for which Teleport's predicate `expression` is true, for example 'labels[\"env\"] == \"prod\"'")
	flags.StringVar(&o.Clients, "client-config", "", "`client` to set up, or path of a config file, or several separated by commas; clients: "+setup.ClientIDs()+" (default: TELEPORT_MCP_CLIENT_CONFIG)")
	flags.StringVar(&o.Scope, "scope", "user", "user for a client's config file of your own, or project for that of the project in this folder")
	flags.StringVar(&o.Format, "format", "", "`client` whose format a file has that --client-config names by path, where that cannot be told from the file; with --list-clients: text, json or yaml")
	flags.StringVar(&o.Key, "key", "", "`key` under which that file has its servers, as a.b, or as /a/b where a key has a dot")
	flags.BoolVar(&o.Print, "print", false, "print the entries instead of writing them")
	flags.BoolVar(&o.DryRun, "dry-run", false, "show what would change in the files as a diff, and write nothing")
	flags.BoolVar(&o.Remove, "remove", false, "take the entries out again, also those of servers that no longer exist; with --proxy or --cluster only those of that cluster")
	flags.BoolVar(&o.List, "list-clients", false, "list the clients, whether they are installed, and their tshmcp entries")
	flags.BoolVar(&o.Force, "force", false, "replace, or remove, an entry of the same name that runs another program")
	flags.BoolVar(&o.NoCheck, "no-check", false, "do not start the entries' command once to check that it can be started")
	addPath(flags, &o.Path)
	flags.StringArrayVarP(&o.Headers, "header", "H", nil, "`'Name: value'` that connect sends with every request, never a secret; can be repeated")
	flags.StringVar(&o.Prefix, "name-prefix", setup.Prefix, "what the names of entries begin with, empty for nothing; a client's rules may change it")
	flags.StringVar(&o.Style, "json-format", "", "how new JSON is written: pretty, compact, none, or auto to follow the rest of the file (default: TELEPORT_MCP_CONFIG_JSON_FORMAT, else auto)")
}

// check finds what is wrong with the command line, before anything is done.
func (o *configOptions) check() error {
	o.Default(o.Getenv)
	if err := o.Check(o.screen().Attended); err != nil {
		return err
	}
	return connect.CheckEntry(o.Path, o.Headers)
}

// screen is where a person is asked.
func (e *env) screen() terminal.Screen {
	return terminal.Screen{In: e.stdin, Out: plain.Raw(e.stderr), GOOS: e.GOOS, Getenv: e.Getenv}
}

// saveMemory lets little garbage, in percent, be there: clients' files can have tens of megabytes.
func saveMemory() { debug.SetGCPercent(10) }

func (o *configOptions) run(ctx context.Context) error {
	saveMemory()
	job := &configure.Job{
		Request: &o.Request, Machine: o.machine(), Flags: &o.Flags, Clusters: o.clusters(),
		AtCluster: func(ctx context.Context, do func(*access.Cluster) error) error {
			return o.atCluster(ctx, &o.sourceFlags, do)
		},
		Given: usage.Given(o.flags), Screen: o.screen(), Out: o.stdout, To: o.voice(),
	}
	return job.Run(ctx)
}
