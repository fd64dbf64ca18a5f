// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// entryPrefix makes our entries recognisable in a client's file.
const entryPrefix = setup.Prefix

type configOptions struct {
	*global
	sourceFlags

	// which servers
	all    bool
	labels []string
	query  string

	// which files
	clients string
	scope   string
	format  string
	key     string

	// what to do
	print  bool
	dryRun bool
	remove bool
	list   bool
	force  bool

	noCheck bool

	// how entries look
	path    string
	headers []string
	prefix  string
	style   string

	flags   *pflag.FlagSet // as they were given
	picking bool           // a person is asked for the servers, and the clients
}

func newConfigCmd(g *global) *cobra.Command {
	o := &configOptions{global: g}
	cmd := &cobra.Command{
		Use:   "config [NAME... | --all | --labels K=V | --query EXPR]",
		Short: "Set up MCP clients to use MCP servers of the cluster",
		Long: `config writes an entry for each MCP server into the config files of MCP clients,
or prints the entries when no client is named. Everything else in a file stays
as it is, a backup is kept beside it, and a second run changes nothing.

Without MCP servers, it asks for them and for the clients, on a terminal.

--remove takes entries out again, --list-clients shows which clients are here
and what they have. Neither needs a login.`,
		Example: `  tshmcp config
  tshmcp config grafana-mcp
  tshmcp config grafana-mcp --client-config=claude,codex
  tshmcp config --all --client-config=.vscode/mcp.json --dry-run
  tshmcp config --remove --all --client-config=cursor`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := o.check(names); err != nil {
				return &usage.Error{Usage: cmd.UseLine(), Err: err}
			}
			return o.run(cmd.Context(), names)
		},
	}
	o.addFlags(cmd)
	if err := completeConfig(cmd, o); err != nil {
		panic(err) // the flag has another name
	}
	return cmd
}

func (o *configOptions) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.flags = flags
	o.sourceFlags.add(flags)
	o.completeLeaf(cmd, &o.sourceFlags)
	flags.BoolVar(&o.all, "all", false, "every MCP server you may use; with --remove, every entry of tshmcp")
	flags.StringArrayVar(&o.labels, "labels", nil, "every MCP server with these labels, `K=V[,K=V]`")
	flags.StringVar(&o.query, "query", "", "every MCP server for which Teleport's predicate `expression` is true, for example 'labels[\"env\"] == \"prod\"'")
	flags.StringVar(&o.clients, "client-config", "", "`client` to set up, or path of a config file, or several with commas between them; the clients: "+setup.ClientIDs()+" (default: TELEPORT_MCP_CLIENT_CONFIG)")
	flags.StringVar(&o.scope, "scope", "user", "user for your own config file of a client, or project for that of the project in this folder")
	flags.StringVar(&o.format, "format", "", "`client` whose files those are like that --client-config names by path, where it cannot be told")
	flags.StringVar(&o.key, "key", "", "`key` under which these files have the servers, as a.b, or as /a/b where a key has a dot")
	flags.BoolVar(&o.print, "print", false, "print the entries instead of writing them")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would change in the files as a diff, and write nothing")
	flags.BoolVar(&o.remove, "remove", false, "take the entries out again, also those of MCP servers that are no more; with --proxy or --cluster only those of that cluster")
	flags.BoolVar(&o.list, "list-clients", false, "list the clients, which of them are installed, and their entries of tshmcp")
	flags.BoolVar(&o.force, "force", false, "replace, or remove, an entry of the same name that runs another program")
	flags.BoolVar(&o.noCheck, "no-check", false, "do not start the command of the entries once, to see that it can be started")
	flags.StringVar(&o.path, "path", "", "URL `path` at which an ordinary HTTP app serves MCP, for example /mcp")
	flags.StringArrayVarP(&o.headers, "header", "H", nil, "`'Name: value'` that connect sends with every request, never a secret; repeatable")
	flags.StringVar(&o.prefix, "name-prefix", entryPrefix, "what the entries' names begin with; a client's rules may need a change")
	flags.StringVar(&o.style, "json-format", "", "how new JSON is written: pretty, compact, none, or auto for the way of the rest of the file (default: TELEPORT_MCP_CONFIG_JSON_FORMAT, else auto)")
}

