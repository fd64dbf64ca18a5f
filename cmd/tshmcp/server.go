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
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// serverFlags say which MCP server a command speaks to by itself, and how.
type serverFlags struct {
	sourceFlags
	connect.Flags
}

func (f *serverFlags) add(cmd *cobra.Command) {
	f.sourceFlags.add(cmd.Flags())
	f.Login = connect.LoginNever
	addHeaders(cmd.Flags(), &f.Headers)
	cmd.Flags().DurationVar(&f.Timeout, "request-timeout", 0, "longest wait for a response, for example 5m (default: until Ctrl-C)")
	addPath(cmd.Flags(), &f.Path)
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

// watched is a client of an app that says in a terminal what it waits for, on a line that
// others may use; into a pipe nothing is said.
func (g *global) watched(app string) (who toolcall.Client, line *terminal.Status) {
	line, shown := terminal.StatusOn(g.stderr)
	if shown {
		who.Waiting = func(method string) func() {
			return line.Await("waiting (Ctrl-C cancels): " + app + " has not answered " + method)
		}
	}
	return who, line
}

// attended is [global.session] with a client that is watched.
func (g *global) attended(ctx context.Context, f *serverFlags) (*toolcall.Session, error) {
	who, _ := g.watched(f.App)
	return g.session(ctx, f, who)
}

// show asks the server something, in a session of its own, and prints the answer.
func show[T any](ctx context.Context, g *global, f *serverFlags, print func(io.Writer, T) error, ask func(*toolcall.Session) (T, error)) error {
	g.warnInsecure(&f.sourceFlags)
	return offerLogin(ctx, g, &f.sourceFlags, func() error {
		s, err := g.attended(ctx, f)
		if err != nil {
			return err
		}
		answer, err := ask(s)
		if err == nil {
			err = print(g.stdout, answer)
		}
		return errors.Join(err, s.Close())
	})
}

// listing is [show] for all that a server has of something. That it has nothing is
// said, too.
func listing[T any](ctx context.Context, g *global, f *serverFlags, what string, print func(io.Writer, []T) error, ask func(*toolcall.Session) ([]T, error)) error {
	return show(ctx, g, f, func(w io.Writer, all []T) error {
		if len(all) == 0 {
			g.voice().Say("%s has no %s.", f.App, what)
		}
		return print(w, all)
	}, ask)
}

// outputFlags say what becomes of a result.
type outputFlags struct{ toolcall.Output }

func (f *outputFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	addFormat(flags, &f.Format)
	flags.BoolVar(&f.Raw, "raw", false, "print the JSON-RPC result as the server sent it, on one line")
	flags.StringVar(&f.Dir, "out", "", "`directory` to write images, audio and resources to; existing files are kept")
	flags.BoolVar(&f.Force, "force", false, "with --out: number files from 1 and overwrite those of earlier calls")
}

// serverArgs is the check of arguments that begin with an MCP server, and of how many
// there may be; -1 is any number.
func serverArgs(most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, given []string) error {
		if len(given) == 0 {
			return errors.New("name an MCP server; tshmcp ls lists them")
		}
		if most >= 0 {
			return cobra.MaximumNArgs(most)(cmd, given)
		}
		return nil
	}
}
