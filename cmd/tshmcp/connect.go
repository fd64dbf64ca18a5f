// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/connect"
	"github.com/tshmcp/tshmcp/internal/loginflow"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

type connectOptions struct {
	*global
	sourceFlags
	connect.Flags
}

func newConnectCmd(g *global) *cobra.Command {
	o := &connectOptions{global: g}
	o.Entry = true
	cmd := &cobra.Command{
		Use:   "connect NAME",
		Short: "Bridge stdio to an MCP server (MCP clients start this)",
		Long: `connect is what tshmcp config writes into an MCP client's file: it relays MCP
messages between its stdin and stdout and the MCP server behind the Teleport
proxy. It stays up while stdin is open, whatever happens to the network or the
login, and answers every request.`,
		Args:              args(cobra.ExactArgs(1)),
		PersistentPreRunE: emptyFlags, // run listens for signals beside the rest
		RunE: func(cmd *cobra.Command, names []string) error {
			o.App = names[0]
			return o.run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	o.sourceFlags.add(flags)
	addHeaders(flags, &o.Headers)
	flags.StringVar(&o.SessionLoss, "session-loss", "", "what to do with a tool call when the server has lost the session: replay sends it again, error never does (default: only if no tool was called before)")
	flags.StringVar(&o.Capabilities, "capabilities", "auto", "auto hides the client's sampling, elicitation and roots from the MCP server, because Teleport passes on no requests from servers; keep does not")
	flags.StringVar(&o.MaxMessage, "max-message-size", "", "`size` of the longest message to relay, for example 32MiB (default: just under 10MiB, where many clients give up)")
	flags.DurationVar(&o.Timeout, "request-timeout", 0, "longest wait for a response, for example 5m (default: as long as the client waits)")
	flags.StringVar(&o.Login, "login", "", "auto opens the browser when a request needs a new sign-in, never does not (default: TSHMCP_LOGIN, else auto)")
	addPath(flags, &o.Path)
	return cmd
}

func (o *connectOptions) run(ctx context.Context) error {
	byHand := isTerminal(o.stdin)
	o.shareStreams()
	go o.signals.Listen()
	open := o.open
	o.open = func(url string) error { o.signals.Listen(); return open(url) } // which would inherit what is ignored until then
	o.Login, o.LoginBy = o.Said("--login", o.Login, "TSHMCP_LOGIN")
	source, err := o.Source(&o.Env, o.clusters())
	if err != nil {
		return err
	}
	o.warnInsecure(&o.sourceFlags)
	log := o.logger(o.debug)
	if source.Identity == "" { // nothing is kept of one
		log = o.logger(o.debug, o.journal(o.App))
	}
	o.clusters().Log = log
	log.Info("the bridge begins", "version", version())
	defer log.Info("the bridge ends")
	host := connect.Host{
		Streams:  connect.Streams{In: o.stdin, Out: plain.Raw(o.stdout)}, // messages for the client
		Clusters: o.clusters(), StateDir: o.StateDir(), Now: o.now, Log: log,
		Tell: o.Tell,
		Report: func(err error) {
			log.Info("the way to the server is not open", "error", err)
			report(ctx, o.stderr, err)
		},
		Explain: explain,
		Closed:  o.noBrowserUnasked,
		SignIn: func(ctx context.Context, proxy string, opened func()) error {
			flags := settings.Flags{Proxy: proxy, Insecure: o.Insecure, CAFile: o.CAFile}
			return loginUnattended(ctx, o.global, flags, opened)
		},
		Confirm: confirm(o.global, loginflow.Flow{Unattended: true}),
	}
	if byHand {
		host.Opened = connect.ByHand(o.Flags, source.Named, o.voice())
	}
	return connect.Run(ctx, o.Flags, source, host)
}

// isTerminal reports whether a person types what is read.
func isTerminal(r io.Reader) bool {
	file, ok := r.(*os.File)
	return ok && stdio.IsTerminal(file)
}

// noBrowserUnasked says why none is opened that no person has asked for, or is
// empty.
func (e *env) noBrowserUnasked() string {
	if e.Getenv("CI") != "" {
		return "this is CI"
	}
	return e.noBrowser()
}
