// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"
	"errors"
	"fmt"
	"net"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// chosen are the entries of one file.
type chosen struct {
	entries map[string]clientcfg.Entry
	names   map[string]string // of the entries, by app
	leftOut []error
	aside   []string // sentences about names that were taken
}

// choose finds an entry and a name for each server. What is wrong with one of
// them does not keep the others from theirs.
func (p *Planner) choose(t Target, l launch, servers []Server, found []clientcfg.Found) chosen {
	c := chosen{entries: make(map[string]clientcfg.Entry, len(servers)), names: make(map[string]string, len(servers))}
	there := make(map[string]clientcfg.Found, len(found))
	for _, f := range found {
		there[t.NameKey(f.Name)] = f
	}
	taken := map[string]string{} // apps by the keys of names
	for _, s := range servers {
		e := p.entry(t, l, s.Name)
		name, aside, err := p.nameFor(t, s, there)
		if err == nil {
			err = errors.Join(t.Check(e), l.checkWords(e))
		}
		if _, known := there[t.NameKey(name)]; err == nil && !known {
			err = t.CheckName(name)
		}
		if other, clash := taken[t.NameKey(name)]; err == nil && clash {
			err = &ClashError{One: other, Other: s.Name, Name: name, Client: inClient(t.Client)}
		}
		if err != nil {
			c.leftOut = append(c.leftOut, &LeftOutError{Server: s.Name, Where: cmp.Or(t.File, t.Name), Err: explained(err)})
			continue
		}
		taken[t.NameKey(name)] = s.Name
		c.entries[name], c.names[s.Name] = e, name
		if aside != "" {
			c.aside = append(c.aside, aside)
		}
	}
	return c
}

// nameFor is the name of a server's entry. A name belongs to the server that it
// leads to: if it is that of another cluster's, or of another server's, there
// already, the cluster comes into the name. aside is a sentence about that.
func (p *Planner) nameFor(t Target, s Server, there map[string]clientcfg.Found) (name, aside string, err error) {
	wanted := goal{proxy: sameProxy(p.Cluster.Proxy), leaf: p.Cluster.Leaf, app: s.Name}
	candidates := p.candidates(t.Client, s)
	for _, name := range candidates {
		if f, ok := there[t.NameKey(name)]; ok && f.Ours && leadsTo(f, wanted) {
			return f.Name, "", nil // also in another case
		}
	}
	for _, name := range candidates {
		f, ok := there[t.NameKey(name)]
		switch {
		case !ok:
			return name, aside, nil
		case !f.Ours && p.Options.Force:
			return f.Name, aside, nil
		case !f.Ours:
			return "", "", &clientcfg.ForeignEntryError{Name: f.Name, Command: f.Program}
		}
		g, known := goalOf(f.Entry)
		if !known { // it connects to nothing, and can only gain
			return f.Name, aside, nil
		}
		if aside == "" {
			aside = fmt.Sprintf("%s in %s is for %s and stays as it is, so the entry for %s has another name", f.Name, t.File, g.text(), s.Name)
		}
	}
	return "", "", &TakenError{Server: s.Name, Names: candidates}
}

// wanted reports whether an entry may be in the way of one of the servers'.
func (p *Planner) wanted(t Target, servers []Server) func(name string) bool {
	keys := map[string]bool{}
	for _, s := range servers {
		for _, name := range p.candidates(t.Client, s) {
			keys[t.NameKey(name)] = true
		}
	}
	return func(name string) bool { return keys[t.NameKey(name)] }
}

func leadsTo(f clientcfg.Found, wanted goal) bool {
	g, ok := goalOf(f.Entry)
	return ok && g.is(wanted)
}

// candidates are the names that an entry can have, the best first.
func (p *Planner) candidates(client clientcfg.Client, s Server) []string {
	all := []string{p.name(client, s)}
	host, port, err := net.SplitHostPort(p.Cluster.Proxy)
	if err != nil {
		host = p.Cluster.Proxy
	}
	for _, cluster := range []string{p.Cluster.Name, host, host + "-" + port} {
		if cluster == "" {
			continue
		}
		if p.Cluster.Leaf != "" {
			cluster += "_" + p.Cluster.Leaf
		}
		all = append(all, client.SafeName(entryName(p.Prefix, cluster, s.Name), s.Tools...))
	}
	return all
}

func (p *Planner) name(client clientcfg.Client, s Server) string {
	return client.SafeName(entryName(p.Prefix, p.Cluster.Leaf, s.Name), s.Tools...)
}

// entryName is the name of an entry before the client's rules. That of a leaf's
// app has the leaf in it, so that it does not replace the one of an app of the
// same name: names of apps have no underscore, and an app of the root can
// therefore not be called that.
func entryName(prefix, cluster, app string) string {
	if cluster == "" {
		return prefix + app
	}
	return prefix + cluster + "_" + app
}

// explained is an error of this package as it is, and one of package clientcfg
// with what to do next.
func explained(err error) error {
	var own interface{ Hints() []string }
	if errors.As(err, &own) {
		return err
	}
	return inFile(Reading, err)
}
