// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

type callOptions struct {
	*global
	serverFlags
	toolcall.Order
	outputFlags
}

func newCallCmd(g *global) *cobra.Command {
	o := &callOptions{global: g}
	cmd := &cobra.Command{
		Use:   "call NAME TOOL [KEY=VALUE ... | JSON | -]",
		Short: "Call a tool of an MCP server",
		Long: `call calls one tool, with your own rights and without an MCP client. Arguments are
KEY=VALUE pairs, which get the types that the tool declares: a repeated key
makes a list, and objects and lists can be written as JSON. Or give one JSON object,
on stdin with -, which is passed on as it is.

The text of the result goes to stdout, everything else to stderr: progress, the
server's questions, and notes on what is not text, which --out=DIR writes to files.
Ctrl-C cancels the call at the server.

Exit codes: 0 the tool answered; 3 the tool itself reported a failure, which
goes to stderr; 2 the arguments do not fit; 4 you have to sign in; 130 Ctrl-C;
1 anything else.`,
		Example: `  tshmcp call grafana-mcp list_datasources
  tshmcp call grafana-mcp query_prometheus datasourceUid=prom expr=up
  tshmcp call grafana-mcp update_dashboard --from-file=dashboard=board.json
  tshmcp call grafana-mcp create_annotation text=deployed tags=prod tags=web
  tshmcp call grafana-mcp search_dashboards '{"query":"node"}' --format=json
  jq -n '{query: "node"}' | tshmcp call grafana-mcp search_dashboards -
  tshmcp call grafana-mcp get_panel_image uid=x panelId=2 --out=.`,
		Args: args(func(cmd *cobra.Command, given []string) error {
			if len(given) == 1 {
				return toolcall.NoTool(toolcall.Place{App: given[0], Path: o.serverFlags.Path, Flags: o.Again(&o.Env)})
			}
			return serverArgs(-1)(cmd, given)
		}),
		RunE: func(cmd *cobra.Command, given []string) error {
			o.serverFlags.App, o.Order.App, o.Tool, o.Words = given[0], given[0], given[1], given[2:]
			return offerLogin(cmd.Context(), g, &o.sourceFlags, func() error { return o.run(cmd.Context()) })
		},
	}
	o.serverFlags.add(cmd)
	o.outputFlags.add(cmd)
	cmd.Flags().StringArrayVar(&o.Files, "from-file", nil, "`KEY=FILE`: an argument whose value is the text of a file; can be repeated")
	return cmd
}

func (o *callOptions) run(ctx context.Context) (err error) {
	print, folder, err := o.outputFlags.Open(o.stderr)
	if err != nil {
		return err
	}
	o.Out = folder
	defer func() { err = errors.Join(err, folder.Close()) }()
	o.warnInsecure(&o.sourceFlags)
	o.Stdin = o.stdin
	who, end := o.client()
	result, err := o.Run(ctx, func(ctx context.Context) (*toolcall.Session, error) {
		return o.session(ctx, &o.serverFlags, who)
	}, func() (*toolcall.Rules, error) {
		c, err := o.openCluster(ctx, &o.sourceFlags)
		if err != nil {
			return nil, err
		}
		return toolcall.RulesOf(ctx, c, o.Order.App)
	})
	end()
	if result != nil {
		if err := print(o.stdout, result); err != nil {
			return err
		}
	}
	return err
}

// client is the person at the terminal, as far as there is one.
func (o *callOptions) client() (_ toolcall.Client, end func()) {
	who, status := o.watched(o.Order.App)
	if who.Waiting != nil {
		who.Progress = func(text string) { status.Show(o.Tool + ": " + text) }
	}
	end = status.End
	if tty, done, err := terminal.Open(); err == nil {
		voice := plain.Voice{W: terminal.Speaker(tty.Out)}
		ask := &toolcall.Elicitor{App: o.Order.App, Person: tty, Pause: status.Pause, Resume: status.Resume, Say: func(line string) { voice.Line("%s", line) }}
		who.Elicit = ask.Elicit
		end = func() { status.End(); _ = done() }
	}
	return who, end
}
