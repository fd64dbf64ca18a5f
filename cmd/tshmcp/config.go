// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// entryPrefix makes our entries recognisable in a client's file.
const entryPrefix = "teleport-mcp-"

type configOptions struct {
	*global
	sourceFlags
	all    bool
	force  bool
	client string
	path   string
}

func newConfigCmd(g *global) *cobra.Command {
	o := &configOptions{global: g}
	cmd := &cobra.Command{
		Use:   "config NAME... | --all",
		Short: "Set up an MCP client to use MCP servers of the cluster",
		Long: `config writes an entry for each named MCP server into an MCP client's config
file, or prints the entries when no client is named. Everything else in the
file stays as it is, a backup is kept beside it, and a second run changes
nothing.`,
		Example: `  tshmcp config grafana-mcp
  tshmcp config grafana-mcp --client-config=claude
  tshmcp config --all --client-config=.vscode/mcp.json`,
		Args: args(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, names []string) error {
			return o.run(cmd.Context(), names, cmd.UseLine())
		},
	}
	flags := cmd.Flags()
	o.sourceFlags.add(flags)
	flags.BoolVar(&o.all, "all", false, "every MCP server you may use")
	flags.BoolVar(&o.force, "force", false, "replace an entry of the same name that runs another program")
	flags.StringVar(&o.client, "client-config", "", "`client` to set up ("+clientIDs()+") or path of a config file")
	flags.StringVar(&o.path, "path", "", "URL `path` at which an ordinary HTTP app serves MCP, for example /mcp")
	return cmd
}

// unknownClientError is a --client-config that is neither a client nor a path.
type unknownClientError struct{ ID string }

func (e *unknownClientError) Error() string { return fmt.Sprintf("no MCP client is called %q", e.ID) }

func clientIDs() string {
	var ids []string
	for _, c := range clientcfg.Clients() {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, ", ")
}

func (o *configOptions) run(ctx context.Context, names []string, usage string) error {
	if o.all == (len(names) > 0) {
		return &usageError{Usage: usage, Err: errors.New("name the MCP servers, or give --all")}
	}
	// A wrong client shall not cost a round trip.
	client, file, err := o.target()
	if err != nil {
		return err
	}
	c, err := o.openCluster(&o.sourceFlags)
	if err != nil {
		return err
	}
	apps, err := o.apps(ctx, c, names)
	if err != nil {
		return err
	}
	if len(apps) == 0 {
		return fmt.Errorf("%s has no MCP server that %s may use", c.profile.Cluster, c.profile.Username)
	}
	entries, err := o.entries(c, apps)
	if err != nil {
		return err
	}
	if o.client == "" {
		text, err := client.Edit(nil, entries) // as a file with nothing else in it
		if err != nil {
			return err
		}
		_, err = o.stdout.Write(text)
		return err
	}
	return o.write(client, file, entries)
}

// target is the client to write for and its file.
func (o *configOptions) target() (clientcfg.Client, string, error) {
	if o.client == "" {
		return clientcfg.Client{}, "", nil
	}
	if client, ok := clientcfg.Lookup(o.client); ok {
		file, err := client.Path(o.clientEnv())
		return client, file, err
	}
	if !strings.ContainsAny(o.client, `/\.`) {
		return clientcfg.Client{}, "", &unknownClientError{ID: o.client}
	}
	file, err := filepath.Abs(o.client)
	return clientcfg.ForPath(file), file, err
}

func (o *configOptions) clientEnv() clientcfg.Env {
	return clientcfg.Env{
		GOOS:   o.goos,
		Home:   o.home,
		Getenv: o.getenv,
		Exists: func(path string) bool {
			_, err := os.Stat(path)
			return err == nil
		},
		Glob: filepath.Glob,
	}
}

// apps looks the names up at the cluster, so that a typo shows now and not
// when the client starts.
func (o *configOptions) apps(ctx context.Context, c *cluster, names []string) ([]teleport.App, error) {
	if app := c.onlyApp(); app != "" {
		return onlyAsked(c, app, names)
	}
	auth, _, err := c.dialAuth(ctx)
	if err != nil {
		return nil, err
	}
	defer auth.Close()
	all, err := auth.Apps(ctx)
	if err != nil {
		return nil, err
	}
	if o.all {
		return slices.DeleteFunc(all, func(a teleport.App) bool { return checkBridgeable(a, o.path) != nil }), nil
	}
	var apps []teleport.App
	for _, name := range names {
		i := slices.IndexFunc(all, func(a teleport.App) bool { return a.Name == name })
		if i < 0 {
			return nil, newUnknownServerError(name, c.profile.Cluster, all)
		}
		if err := checkBridgeable(all[i], o.path); err != nil {
			return nil, err
		}
		apps = append(apps, all[i])
	}
	return apps, nil
}

