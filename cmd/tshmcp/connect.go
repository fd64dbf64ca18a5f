// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/bridge"
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
}

func newConnectCmd(g *global) *cobra.Command {
	o := &connectOptions{global: g}
	o.entry = true
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

func (o *connectOptions) run(ctx context.Context, name string) error {
	cfg, err := o.bridgeConfig()
	if err != nil {
		return err
	}
	source, err := o.source(o.env)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	again, err := o.relogin(ctx)
	if err != nil {
		return err
	}
	o.warnInsecure(o.proxyFlags)
	log := o.logger(o.debug)
	certs := &appCerts{
		open: func() (*access.Cluster, error) { return o.clusters().Open(source) },
		app:  name,
		path: o.path,
		now:  o.now,
		log:  log,
	}
	certs.tell = (&loginNotice{w: o.stderr, signIn: again}).tell
	if again != nil {
		certs.signIn = again.signIn
		defer again.wait.Wait() // after stop: a sign-in ends with its bridge
	}
	transport := newAppTransport(certs)
	defer transport.CloseIdleConnections()
	watched := watch(source.Identity, transport)
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	// The certificate is looked for while the client still talks to itself, and
	// what is wrong shows in the client's log before its first request does.
	background.Go(func() {
		if _, err := certs.get(ctx); ctx.Err() == nil && !certs.tell(err) {
			report(ctx, o.stderr, err)
		}
		certs.keep(ctx)
	})
	cfg.Transport, cfg.CloseIdle = watched, transport.CloseIdleConnections
	cfg.Log, cfg.Describe = log, describe
	if proxy := o.pinned(); proxy != "" {
		memory := recall.Of(o.stateDir(), proxy, o.pinnedLeaf(proxy), name, o.path, log)
		cfg.Memory, transport.known = memory.Bridge(), memory.Known
	}
	return bridge.Run(ctx, cfg)
}

// pinned is the proxy of this bridge as far as it is known before a login, and
// empty with an identity file: nothing of that is kept.
func (o *connectOptions) pinned() string {
	if path, err := o.identityPath(o.env); err != nil || path != "" {
		return ""
	}
	if addr, err := o.address(o.env); err != nil || addr != "" {
		return addr
	}
	p, err := o.store().Profile("")
	if err != nil {
		return ""
	}
	return p.Proxy
}

// pinnedLeaf is the leaf cluster of this bridge, or empty. The root by its own
// name is none, as far as a login tells it.
func (o *connectOptions) pinnedLeaf(proxy string) string {
	name := o.cluster(o.env)
	if p, err := o.store().Profile(proxy); err == nil && p.Cluster == name {
		return ""
	}
	return name
}

// bridgeConfig is what the flags say about the bridge.
func (o *connectOptions) bridgeConfig() (bridge.Config, error) {
	path, err := endpointPath(o.path)
	if err != nil {
		return bridge.Config{}, err
	}
	cfg := bridge.Config{
		URL:            "https://localhost" + path, // the certificate names the app, not the host
		In:             o.stdin,
		Out:            o.stdout,
		Header:         http.Header{},
		SessionLoss:    bridge.SessionLoss(o.sessionLoss),
		RequestTimeout: o.timeout,
		// An app service knows the requests of all processes of a user by their
		// ids alone (protocol.md 15.1).
		UniqueIDs:  o.isMCPApp(),
		LossyLists: o.isMCPApp(), // protocol.md 15.2
	}
	if o.isMCPApp() {
		cfg.StreamEnds = streamEnds
	}
	switch cfg.SessionLoss {
	case bridge.SessionLossAuto, bridge.SessionLossReplay, bridge.SessionLossError:
	default:
		return bridge.Config{}, &usageError{Err: fmt.Errorf("--session-loss takes replay or error, not %q", o.sessionLoss)}
	}
	switch o.capabilities {
	case "auto":
		cfg.NoServerRequests = o.isMCPApp() // protocol.md 15.4
	case "keep":
	default:
		return bridge.Config{}, &usageError{Err: fmt.Errorf("--capabilities takes auto or keep, not %q", o.capabilities)}
	}
	if o.timeout < 0 {
		return bridge.Config{}, &usageError{Err: errors.New("--request-timeout must not be negative")}
	}
	if cfg.MaxMessageSize, err = parseSize(o.maxMessage); err != nil {
		return bridge.Config{}, &usageError{Err: err}
	}
	for _, h := range o.headers {
		// The value may be a secret: it is not repeated.
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return bridge.Config{}, &usageError{Err: errors.New("--header takes 'Name: value'")}
		}
		if err := bridge.ValidateHeader(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return bridge.Config{}, &usageError{Err: fmt.Errorf("--header: %w", err)}
		}
		cfg.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	return cfg, nil
}

// streamEnds is what Teleport does to the streams of an MCP app (protocol.md
// 15.4). It ends them without a word.
const streamEnds = "Teleport ends a stream at a request of the server, as for elicitation or sampling, and at a message over 10 MiB, up to 18.3 over 64 KiB"

// isMCPApp says whether Teleport looks into the messages: it passes those of an
// ordinary HTTP app on as they are.
func (o *connectOptions) isMCPApp() bool { return o.path == "" }

// sizeUnits are the units of a size, the binary ones that memory is counted in.
var sizeUnits = []struct {
	suffix string
	bytes  int
}{{"GIB", 1 << 30}, {"MIB", 1 << 20}, {"KIB", 1 << 10}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}, {"", 1}}

// minMessage is the least --max-message-size: an initialize must fit.
const minMessage = 64 << 10

// parseSize reads a size such as 32MiB or 1000000; empty is 0.
func parseSize(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	for _, unit := range sizeUnits {
		digits, ok := strings.CutSuffix(strings.ToUpper(s), unit.suffix)
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if !ok || err != nil {
			continue
		}
		if n < 0 || n > (1<<30)/unit.bytes || n*unit.bytes < minMessage {
			return 0, errors.New("--max-message-size must be between 64KiB and 1GiB")
		}
		return n * unit.bytes, nil
	}
	return 0, fmt.Errorf("--max-message-size takes a size such as 32MiB, not %q", s)
}

// relogin is how a bridge signs its user in again, or nil where --login says
// never.
func (o *connectOptions) relogin(ctx context.Context) (*relogin, error) {
	switch mode := cmp.Or(o.login, o.getenv("TSHMCP_LOGIN"), "auto"); mode {
	case "auto":
		return &relogin{global: o.global, flags: o.proxyFlags, caFile: o.caFile, ctx: ctx}, nil
	case "never":
		return nil, nil
	default:
		return nil, &usageError{Err: fmt.Errorf("--login takes auto or never, not %q", mode)}
	}
}

// endpointPath checks --path; an MCP app is reached at the root, which the
// proxy turns into the path of the app's URI (protocol.md 8.1).
func endpointPath(path string) (string, error) {
	switch {
	case path == "":
		return "/", nil
	case !strings.HasPrefix(path, "/"), strings.HasPrefix(path, "//"), strings.ContainsAny(path, " #\t\r\n"):
		return "", &usageError{Err: fmt.Errorf("--path must start with one / and be a URL path, not %q", path)}
	}
	return path, nil
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
	var refused *appRefusedError
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
