// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"errors"
	"io"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Lister shows the tools of a server, as tools does.
type Lister struct {
	App    string
	Tools  []string // names of those that are shown with all of their arguments; none: a table of all
	Format string   // text, json or yaml

	Out io.Writer
	To  plain.Voice
	// Open begins a session with the server.
	Open func(context.Context) (*Session, error)
}

// Show returns what shows the tools of the server in its cluster. An error is one of
// the command line, before any cluster is asked.
func (l *Lister) Show() (func(ctx context.Context, c *access.Cluster) error, error) {
	text := toolTable
	if len(l.Tools) > 0 {
		text = toolDetails
	}
	print, err := format.Printer(l.Format, text)
	return func(ctx context.Context, c *access.Cluster) error { return l.show(ctx, c, print) }, err
}

func (l *Lister) show(ctx context.Context, c *access.Cluster, print format.Print[*Listing]) error {
	list, unjudged, err := l.list(ctx, c)
	if err != nil {
		return err
	}
	if list, err = list.only(l.Tools, func() (*Rules, error) { return RulesOf(ctx, c, l.App) }); err != nil {
		return err
	}
	if unjudged != nil {
		l.To.Warn("it is not known which of your roles allow them: %v", unjudged)
	}
	if len(list.Tools) == 0 {
		l.To.Say("%s has no tool that you may use.", l.App)
		l.To.Hint("a role needs mcp.tools for the labels of that app; %s shows what yours allow", list.place().list())
		if list.Request != "" {
			l.To.Hint("%s", access.OfferHint(list.Request))
		}
	}
	return print(l.Out, list)
}

// list lists the tools with what the user's roles in the cluster say of them. An
// identity that opens one app cannot ask what the roles are: unjudged is that error
// then.
func (l *Lister) list(ctx context.Context, c *access.Cluster) (all *Listing, unjudged, err error) {
	rules, unjudged := RulesOf(ctx, c, l.App)
	var oneApp *access.OneAppError
	if unjudged != nil && !errors.As(unjudged, &oneApp) {
		return nil, nil, unjudged
	}
	s, err := l.Open(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, err = s.Tools(ctx, rules)
	if err == nil && len(all.Tools) == 0 {
		all.Request = rules.request(nil)
	}
	return all, unjudged, errors.Join(err, s.Close())
}
