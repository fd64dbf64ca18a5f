// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
)

type statusOptions struct {
	*global
	source sourceFlags // status has one of these flags, the rest is the environment's
	format string
}

func newStatusCmd(g *global) *cobra.Command {
	o := &statusOptions{global: g}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the clusters you are logged in to, and as whom",
		Long: `status shows what the other commands have to go by: the logins of tshmcp, those
of tsh where tshmcp has none of its own, and the identity file that
TSHMCP_IDENTITY names. What they use unless told otherwise is marked. Neither a
keyring nor a cluster is asked. The exit code is 4 if nothing is there to be
used, or if it has expired. A certificate of an MCP server that outlives its
login, as after a headless login, is shown with its own time; while there is
one, the exit code is 0.

Apps of leaf clusters are shown as APP@LEAF. A login is to the root cluster and
holds for its leaves, so there is no --cluster here.`,
		Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			return o.run()
		},
	}
	cmd.Flags().StringVar(&o.format, "format", "text", "text, json or yaml")
	o.source.addNoTSH(cmd.Flags())
	return cmd
}

func (o *statusOptions) run() error {
	print, err := printer(o.format, o.printText)
	if err != nil {
		return err
	}
	all := o.known()
	current, problem := o.openKnown(&o.source)
	if problem == nil {
		problem = current.CheckExpiry()
		if !slices.ContainsFunc(all, current.Same) {
			all = append(all, current)
		}
	}
	logins := []inventory.Login{}
	for _, c := range all {
		login, err := inventory.NewLogin(c, c.Now())
		if err != nil {
			o.warn("%v", err)
		}
		login.Current = current.Same(c)
		logins = append(logins, login)
		if alive := login.Outliving(); login.Current && len(alive) > 0 && problem != nil {
			o.warn("%v; %s can be used longer; to use others, run: %s",
				problem, strings.Join(alive, ", "), plain.Command("tshmcp", "login", "--proxy="+login.Proxy))
			problem = nil
		}
	}
	if err := print(o.stdout, logins); err != nil {
		return err
	}
	if current != nil && current.Leaf != "" {
		plain.Fprintf(o.stderr, "tshmcp: the other commands use the leaf cluster %s of %s (TSHMCP_CLUSTER)\n", current.Leaf, current.Profile.Cluster)
	}
	return problem
}

// known are the clusters of tshmcp's logins and, where it has none, of tsh's. A
// damaged profile must not hide the others.
func (o *statusOptions) known() []*access.Cluster {
	own, err := o.clusters().Logins()
	if err != nil {
		o.warn("%v", err)
	}
	tsh, err := o.clusters().TSHLogins(o.source.TSH(&o.Env), own)
	if err != nil {
		o.warn("%v", err)
	}
	return append(own, tsh...)
}

// appList is the apps as text, with the time of those that outlive the login.
func appList(l inventory.Login, now time.Time) string {
	outliving := l.Outliving()
	var list []string
	for _, name := range l.AllApps() {
		if slices.Contains(outliving, name) {
			name += fmt.Sprintf(" (in %s)", span(l.AppsExpire[name].Sub(now)))
		}
		list = append(list, name)
	}
	return strings.Join(list, ",")
}

func (o *statusOptions) printText(w io.Writer, logins []inventory.Login) error {
	if len(logins) == 0 {
		return nil
	}
	t := plain.NewTable(w, "", "PROXY", "CLUSTER", "USER", "ROLES", "STATE", "VALID UNTIL", "STORE", "APPS")
	t.Spare("STORE", "ROLES", "APPS", "USER", "CLUSTER", "VALID UNTIL")
	t.Colour("STATE", stateColour)
	for _, l := range logins {
		mark := ""
		if l.Current {
			mark = "*"
		}
		t.Row(mark, l.Proxy, l.Cluster, l.Username, strings.Join(l.Roles, ","),
			string(l.State), usable(l, o.now()), strings.TrimSpace(l.Store+" "+l.Path), appList(l, o.now()))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range logins {
		for _, a := range l.Assumed {
			if err := plain.Fprintf(w, "%s: %s\n", l.Cluster, assumedLine(a.Requests, a.Roles, a.Apps, a.Expires, o.now())); err != nil {
				return err
			}
		}
	}
	return printRenewals(w, logins)
}

// printRenewals names the commands that renew the current login and those that
// have expired or are about to.
func printRenewals(w io.Writer, logins []inventory.Login) error {
	var lines strings.Builder
	for _, l := range logins {
		if l.Renew != "" && (l.Current || l.State != inventory.OK) {
			lines.WriteString("\nTo renew the login to " + plain.Line(l.Cluster) + ", run:\n  " + l.Renew + "\n")
		}
	}
	if lines.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(w, plain.WrapFor(w, lines.String()))
	return err
}

// stateColour is that of a login's state, which the text says too.
func stateColour(state string) plain.Colour {
	return map[inventory.State]plain.Colour{
		inventory.OK: plain.Green, inventory.Expiring: plain.Yellow, inventory.Expired: plain.Red,
	}[inventory.State(state)]
}

// usable is until when, and how, a login can be used.
func usable(l inventory.Login, now time.Time) string {
	text := validity(l.Expires, now)
	if l.Insecure {
		text += ", with --insecure alone"
	}
	return text
}

// validity is an expiry in local time and relative to now.
func validity(expires, now time.Time) string {
	at := access.LocalTime(expires)
	if left := expires.Sub(now); left > 0 {
		return fmt.Sprintf("%s (in %s)", at, span(left))
	}
	return fmt.Sprintf("%s (expired %s ago)", at, span(now.Sub(expires)))
}

// span is a duration in minutes, hours or days, as people say it.
func span(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}
