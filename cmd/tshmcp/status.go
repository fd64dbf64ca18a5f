// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
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

// loginStatus is one login as status shows it.
type loginStatus struct {
	Proxy    string    `json:"proxy" yaml:"proxy"`
	Cluster  string    `json:"cluster" yaml:"cluster"`
	Username string    `json:"username" yaml:"username"`
	Roles    []string  `json:"roles" yaml:"roles"`
	Expires  time.Time `json:"expires" yaml:"expires"`
	// ExpiresIn is in seconds, and negative after the expiry.
	ExpiresIn int64    `json:"expires_in" yaml:"expires_in"`
	Expired   bool     `json:"expired" yaml:"expired"`
	Store     string   `json:"store" yaml:"store"` // keyring, file, tsh or identity-file
	Path      string   `json:"path" yaml:"path"`   // where tsh or the identity file is, else empty
	Apps      []string `json:"apps" yaml:"apps"`   // those of the cluster itself with a certificate in the store that has not expired
	// LeafApps are those of leaf clusters, by the leaf's name.
	LeafApps map[string][]string `json:"leaf_apps" yaml:"leaf_apps"`
	// AppsExpire is until when those of them can be used whose time is known;
	// APP@LEAF for those of leaf clusters.
	AppsExpire map[string]time.Time `json:"apps_expire" yaml:"apps_expire"`
	Current    bool                 `json:"current" yaml:"current"`
}

func (o *statusOptions) run() error {
	print, err := printer(o.format, o.printText)
	if err != nil {
		return err
	}
	all := o.known()
	current, problem := o.openCluster(&o.source)
	if problem == nil {
		problem = current.CheckExpiry()
		if !slices.ContainsFunc(all, current.Same) {
			all = append(all, current)
		}
	}
	logins := []loginStatus{}
	for _, c := range all {
		status := o.status(c)
		status.Current = current.Same(c)
		logins = append(logins, status)
		if alive := status.outliving(); status.Current && len(alive) > 0 && problem != nil {
			o.warn("%v; %s can be used longer; to use others, run: tshmcp login --proxy=%s",
				problem, oneLine(strings.Join(alive, ", ")), status.Proxy)
			problem = nil
		}
	}
	if err := print(o.stdout, logins); err != nil {
		return err
	}
	if current != nil && current.Leaf != "" {
		fmt.Fprintf(o.stderr, "tshmcp: the other commands use the leaf cluster %s of %s (TSHMCP_CLUSTER)\n", oneLine(current.Leaf), oneLine(current.Profile.Cluster))
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
	tsh, err := o.clusters().TSHLogins(o.source.tsh(o.env), own)
	if err != nil {
		o.warn("%v", err)
	}
	return append(own, tsh...)
}

func (o *statusOptions) status(c *access.Cluster) loginStatus {
	p := c.Profile
	left := p.Expires.Sub(o.now())
	s := loginStatus{
		Proxy: p.Proxy, Cluster: p.Cluster, Username: p.Username,
		Expires: p.Expires, ExpiresIn: int64(left / time.Second), Expired: left <= 0,
		Store: cmp.Or(string(c.From), string(p.Store)),
		// Readers of the JSON get empty lists, never null.
		Roles: append([]string{}, p.Roles...), Apps: []string{}, LeafApps: map[string][]string{},
		AppsExpire: map[string]time.Time{},
	}
	if s.Path = c.File(); s.Path != "" {
		return s
	}
	apps, err := c.AppsUntil()
	if err != nil {
		o.warn("%v", err)
	}
	for app, until := range apps {
		if until.IsZero() {
			until = p.Expires // the rule, which headless logins alone break
		} else if o.now().Before(until) {
			s.AppsExpire[atLeaf(app.Name, app.Leaf)] = until
		}
		switch {
		case !o.now().Before(until):
		case app.Leaf == "":
			s.Apps = append(s.Apps, app.Name)
		default:
			s.LeafApps[app.Leaf] = append(s.LeafApps[app.Leaf], app.Name)
		}
	}
	slices.Sort(s.Apps)
	for _, names := range s.LeafApps {
		slices.Sort(names)
	}
	return s
}

// all are the apps with a certificate, APP@LEAF for those of leaf clusters.
func (s *loginStatus) all() []string {
	apps := slices.Clone(s.Apps)
	for _, leaf := range slices.Sorted(maps.Keys(s.LeafApps)) {
		for _, app := range s.LeafApps[leaf] {
			apps = append(apps, atLeaf(app, leaf))
		}
	}
	return apps
}

func atLeaf(app, leaf string) string {
	if leaf == "" {
		return app
	}
	return app + "@" + leaf
}

// outliving are the apps that can be used longer than the login.
func (s *loginStatus) outliving() []string {
	return slices.DeleteFunc(s.all(), func(name string) bool {
		return !s.AppsExpire[name].After(s.Expires)
	})
}

// appList is the apps as text, with the time of those that outlive the login.
func (s *loginStatus) appList(now time.Time) string {
	outliving := s.outliving()
	var list []string
	for _, name := range s.all() {
		if slices.Contains(outliving, name) {
			name += fmt.Sprintf(" (in %s)", span(s.AppsExpire[name].Sub(now)))
		}
		list = append(list, name)
	}
	return cmp.Or(oneLine(strings.Join(list, ",")), "-")
}

func (o *statusOptions) printText(w io.Writer, logins []loginStatus) error {
	if len(logins) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "\tPROXY\tCLUSTER\tUSER\tROLES\tVALID UNTIL\tSTORE\tAPPS")
	for _, l := range logins {
		mark := ""
		if l.Current {
			mark = "*"
		}
		fmt.Fprintln(t, strings.Join([]string{
			mark, l.Proxy, oneLine(l.Cluster), oneLine(l.Username), cmp.Or(oneLine(strings.Join(l.Roles, ",")), "-"),
			validity(l.Expires, o.now()), strings.TrimSpace(l.Store + " " + l.Path), l.appList(o.now()),
		}, "\t"))
	}
	return t.Flush()
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
