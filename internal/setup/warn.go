// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Notes says what a person had better know of a plan that was carried out.
func (p *Planner) Notes(plan Plan, servers []Server) []string {
	var all []string
	for _, err := range plan.LeftOut {
		all = append(all, "left out: "+errcode.Words(err))
	}
	for _, s := range servers {
		if plan.names[s.Name] != "" && s.TooOld != nil {
			all = append(all, fmt.Sprintf("%s does not work until the cluster is upgraded: %v", s.Name, s.TooOld))
		}
	}
	all = append(all, plan.aside...)
	all = append(all, p.longNames(plan, servers)...)
	all = append(all, p.twice(plan)...)
	for _, t := range noServers(plan.File, plan.found) {
		if _, written := plan.Entries[t.Entry]; !written {
			all = append(all, t.Text+": "+t.Do)
		}
	}
	for _, s := range p.off(plan) {
		where := ", and the client does not start it"
		if s.Partly {
			where = " in a project"
		}
		all = append(all, fmt.Sprintf("%s is switched off%s: in %s, %s; %s", s.Name, where, s.Where, s.Why, s.Do))
	}
	if temp := p.Options.Self; !plan.Shared && p.Machine.inTemp(temp) && !p.Machine.inTemp(p.Cluster.StateDir) {
		all = append(all, fmt.Sprintf("the entry runs %s, which is in a folder for temporary files: put tshmcp in a lasting place, and run this command from there", temp))
	}
	return append(all, p.shared(plan)...)
}

// off are the entries that the client does not start, although they are there.
func (p *Planner) off(plan Plan) []clientcfg.Switch {
	if plan.Printed {
		return nil
	}
	return clientcfg.SwitchedOff(plan.Client, p.Machine.clientEnv(), plan.File, plan.After, plan.written())
}

// shared says what colleagues need for an entry in a project's file, and what
// of this person's own is not in it.
func (p *Planner) shared(plan Plan) []string {
	if !plan.Shared {
		return nil
	}
	login := plain.Command("tshmcp", "login", proxyArg+p.Cluster.Proxy)
	if p.Cluster.CAFile != "" || !p.Cluster.SystemRoots {
		login += " --ca-file=FILE, with the private CA of the proxy"
	}
	all := []string{fmt.Sprintf("%s is for everyone who works on the project: each of them needs tshmcp in PATH and their own login (%s)", plan.File, login)}
	var yours []string
	if p.Cluster.Identity != "" {
		yours = append(yours, "the identity file")
	}
	variables := variables(p)
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if variables[name] != "" && name != "TSHMCP_IDENTITY" {
			yours = append(yours, name)
		}
	}
	if len(yours) > 0 {
		all = append(all, fmt.Sprintf("%s does not have what is only on this machine: %s; the client has to have it in its environment", plan.File, strings.Join(yours, ", ")))
	}
	for _, f := range plan.found {
		if _, written := plan.Entries[f.Name]; written && f.Ours && len(f.Entry.Env) > 0 {
			all = append(all, fmt.Sprintf("%s in %s still sets %s for somebody's machine: remove that", f.Name, plan.File, strings.Join(slices.Sorted(maps.Keys(f.Entry.Env)), ", ")))
		}
	}
	return all
}

// onlyShorter is what helps where the entry's name cannot.
const onlyShorter = "only a shorter name of the tool, or of the MCP server in Teleport, helps"

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
		name, written := plan.names[s.Name]
		if !written {
			continue
		}
		tools := s.Tools
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
		remedy := "a shorter --name-prefix helps"
		if !plan.Limit.Fits(s.Name, long) {
			remedy = onlyShorter
		}
		all = append(all, fmt.Sprintf("%s%s is too long%s: %s; %s",
			plan.Limit.Name(name, long[0]), others, inClient(plan.Client), plan.Limit.Beyond, remedy))
	}
	return all
}

// twice says which other entries the file has for the same servers, such as
// those of another --name-prefix.
func (p *Planner) twice(plan Plan) []string {
	var all []string
	for _, f := range plan.found {
		if _, written := plan.Entries[f.Name]; written {
			continue
		}
		app, leads := p.appOf(f)
		if _, named := plan.names[app]; leads && named {
			all = append(all, fmt.Sprintf("%s also has %s for %s; --remove %s removes it", plan.File, f.Name, app, f.Name))
		}
	}
	return all
}
