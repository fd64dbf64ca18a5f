// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Lister shows the MCP servers of a cluster, as ls does.
type Lister struct {
	Filter
	Format      string // text, wide, names, json or yaml
	Requestable bool   // those that may be requested instead

	Out io.Writer
	To  plain.Voice
	Now func() time.Time

	cut bool // the table did not fit
}

// Show returns what shows the servers of a cluster. An error is one of the command
// line, before any cluster is asked.
func (l *Lister) Show() (func(ctx context.Context, c *access.Cluster) error, error) {
	if l.Requestable {
		print, err := format.Printer(l.Format, requestableTable)
		return func(ctx context.Context, c *access.Cluster) error { return l.requestable(ctx, c, print) }, err
	}
	text := func(w io.Writer, servers []Server) (err error) {
		l.cut, err = serverTable(w, servers, l.Now())
		return err
	}
	wide := func(w io.Writer, servers []Server) error { return wideTable(w, servers, l.Now()) }
	print, err := format.Printer(l.Format, text, format.Layout[[]Server]{Name: "wide", Print: wide}, format.Layout[[]Server]{Name: "names", Print: printNames})
	return func(ctx context.Context, c *access.Cluster) error { return l.usable(ctx, c, print) }, err
}

// usable shows the servers that the user may use. One of those that were named and
// is none does not hide the others.
func (l *Lister) usable(ctx context.Context, c *access.Cluster, print format.Print[[]Server]) error {
	found, err := list(ctx, c, l.Filter)
	if found == nil {
		return err
	}
	switch {
	case err != nil && len(found.Servers) == 0:
		return err
	case found.Total == 0 && l.Query == "":
		l.To.Say("%s has no MCP server that %s may use.", c.Name(), c.Profile.Username)
		l.To.Hint("%s", whyNone(ctx, c))
	case len(found.Servers) == 0:
		l.To.Say("no MCP server of %s matches.", c.Name())
	}
	if err := print(l.Out, found.Servers); err != nil {
		return err
	}
	l.sum(found, c.Name())
	return err
}

// sum says below a table for a person how many there are.
func (l *Lister) sum(found *Listing, cluster string) {
	if !plain.WindowOf(l.Out).Terminal || l.Format != "text" && l.Format != "wide" || len(found.Servers) == 0 {
		return
	}
	sum := found.sum(cluster)
	if l.cut {
		sum += "; --format=wide shows what is cut"
	}
	_, _ = io.WriteString(l.Out, "\n"+plain.WrapFor(l.Out, sum+"\n"))
}

// requestable shows the servers that the user may request.
func (l *Lister) requestable(ctx context.Context, c *access.Cluster, print format.Print[[]RequestableServer]) error {
	servers, roles, err := Requestable(ctx, c)
	if err != nil {
		return err
	}
	if len(servers) == 0 {
		l.To.Say("%s has no MCP server that %s may request.", c.Name(), c.Profile.Username)
	}
	if len(roles) > 0 {
		l.To.Hint("roles that you may request: %s", strings.Join(roles, ", "))
	}
	return print(l.Out, servers)
}
