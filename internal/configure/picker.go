// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// picker asks a person what the flags did not say: which servers, and which clients.
type picker struct {
	planner *setup.Planner
	screen  terminal.Screen
	cluster string         // name, as a person knows it
	clients []setup.Target // those of which some are meant
	named   bool           // all of them are, and only the servers are asked for
}

// picked is what a person has said.
type picked struct {
	jobs    []setup.Job
	servers []setup.Server // that get entries somewhere
	dropped []string       // servers that lose entries somewhere
}

// offer is a server, or one that an entry leads to and the cluster does not list.
type offer struct {
	setup.Server
	in   []bool // which of the clients have an entry for it
	gone bool
}

// pick asks. all are the servers there are.
func (p *picker) pick(ctx context.Context, all []setup.Server) (picked, error) {
	offers := p.offers(all)
	var items []terminal.Item
	for _, o := range offers {
		items = append(items, p.serverItem(o, len(offers) == 1))
	}
	items, err := p.screen.Choose(ctx, "MCP servers of "+p.cluster, items)
	if err != nil {
		return picked{}, err
	}
	if p.named {
		return p.sameForAll(offers, items), nil
	}
	var meant []offer
	for i, item := range items {
		if item.Chosen {
			meant = append(meant, offers[i])
		}
	}
	return p.pickClients(ctx, meant)
}

// offers finds where the servers are set up already. A file that cannot be read is
// told of later.
func (p *picker) offers(all []setup.Server) []offer {
	var offers []offer
	for _, s := range all {
		offers = append(offers, offer{Server: s, in: make([]bool, len(p.clients))})
	}
	for at, t := range p.clients {
		for _, app := range p.planner.SetUp(t) {
			i := slices.IndexFunc(offers, func(o offer) bool { return o.Name == app })
			if i < 0 {
				i = len(offers)
				offers = append(offers, offer{Server: setup.Server{Name: app}, in: make([]bool, len(p.clients)), gone: true})
			}
			offers[i].in[at] = true
		}
	}
	return offers
}

// serverItem is the line of a server. Where the clients are known, taking a mark
// away takes the entries out.
func (p *picker) serverItem(o offer, alone bool) terminal.Item {
	item := terminal.Item{Label: o.Name, Note: o.Description, Chosen: alone}
	if o.gone {
		item.Note = "not among the servers that you may use now"
	}
	in := p.titles(o.in)
	if len(in) == 0 {
		return item
	}
	where := strings.Join(in, ", ")
	if !p.named {
		item.Note = strings.TrimSuffix("set up in "+where+" · "+item.Note, " · ")
		return item
	}
	item.Chosen = len(in) == len(p.clients)
	item.Partly = !item.Chosen
	item.Kept, item.Dropped = "set up", "will be removed"
	if len(p.clients) > 1 {
		item.Kept, item.Dropped = "set up in "+where, "will be removed from "+where
	}
	return item
}

func (p *picker) titles(in []bool) []string {
	var all []string
	for at, t := range p.clients {
		if in[at] {
			all = append(all, t.Title())
		}
	}
	return all
}

// sameForAll is what was said of servers, for all clients.
func (p *picker) sameForAll(offers []offer, items []terminal.Item) picked {
	var picked picked
	for i, o := range offers {
		switch {
		case items[i].Chosen && !o.gone:
			picked.servers = append(picked.servers, o.Server)
		case !items[i].Chosen && items[i].Dropped != "" && !items[i].Partly:
			picked.dropped = append(picked.dropped, o.Name)
		}
	}
	for _, t := range p.clients {
		picked.jobs = append(picked.jobs, setup.Job{Target: t, Servers: picked.servers, Drop: picked.dropped})
	}
	return picked
}

// pickClients asks which clients have the servers from now on.
func (p *picker) pickClients(ctx context.Context, meant []offer) (picked, error) {
	var items []terminal.Item
	for at := range p.clients {
		items = append(items, p.clientItem(at, meant))
	}
	items, err := p.screen.Choose(ctx, "MCP clients on this machine", items)
	if err != nil {
		return picked{}, err
	}
	picked := picked{}
	for at, item := range items {
		job := setup.Job{Target: p.clients[at]}
		switch {
		case item.Partly:
			continue
		case item.Chosen:
			job.Servers = there(meant)
			picked.servers = job.Servers
		default:
			job.Drop = has(at, meant)
			picked.dropped = append(picked.dropped, job.Drop...)
		}
		if len(job.Servers)+len(job.Drop) > 0 {
			picked.jobs = append(picked.jobs, job)
		}
	}
	slices.Sort(picked.dropped)
	picked.dropped = slices.Compact(picked.dropped)
	return picked, nil
}

// clientItem is the line of a client, by what it has of the servers.
func (p *picker) clientItem(at int, meant []offer) terminal.Item {
	t := p.clients[at]
	item := terminal.Item{Label: t.Title(), Note: p.planner.Machine.Short(t.File), Aside: true, Chosen: len(p.clients) == 1}
	if t.File == "" {
		item.Note = "prints the entry to paste: " + t.PrintReason
	}
	has := has(at, meant)
	switch {
	case len(has) == 0:
	case len(has) == len(meant):
		item.Chosen, item.Kept, item.Dropped = true, "set up", "will be removed"
	default:
		item.Partly = !item.Chosen
		item.Kept = fmt.Sprintf("has %s", strings.Join(has, ", "))
		item.Dropped = fmt.Sprintf("will lose %s", strings.Join(has, ", "))
	}
	return item
}

// has are the names of those of the servers that a client has entries for.
func has(at int, meant []offer) []string {
	var names []string
	for _, o := range meant {
		if o.in[at] {
			names = append(names, o.Name)
		}
	}
	return names
}

// there are the servers that an entry can be written for.
func there(meant []offer) []setup.Server {
	var all []setup.Server
	for _, o := range meant {
		if !o.gone {
			all = append(all, o.Server)
		}
	}
	return all
}

// commands are the command lines that do what was picked: given are the flags.
func (p picked) commands(planner *setup.Planner, given []string) []string {
	var adding, dropping []string
	for _, job := range p.jobs {
		if ref := job.Ref(); len(job.Servers) > 0 && ref != "" {
			adding = append(adding, ref)
		}
		if len(job.Drop) > 0 {
			dropping = append(dropping, job.Ref())
		}
	}
	var add, drop []string
	for _, s := range p.servers {
		add = append(add, s.Name)
	}
	if len(adding) > 0 {
		add = append(add, clientsArg+strings.Join(adding, ","))
	}
	drop = append(slices.Clone(p.dropped), clientsArg+strings.Join(dropping, ","), "--proxy="+planner.Cluster.Proxy)
	if planner.Cluster.Leaf != "" {
		drop = append(drop, "--cluster="+planner.Cluster.Leaf)
	}
	for _, word := range given {
		if !strings.HasPrefix(word, clientsArg) {
			add = append(add, word)
		}
		if strings.HasPrefix(word, "--scope=") {
			drop = append(drop, word)
		}
	}
	var all []string
	if len(p.servers) > 0 {
		all = append(all, plain.CommandLine(planner.Machine.GOOS, append([]string{"tshmcp", "config"}, add...)))
	}
	if len(p.dropped) > 0 {
		all = append(all, plain.CommandLine(planner.Machine.GOOS, append([]string{"tshmcp", "config", "--remove"}, drop...)))
	}
	return slices.DeleteFunc(all, func(command string) bool { return command == "" })
}

const clientsArg = "--client-config="