// onlyAsked is the one app that a certificate is for, if no other was asked for.
// The cluster cannot be asked about it.
func onlyAsked(c *cluster, app string, names []string) ([]teleport.App, error) {
	for _, name := range append([]string{app}, names...) {
		if _, err := c.ready(name); err != nil {
			return nil, err
		}
	}
	return []teleport.App{{Name: app}}, nil
}

// entries are the clients' entries, keyed by name. The proxy is pinned, so that
// a later login elsewhere cannot redirect them.
func (o *configOptions) entries(c *cluster, apps []teleport.App) (map[string]clientcfg.Entry, error) {
	command, err := o.command()
	if err != nil {
		return nil, err
	}
	source, err := o.entrySource()
	if err != nil {
		return nil, err
	}
	env := o.entryEnv(c)
	entries := make(map[string]clientcfg.Entry, len(apps))
	for _, app := range apps {
		args := append([]string{"connect", app.Name, "--proxy=" + c.profile.Proxy}, source...)
		if o.path != "" {
			args = append(args, "--path="+o.path)
		}
		if o.insecure {
			args = append(args, "--insecure")
		}
		entries[entryPrefix+app.Name] = clientcfg.Entry{Command: command, Args: args, Env: env}
	}
	return entries, nil
}

// command is the absolute path of this binary as it was called: a symlink of a
// package manager survives an upgrade, its versioned target does not.
func (o *configOptions) command() (string, error) {
	exe, err := o.executable()
	if err != nil {
		return "", err
	}
	called, err := o.calledAs()
	if err != nil {
		return exe, nil
	}
	a, errA := os.Stat(called)
	b, errB := os.Stat(exe)
	if errA == nil && errB == nil && os.SameFile(a, b) {
		return called, nil
	}
	return exe, nil
}

// entrySource are the flags that say whose identity connect uses.
func (o *configOptions) entrySource() ([]string, error) {
	var args []string
	identity, err := o.identityPath(o.env)
	if err != nil {
		return nil, err
	}
	switch {
	case identity != "":
		args = append(args, "--identity="+identity)
	case o.tsh(o.env).Dir == "":
		args = append(args, "--no-tsh")
	}
	if o.caFile != "" {
		file, err := filepath.Abs(o.caFile)
		if err != nil {
			return nil, err
		}
		args = append(args, "--ca-file="+file)
	}
	return args, nil
}

// entryEnv is what connect needs and MCP clients strip from the environment,
// as far as it is set now. Never a secret.
func (o *configOptions) entryEnv(c *cluster) map[string]string {
	p := c.profile
	env := map[string]string{}
	bare := o.defaultStateDir(func(string) string { return "" })
	if dir, err := filepath.Abs(o.stateDir()); err == nil && dir != bare {
		env["TSHMCP_HOME"] = dir
	}
	if bus := strippedBus(o.env); bus != "" && p.Store == creds.Keyring {
		env["DBUS_SESSION_BUS_ADDRESS"] = bus
	}
	if c.from == fromTSH && o.getenv("TELEPORT_HOME") != "" {
		env["TELEPORT_HOME"] = c.borrowed.File
	}
	if p.WebCA == "" {
		for _, name := range []string{"SSL_CERT_FILE", "SSL_CERT_DIR"} {
			if value := o.getenv(name); value != "" {
				env[name] = value
			}
		}
	}
	return env
}

func (o *configOptions) write(client clientcfg.Client, file string, entries map[string]clientcfg.Entry) error {
	result, err := client.Write(file, entries, clientcfg.Options{Force: o.force})
	if err != nil {
		return err
	}
	if !result.Changed {
		fmt.Fprintf(o.stderr, "%s is up to date.\n", result.Path)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		fmt.Fprintf(o.stderr, "Wrote %s to %s.\n", name, result.Path)
	}
	if result.Backup != "" {
		fmt.Fprintf(o.stderr, "The file as it was: %s\n", result.Backup)
	}
	if client.After != "" {
		fmt.Fprintf(o.stderr, "Next: %s.\n", client.After)
	}
	return nil
}
