// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/appway"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/usage"
)

type connectOptions struct {
	*global
	sourceFlags
	path         string
	login        string
	headers      []string
	sessionLoss  string
	capabilities string
	maxMessage   string
	timeout      time.Duration

	memory *recall.App // what the app said at other times; nil: nothing is known of it
}

func newConnectCmd(g *global) *cobra.Command {
	o := &connectOptions{global: g}
	o.Entry = true
	cmd := &cobra.Command{
		Use:   "connect NAME",
		Short: "Bridge stdio to an MCP server; MCP clients launch this",
		Long: `connect is what tshmcp config writes into an MCP client's file: it relays MCP
messages between its stdin and stdout and the MCP server behind the Teleport
proxy. It stays up while stdin is open, whatever happens to the network or the
login, and answers every request.`,
		Args: args(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			return o.run(cmd.Context(), names[0])
		},
	}
	flags := cmd.Flags()
	o.sourceFlags.add(flags)
	g.completeLeaf(cmd, &o.sourceFlags)
	flags.StringArrayVarP(&o.headers, "header", "H", nil, "`'Name: value'` to send with every request; repeatable")
	flags.StringVar(&o.sessionLoss, "session-loss", "", "what happens to a tool call when the server has lost the session: replay sends it again, error never does (default: only if no tool was called before)")
	flags.StringVar(&o.capabilities, "capabilities", "auto", "auto does not tell an MCP app that the client has sampling, elicitation or roots, because Teleport passes no requests of the server; keep does")
	flags.StringVar(&o.maxMessage, "max-message-size", "", "`size` of the longest message relayed, for example 32MiB (default: just under the 10MiB at which many clients give up)")
	flags.DurationVar(&o.timeout, "request-timeout", 0, "longest wait for a response, for example 5m (default: as long as the client waits)")
	flags.StringVar(&o.login, "login", "", "auto opens the browser when a request needs a new login, never does not (default: TSHMCP_LOGIN, else auto)")
	flags.StringVar(&o.path, "path", "", "URL `path` at which an ordinary HTTP app serves MCP, for example /mcp")
	return cmd
}

// storeWait is how long a bridge waits for others that write credentials. A
// certificate that is not stored is used all the same.
const storeWait = time.Second

func (o *connectOptions) run(ctx context.Context, name string) error {
	o.shareStreams()
	cfg, err := o.bridgeConfig()
	if err != nil {
		return err
	}
	source, err := o.Source(&o.Env)
	if err != nil {
		return err
	}
	o.warnInsecure(&o.sourceFlags)
	o.clusters().Store.LockWait = storeWait
	source = o.clusters().Pinned(source)
	if cfg.Log = o.logger(o.debug); source.Addr != "" && source.Identity == "" { // nothing is kept of a file's
		o.memory = recall.Of(o.StateDir(), source.Addr, o.clusters().LeafOf(source), name, o.path, cfg.Log)
		cfg.Memory = o.memory.Bridge()
	}
	gate, err := o.gate(source)
	if err != nil {
		return err
	}
	way := appway.New(ctx, o.wayConfig(name, source, gate, cfg.Log))
	defer way.Close()
	way.Start(func(err error) { report(ctx, o.stderr, err) })
	cfg.Transport, cfg.CloseIdle, cfg.Describe = way, way.CloseIdleConnections, describe
	if err := bridge.Run(ctx, cfg); !stdio.IsClosed(err) { // the client has left, like one that closes stdin
		return err
	}
	return nil
}

// wayConfig is the way to the app as the flags and the environment want it.
func (o *connectOptions) wayConfig(name string, source access.Source, gate *signin.Gate, log *slog.Logger) appway.Config {
	cfg := appway.Config{
		App: name, Path: o.path, Now: o.now, Log: log, Gate: gate,
		Open: func(proxy string) (*access.Cluster, error) {
			return o.clusters().Open(source.At(cmp.Or(proxy, source.Addr)))
		},
		Who:   o.clusters().Watched(source),
		Waits: bridge.ClientWaits,
		Tell:  func(line string) { plain.Fprintf(o.stderr, "tshmcp: %s\n", line) },
	}
	if o.memory != nil {
		cfg.Known = o.memory.Known
	}
	return cfg
}

// gate is how a bridge sends its user to the browser, or nil where --login says
// never.
func (o *connectOptions) gate(source access.Source) (*signin.Gate, error) {
	switch mode := cmp.Or(o.login, o.Getenv("TSHMCP_LOGIN"), "auto"); mode {
	case "auto":
	case "never":
		return nil, nil
	default:
		return nil, usage.Errorf("--login takes auto or never, not %q", mode)
	}
	return &signin.Gate{
		Clusters: o.clusters(), Source: source, Dir: o.StateDir(), Now: o.now,
		Closed: func() string {
			if o.Getenv("CI") != "" {
				return "no browser is opened in CI"
			}
			return o.noBrowser()
		},
		Login: func(ctx context.Context, proxy string, opened func()) error {
			flags := settings.Flags{Proxy: proxy, Insecure: o.Insecure, CAFile: o.CAFile}
			return loginUnattended(ctx, o.global, flags, opened)
		},
	}, nil
}

// describe phrases a failure for the MCP client's user, who sees no stderr:
// with what to do next, where errors.go knows it. Else the bridge's own words
// stand.
func describe(err error) bridge.ErrorText {
	var failed *bridge.Error
	if !errors.As(err, &failed) {
		return bridge.ErrorText{}
	}
	cause := failed.Err
	for inner := failed; errors.As(cause, &inner) && inner.Err != nil; { // of a session that could not be opened again
		cause = inner.Err
	}
	if cause == nil {
		return bridge.ErrorText{}
	}
	text, hints, code := explain(withoutURL(cause))
	var refused *appway.RefusedError
	if len(hints) == 0 && !errors.As(cause, &refused) {
		return bridge.ErrorText{}
	}
	out := bridge.ErrorText{Message: strings.Join(append([]string{"tshmcp: " + text}, hints...), "; ")}
	if code == exitNotLoggedIn {
		out.Data = map[string]any{"kind": "login_required", "retryable": true}
	}
	return out
}

// withoutURL drops the method and URL that net/http puts before an error: they
// are the same for every request here.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
