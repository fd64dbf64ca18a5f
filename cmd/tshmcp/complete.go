// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// What a shell offers for the values of flags that have the same ones everywhere.
var flagValues = map[string][]cobra.Completion{
	"format":       {"text", "json", "yaml"},
	"scope":        {"user\tyour own config file of a client", "project\tthat of the project in this folder"},
	"store":        {"keyring\tthe keyring of the operating system", "file\tunencrypted files, for machines without a keyring"},
	"browser":      {"none\tprint the link instead of opening it"},
	"login":        {"auto\topen the browser when a login is needed", "never"},
	"session-loss": {"replay", "error"},
	"capabilities": {"auto", "keep"},
	"json-format":  {"auto", "pretty", "compact", "none"},
}

// fileFlags take paths, which the shell knows itself.
var fileFlags = []string{"ca-file", "identity", "client-config", "out"}

// completeAll gives every flag and argument that has no completion yet one: values,
// or nothing, but never a file where no file can be.
func completeAll(g *global, cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(fileFlags, f.Name) {
			_ = cmd.RegisterFlagCompletionFunc(f.Name, flagCompletion(g, cmd, f.Name)) // it fails where there is one
		}
	})
	if cmd.ValidArgsFunction == nil && !cmd.HasSubCommands() {
		cmd.ValidArgsFunction = argCompletion(g, cmd.Name())
	}
	for _, sub := range cmd.Commands() {
		completeAll(g, sub)
	}
}

func flagCompletion(g *global, cmd *cobra.Command, flag string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		values := flagValues[flag]
		switch {
		case flag == "proxy":
			values = completeLogins(g, func(_, proxy string) string { return proxy })
		case flag == "labels":
			values = completeLabels(g, cmd)
		case flag == "auth":
			values = completeAuth(g)
		case flag == "app":
			values = completeApps(g, cmd)
		case flag == "format" && cmd.Name() == "ls":
			values = append(slices.Clone(values), "wide\tevery column", "names\tone name a line")
		}
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

func argCompletion(g *global, command string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, given []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var values []cobra.Completion
		switch {
		case command == "ls", len(given) == 0 && (command == "connect" || command == "doctor" || command == "logs"):
			values = completeApps(g, cmd)
		case len(given) == 0 && (command == "login" || command == "logout"):
			values = completeLogins(g, func(_, proxy string) string { return proxy })
		}
		return values, cobra.ShellCompDirectiveNoFileComp
	}
}

// typedSource is which cluster the flags of a command line name so far.
func typedSource(cmd *cobra.Command) *sourceFlags {
	text := func(name string) string { value, _ := cmd.Flags().GetString(name); return value }
	is := func(name string) bool { value, _ := cmd.Flags().GetBool(name); return value }
	return &sourceFlags{settings.Flags{
		Proxy: text("proxy"), Leaf: text("cluster"), Identity: text("identity"), CAFile: text("ca-file"),
		Insecure: is("insecure"), NoTSH: is("no-tsh"),
	}}
}

// serversTyped are the MCP servers of that cluster; none if anything fails: a person
// who presses Tab wants no error.
func serversTyped(g *global, cmd *cobra.Command) []inventory.Server {
	ctx, cancel := context.WithTimeout(cmd.Context(), completionTime)
	defer cancel()
	g.stderr = io.Discard // a warning would stand in the middle of the command line
	c, err := g.openCluster(ctx, typedSource(cmd))
	if err != nil {
		return nil
	}
	servers, _ := inventory.Servers(ctx, c)
	return servers
}

func completeApps(g *global, cmd *cobra.Command) []cobra.Completion {
	var all []cobra.Completion
	for _, s := range serversTyped(g, cmd) {
		if plain.Typable(s.Name) {
			all = append(all, cobra.CompletionWithDesc(s.Name, plain.Line(s.Description)))
		}
	}
	return all
}

func completeLabels(g *global, cmd *cobra.Command) []cobra.Completion {
	var all []cobra.Completion
	for _, s := range serversTyped(g, cmd) {
		for k, v := range s.Labels {
			if plain.Typable(k) && plain.Typable(v) {
				all = append(all, k+"="+v)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// completeAuth are the ways to sign in that there always are, and the connectors of
// the logins.
func completeAuth(g *global) []cobra.Completion {
	all := []cobra.Completion{"local\twith a password of the cluster itself", "headless\tapproved in a browser on another computer"}
	profiles, _ := g.store().Profiles()
	for _, p := range profiles {
		if plain.Typable(p.Auth) && p.Auth != "local" && !slices.Contains(all, p.Auth) {
			all = append(all, p.Auth)
		}
	}
	return all
}
