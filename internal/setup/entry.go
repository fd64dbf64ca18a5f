// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// Cluster is what entries pin, so that a later login elsewhere cannot redirect
// them: the cluster and the identity, and how it is reached.
type Cluster struct {
	Name     string // of the root
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
	ByName  bool // each server was named: one that gets no entry is an error
	Options clientcfg.Options
	Known   func(app string) []string // names of tools that the app has listed; nil: nothing is known

	started starts
}

// entry is what a client gets for a server.
func (p *Planner) entry(t Target, l launch, app string) clientcfg.Entry {
	flags := p.flags(t.Shared)
	args := append([]string{"connect", app}, flags...)
	if strings.HasPrefix(app, "-") { // no flag, but a name
		args = append(append([]string{"connect"}, flags...), "--", app)
	}
	e := clientcfg.Entry{Command: l.command, Args: args}
	set, live := environ(p, t.Client)
	switch {
	case t.Shared: // what is set here is this person's alone
		e.EnvVars = live
	case l.distro != "":
		e.Command, e.Args = throughWSL(l, variables(p), args)
	default:
		e.Env, e.EnvVars = set, live
	}
	return e
}

func inClient(client clientcfg.Client) string {
	if client.Name == "" {
		return ""
	}
	return " in " + client.Name
}

// The arguments that pin an entry to a cluster, and to a path of an app, up to what they name.
const (
	proxyArg   = "--proxy="
	clusterArg = "--cluster="
	pathArg    = "--path="
)

// flags are those of connect in an entry. What is on this machine alone is not in
// one that others use too.
func (p *Planner) flags(shared bool) []string {
	c := p.Cluster
	if shared {
		c.Identity, c.CAFile = "", ""
	}
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
		flags = append(flags, pathArg+p.Path)
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
