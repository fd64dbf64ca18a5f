// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"slices"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// What roles say of a tool.
const (
	Allowed = "allowed"
	Denied  = "denied"  // although the server was allowed to list it
	Unknown = "unknown" // the roles are not known, or the tools are not theirs to allow
)

// Rules are what the user's roles say about the tools of an app.
type Rules struct {
	Cluster string

	app    teleport.App
	roles  []teleport.Role
	traits map[string][]string
	offer  func() string // the command that requests access, or empty
}

// RulesOf asks the cluster for the rules that hold for an app, with what is assumed
// for it.
func RulesOf(ctx context.Context, c *access.Cluster, app string) (*Rules, error) {
	c = access.As(c, app)
	r := &Rules{Cluster: c.Name(), offer: func() string { return access.Offer(ctx, c, app) }}
	err := c.Ask(ctx, func(at access.Auths) error {
		apps, err := at.Home.Apps(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(apps, func(a teleport.App) bool { return a.Name == app })
		if i < 0 {
			return access.UnknownServer(ctx, c, app, apps)
		}
		r.app, r.traits = apps[i], at.ID.Traits()
		r.roles, err = at.Home.Roles(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// judge says whether a tool is allowed, and by which roles. Nil rules know nothing;
// at an ordinary app Teleport looks at no tools.
func (r *Rules) judge(tool string) (verdict string, roles []string) {
	if r == nil || !r.app.IsMCP() {
		return Unknown, []string{}
	}
	v := teleport.JudgeTool(r.roles, r.traits, r.app, tool)
	switch {
	case v.Allowed:
		return Allowed, v.By
	case len(v.By) == 0 && len(v.Unresolved) > 0:
		return Unknown, v.Unresolved
	}
	return Denied, append([]string{}, v.By...)
}

// request is the command that may get access to what no role allows. No role that is
// added helps against one that denies.
func (r *Rules) request(denying []string) string {
	if r == nil || r.offer == nil || len(denying) > 0 {
		return ""
	}
	return r.offer()
}

// denials are the patterns of tools that roles deny; none of nil rules.
func (r *Rules) denials() []Denial {
	all := []Denial{}
	if r == nil || !r.app.IsMCP() {
		return all
	}
	for _, d := range teleport.Denials(r.roles, r.traits, r.app) {
		all = append(all, Denial{Tools: d.Pattern, Role: d.Role})
	}
	return all
}
