// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/complete"
	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// completeAll gives every flag and argument a completion: words, or nothing, but
// never a file where no file can be.
func completeAll(g *global, cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(pathFlags, f.Name) { // the shell knows paths itself
			_ = cmd.RegisterFlagCompletionFunc(f.Name, flagCompletion(g, f.Name)) // it fails where there is one
		}
	})
	if !cmd.HasSubCommands() {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, given []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			words, open := finder(g, cmd).Argument(cmd.Context(), given, typed)
			return offered(words, open)
		}
	}
	for _, sub := range cmd.Commands() {
		completeAll(g, sub)
	}
}

func flagCompletion(g *global, flag string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		words, err := finder(g, cmd).Flag(cmd.Context(), flag, typed)
		switch {
		case err != nil:
			return nil, cobra.ShellCompDirectiveError
		case flag == "client-config" && len(words) == 0:
			return nil, cobra.ShellCompDirectiveDefault // a path
		}
		return offered(words, flag == "client-config")
	}
}

// offered are the words for the shell. Open tells that more can follow on one.
func offered(words []complete.Word, open bool) (all []cobra.Completion, directive cobra.ShellCompDirective) {
	for _, w := range words {
		all = append(all, cobra.CompletionWithDesc(w.Text, w.Means))
	}
	if open {
		directive = cobra.ShellCompDirectiveNoSpace
	}
	return all, directive | cobra.ShellCompDirectiveNoFileComp
}

// finder finds the words for what is typed of a command line.
func finder(g *global, cmd *cobra.Command) *complete.Finder {
	g.stderr = io.Discard // a warning would stand in the middle of the command line
	flags := typed{cmd.Flags()}
	at := flags.server()
	return &complete.Finder{
		Command: strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "),
		Store:   g.store(), Now: g.now, Machine: g.machine(),
		Open: func(ctx context.Context) (*access.Cluster, error) { return g.openCluster(ctx, &at.sourceFlags) },
		Session: func(ctx context.Context, server string) (*toolcall.Session, error) {
			at.App = server
			return g.session(ctx, at, toolcall.Client{})
		},
		Config: flags.config(), Releases: demo.Versions,
	}
}

// typed are the flags of a command line so far. A command may not have them all.
type typed struct{ *pflag.FlagSet }

func (f typed) text(name string) string    { value, _ := f.GetString(name); return value }
func (f typed) texts(name string) []string { value, _ := f.GetStringArray(name); return value }
func (f typed) is(name string) bool        { value, _ := f.GetBool(name); return value }

// server is which cluster is meant, and how a server of it is spoken to.
func (f typed) server() *serverFlags {
	return &serverFlags{
		sourceFlags{settings.Flags{
			Proxy: f.text("proxy"), Leaf: f.text("cluster"), Identity: f.text("identity"), CAFile: f.text("ca-file"),
			Insecure: f.is("insecure"), NoTSH: f.is("no-tsh"),
		}},
		connect.Flags{Login: connect.LoginNever, Headers: f.texts("header"), Path: f.text("path")},
	}
}

// config is what config would be asked to do.
func (f typed) config() setup.Request {
	return setup.Request{
		Labels: f.texts("labels"), Query: f.text("query"), Path: f.text("path"), Remove: f.is("remove"), List: f.is("list-clients"), Print: f.is("print"),
		Clients: f.text("client-config"), Scope: f.text("scope"), Format: f.text("format"), Key: f.text("key"),
	}
}
