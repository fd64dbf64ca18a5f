// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// serverFlags say which MCP server a command speaks to by itself, and how.
type serverFlags struct {
	sourceFlags
	connect.Flags
}

func (f *serverFlags) add(g *global, cmd *cobra.Command) {
	f.sourceFlags.add(cmd.Flags())
	g.completeLeaf(cmd, &f.sourceFlags)
	f.Login = connect.LoginNever
	cmd.Flags().StringArrayVarP(&f.Headers, "header", "H", nil, "`'Name: value'` to send with every request; repeatable")
	cmd.Flags().DurationVar(&f.Timeout, "request-timeout", 0, "longest wait for a response, for example 5m (default: until Ctrl-C)")
	cmd.Flags().StringVar(&f.Path, "path", "", "URL `path` at which an ordinary HTTP app serves MCP, for example /mcp")
}

// session begins one with the server.
func (g *global) session(ctx context.Context, f *serverFlags, who toolcall.Client) (*toolcall.Session, error) {
	source, err := f.Source(&g.Env, g.clusters())
	if err != nil {
		return nil, err
	}
	who.Version = version()
	log := slog.New(slog.DiscardHandler)
	if g.debug { // without it, the error that the command ends with says enough
		log = g.logger(true)
	}
	return toolcall.Open(ctx, f.Flags, source, connect.Host{
		Clusters: g.clusters(), StateDir: g.StateDir(), Now: g.now, Log: log, Explain: explain,
		Tell: func(string) {}, Report: func(error) {}, // the command ends with the same
		Closed: g.noBrowserUnasked,
	}, who)
}

// serverArgs is the check of arguments that begin with an MCP server.
func serverArgs(_ *cobra.Command, given []string) error {
	if len(given) == 0 {
		return errors.New("name an MCP server; tshmcp ls lists them")
	}
	return nil
}

// completeServer offers the MCP servers, and nothing where the cluster cannot be
// asked.
func (g *global) completeServer(ctx context.Context, f *serverFlags) []cobra.Completion {
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	g.stderr = io.Discard // a warning would stand in the middle of the command line
	c, err := g.openCluster(ctx, &f.sourceFlags)
	if err != nil {
		return nil
	}
	servers, err := inventory.Servers(ctx, c)
	if err != nil {
		return nil
	}
	var all []cobra.Completion
	for _, s := range servers {
		if plain.Typable(s.Name) {
			all = append(all, cobra.CompletionWithDesc(s.Name, plain.Line(s.Description)))
		}
	}
	return all
}

// completeTools offers the tools of the server.
func (g *global) completeTools(ctx context.Context, f *serverFlags) []cobra.Completion {
	var all []cobra.Completion
	for _, t := range g.tools(ctx, f) {
		if plain.Typable(t.Name) {
			all = append(all, cobra.CompletionWithDesc(t.Name, t.Summary()))
		}
	}
	return all
}

// tools are those of the server; none if anything fails: a person who presses Tab
// wants no error.
func (g *global) tools(ctx context.Context, f *serverFlags) []toolcall.Tool {
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	g.stderr = io.Discard
	s, err := g.session(ctx, f, toolcall.Client{})
	if err != nil {
		return nil
	}
	l, err := s.Tools(ctx, nil)
	if s.Close() != nil || err != nil {
		return nil
	}
	return l.Tools
}