// check finds what is wrong with the command line, before anything is done.
func (o *configOptions) check(names []string) error {
	if o.clients == "" && !o.list { // which lists all
		o.clients = o.Getenv("TELEPORT_MCP_CLIENT_CONFIG")
	}
	o.style = cmp.Or(o.style, o.Getenv("TELEPORT_MCP_CONFIG_JSON_FORMAT"), string(clientcfg.JSONAuto))
	switch {
	case !slices.Contains(clientcfg.JSONStyles, clientcfg.JSONStyle(o.style)):
		return fmt.Errorf("--json-format takes pretty, compact, auto or none, not %q", o.style)
	case o.scope != string(clientcfg.UserScope) && o.scope != string(clientcfg.ProjectScope):
		return fmt.Errorf("--scope takes user or project, not %q", o.scope)
	}
	if err := o.checkSelection(names); err != nil {
		return err
	}
	switch {
	case o.list && (o.remove || o.print || o.dryRun):
		return errors.New("--list-clients goes with none of --remove, --print and --dry-run")
	case o.print && (o.dryRun || o.remove):
		return errors.New("--print goes with neither --dry-run nor --remove")
	case o.clients == "" && !o.picking && (o.dryRun || o.remove):
		return errors.New("name the clients with --client-config")
	case o.clients == "" && o.scope == string(clientcfg.ProjectScope) && !o.list && !o.picking:
		return errors.New("--scope=project needs --client-config")
	}
	if err := o.checkShape(); err != nil {
		return err
	}
	return connect.CheckEntry(o.path, o.headers)
}

// checkShape holds that the shape of files is one that is known.
func (o *configOptions) checkShape() error {
	if o.format == "" && o.key == "" {
		return nil
	}
	if _, known := clientcfg.Lookup(o.format); o.format != "" && !known {
		return fmt.Errorf("--format: %w", &setup.UnknownClientError{ID: o.format})
	}
	switch {
	case o.clients == "":
		return errors.New("--format and --key need --client-config with the path of a file")
	case slices.Contains(o.keys(), ""):
		return fmt.Errorf("--key takes keys with dots between them, or slashes before each, not %q", o.key)
	}
	return nil
}

// keys are the parts of --key.
func (o *configOptions) keys() []string {
	if rest, ok := strings.CutPrefix(o.key, "/"); ok {
		return strings.Split(rest, "/")
	}
	if o.key == "" {
		return nil
	}
	return strings.Split(o.key, ".")
}

// checkSelection holds that it is clear which servers are meant.
func (o *configOptions) checkSelection(names []string) error {
	ways := 0
	filtered := len(o.labels) > 0 || o.query != ""
	for _, given := range []bool{len(names) > 0, o.all, filtered} {
		if given {
			ways++
		}
	}
	switch {
	case o.list && ways > 0:
		return errors.New("--list-clients takes no MCP servers")
	case o.list:
		return nil
	case o.remove && filtered:
		return errors.New("--remove takes names of MCP servers or --all: the cluster is not asked")
	case ways > 1:
		return errors.New("names, --all, and --labels with --query are three ways to choose: take one")
	case ways == 0 && o.remove:
		return errors.New("name the MCP servers, or give --all")
	case ways == 0 && !o.screen().Attended():
		return errors.New("name the MCP servers, or give --all, --labels or --query; and the clients with --client-config: there is no terminal to ask on")
	}
	o.picking = ways == 0
	_, err := setup.ParseLabels(o.labels)
	return err
}

// memoryPercent is how much garbage may be there beside what is in use. Some
// clients' files have tens of megabytes, and the bridges of this person run too.
const memoryPercent = 40

func (o *configOptions) run(ctx context.Context, names []string) error {
	debug.SetGCPercent(memoryPercent)
	// A wrong client shall not cost a round trip.
	targets, err := o.targets().Named(o.clients, o.list)
	if err != nil {
		return err
	}
	switch {
	case o.list:
		return o.listClients(targets)
	case o.remove:
		return o.removeEntries(ctx, targets, names)
	case o.picking:
		return picker{o}.run(ctx, targets)
	}
	c, err := o.openCluster(&o.sourceFlags)
	if err != nil {
		return err
	}
	servers, err := o.servers(ctx, c, names)
	if err != nil {
		return err
	}
	planner, err := o.planner(c)
	if err != nil {
		return err
	}
	plans, failed := planner.Plans(ctx, targets, servers)
	return o.carryOutAll(ctx, planner, plans, failed, servers)
}
