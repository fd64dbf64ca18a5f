// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Cluster is what entries pin, so that a later login elsewhere cannot redirect
// them: the cluster and the identity, and how it is reached.
type Cluster struct {
	Proxy    string // host:port
	Leaf     string // empty: the root
	Identity string // absolute path of the identity file; empty: none is used
	NoTSH    bool   // tsh's login must not be used
	CAFile   string // absolute path; empty: the one that the login remembers
	Insecure bool

	// What connect has to find in its environment; empty: nothing.
	TSHHome     string // where the login of tsh is, if it is not at the usual place
	StateDir    string // where the login is, the same
	Bus         string // address of the session bus, for the keyring
	SystemRoots bool   // the proxy is verified with those of the system
}

// Planner plans and writes entries for the servers of one cluster.
type Planner struct {
	Machine *Machine
	Cluster Cluster
	Prefix  string // of entries' names
	Path    string // URL path at which ordinary apps serve MCP; empty: they are not meant
	Headers []string
	Print   bool // no file is written
	Options clientcfg.Options
	Known   func(app string) []string // names of tools that the app has listed; nil: nothing is known
}

// entries are a client's entries, keyed by name.
func (p *Planner) entries(client clientcfg.Client, servers []Server) (map[string]clientcfg.Entry, error) {
	flags := p.flags()
	env, live := p.environ(client)
	entries := make(map[string]clientcfg.Entry, len(servers))
	for _, s := range servers {
		name := p.name(client, s)
		if other, taken := entries[name]; taken {
			return nil, &ClashError{One: other.Args[1], Other: s.Name, Name: name, Client: inClient(client)}
		}
		args := append([]string{"connect", s.Name}, flags...)
		entries[name] = clientcfg.Entry{Command: p.Options.Self, Args: args, Env: env, EnvVars: live}
	}
	return entries, nil
}

func (p *Planner) name(client clientcfg.Client, s Server) string {
	return client.SafeName(entryName(p.Prefix, p.Cluster.Leaf, s.Name), s.Tools...)
}

// entryName is the name of an entry before the client's rules. That of a leaf's
// app has the leaf in it, so that it does not replace the one of an app of the
// same name: names of apps have no underscore, and an app of the root can
// therefore not be called that.
func entryName(prefix, leaf, app string) string {
	if leaf == "" {
		return prefix + app
	}
	return prefix + leaf + "_" + app
}

func inClient(client clientcfg.Client) string {
	if client.Name == "" {
		return ""
	}
	return " in " + client.Name
}

// The arguments that pin an entry to a cluster, up to its name.
const (
	proxyArg   = "--proxy="
	clusterArg = "--cluster="
)

// flags are those of connect in an entry.
func (p *Planner) flags() []string {
	c := p.Cluster
	flags := []string{proxyArg + c.Proxy}
	if c.Leaf != "" {
		flags = append(flags, clusterArg+c.Leaf)
	}
	switch {
	case c.Identity != "" && !hasBlank(c.Identity): // else the environment names it
		flags = append(flags, "--identity="+c.Identity)
	case c.NoTSH:
		flags = append(flags, "--no-tsh")
	}
	if c.CAFile != "" {
		flags = append(flags, "--ca-file="+c.CAFile)
	}
	if p.Path != "" {
		flags = append(flags, "--path="+p.Path)
	}
	if c.Insecure {
		flags = append(flags, "--insecure")
	}
	for _, h := range p.Headers {
		// Without the blank: some clients mangle arguments with one.
		name, value, _ := strings.Cut(h, ":")
		flags = append(flags, "--header="+strings.TrimSpace(name)+":"+strings.TrimSpace(value))
	}
	return flags
}

// hasBlank reports whether a path has one. Some clients take an argument with
// a blank apart, so that such a path goes into the environment.
func hasBlank(path string) bool { return strings.ContainsAny(path, " \t") }

// connectsTo is the MCP server that an entry of ours connects to.
func connectsTo(e clientcfg.Entry) (string, bool) {
	if len(e.Args) < 2 || e.Args[0] != "connect" {
		return "", false
	}
	return e.Args[1], true
}

// ofProxy reports whether an entry is for the cluster of a proxy; every entry
// is, if none is named.
func ofProxy(e clientcfg.Entry, proxy string) bool {
	return proxy == "" || slices.Contains(e.Args, proxyArg+proxy)
}

// pinnedTo is the leaf cluster that an entry is for, empty for the root.
func pinnedTo(e clientcfg.Entry) string { return argument(e, clusterArg) }

// argument is what follows prefix in the first argument that begins with it.
func argument(e clientcfg.Entry, prefix string) string {
	for _, arg := range e.Args {
		if value, ok := strings.CutPrefix(arg, prefix); ok {
			return value
		}
	}
	return ""
}
