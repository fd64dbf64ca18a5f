// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fmt"
	"strings"
)

// Replaced says which entries are about to become those of another MCP server:
// in a client that takes no underscore, or with a prefix of the user's own, that
// of a leaf may have the name of one of the root's.
func (p *Planner) Replaced(plan Plan) []string {
	found, err := plan.Client.Entries(plan.Before, p.Options.Self)
	if err != nil {
		return nil // Preview has understood the file
	}
	var all []string
	for _, f := range found {
		e, written := plan.Entries[f.Name]
		app, ok := connectsTo(f.Entry)
		if !written || !ok || !f.Ours || !ofProxy(f.Entry, p.Cluster.Proxy) {
			continue
		}
		if leaf := pinnedTo(f.Entry); app != e.Args[1] || leaf != p.Cluster.Leaf {
			if leaf != "" {
				app += " " + clusterArg + leaf
			}
			all = append(all, fmt.Sprintf("the entry %s in %s was for %s: another --name-prefix keeps both", f.Name, plan.File, strings.TrimSpace(app)))
		}
	}
	return all
}

// Notes says what a person had better know of a plan that was carried out.
func (p *Planner) Notes(plan Plan, servers []Server) []string {
	return append(p.longNames(plan, servers), p.twice(plan)...)
}

// longNames says which tools have names that the client finds too long, as far
// as the names are known: from the roles, and from what the app has listed to
// any client here. The latter does not choose the entry's name, since a second
// run shall find the entry of the first.
func (p *Planner) longNames(plan Plan, servers []Server) []string {
	if plan.Limit.Harmless {
		return nil
	}
	var all []string
	for _, s := range servers {
		name, tools := p.name(plan.Client, s), s.Tools
		if p.Known != nil {
			tools = append(tools[:len(tools):len(tools)], p.Known(s.Name)...)
		}
		long := plan.Limit.TooLong(name, tools)
		if len(long) == 0 {
			continue
		}
		others := ""
		if n := len(long) - 1; n > 0 {
			others = fmt.Sprintf(" (and %d more)", n)
		}
		all = append(all, fmt.Sprintf("%s%s is too long%s: %s; a shorter --name-prefix helps",
			plan.Limit.Name(name, long[0]), others, inClient(plan.Client), plan.Limit.Beyond))
	}
	return all
}

// twice says which other entries the file has for the same servers, such as
// those of another --name-prefix.
func (p *Planner) twice(plan Plan) []string {
	found, err := plan.Client.Entries(plan.Before, p.Options.Self)
	if err != nil {
		return nil // Preview has understood the file
	}
	var all []string
	for _, f := range found {
		if _, written := plan.Entries[f.Name]; written || !f.Ours || !ofProxy(f.Entry, p.Cluster.Proxy) || pinnedTo(f.Entry) != p.Cluster.Leaf {
			continue
		}
		app, _ := connectsTo(f.Entry)
		for _, e := range plan.Entries {
			if e.Args[1] == app {
				all = append(all, fmt.Sprintf("%s also has %s for %s; --remove %s takes it out", plan.File, f.Name, app, f.Name))
			}
		}
	}
	return all
}
