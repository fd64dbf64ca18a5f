// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// Request is what config is asked to do: its flags as they were given.
type Request struct {
	// which servers
	Names  []string
	All    bool
	Labels []string // K=V[,K=V]
	Query  string   // Teleport's predicate expression

	// which files
	Clients string // ids and paths, with commas between them
	Scope   string
	Format  string // id of a client
	Key     string // a.b, or /a/b

	// what to do
	Print   bool
	DryRun  bool
	Remove  bool
	List    bool
	Force   bool
	NoCheck bool

	// how entries look
	Path    string
	Headers []string
	Prefix  string
	Style   string // of JSON
	styleBy string // what says so, if not --json-format
}

// Default takes what was not given from the environment. Without clients, List
// is about all.
func (r *Request) Default(getenv func(string) string) {
	if r.Clients == "" && !r.List {
		r.Clients = getenv("TELEPORT_MCP_CLIENT_CONFIG")
	}
	env := settings.Env{Getenv: getenv}
	style, by := env.Said("--json-format", r.Style, "TELEPORT_MCP_CONFIG_JSON_FORMAT")
	r.Style, r.styleBy = cmp.Or(style, string(clientcfg.JSONAuto)), by
}

// Check finds what is wrong with the request, before anything is done. attended
// tells whether there is a person to be asked.
func (r *Request) Check(attended func() bool) error {
	switch {
	case !slices.Contains(clientcfg.JSONStyles, clientcfg.JSONStyle(r.Style)):
		return fmt.Errorf("%s takes pretty, compact, auto or none, not %q", cmp.Or(r.styleBy, "--json-format"), r.Style)
	case r.Scope != string(clientcfg.UserScope) && r.Scope != string(clientcfg.ProjectScope):
		return fmt.Errorf("--scope takes user or project, not %q", r.Scope)
	}
	if err := r.checkSelection(attended); err != nil {
		return err
	}
	switch {
	case r.List && (r.Remove || r.Print || r.DryRun):
		return errors.New("--list-clients cannot be combined with --remove, --print or --dry-run")
	case r.Print && (r.DryRun || r.Remove):
		return errors.New("--print cannot be combined with --dry-run or --remove")
	case r.Clients == "" && !r.Picks() && (r.DryRun || r.Remove):
		return errors.New("name the clients with --client-config")
	case r.Clients == "" && r.Scope == string(clientcfg.ProjectScope) && !r.List && !r.Picks():
		return errors.New("--scope=project needs --client-config")
	}
	return r.checkShape()
}

// shape is the client that --format names. With the list of clients the flag is for
// the list's own format, unless it names one.
func (r *Request) shape() string {
	if _, known := clientcfg.Lookup(r.Format); r.List && !known {
		return ""
	}
	return r.Format
}

// checkShape holds that the shape of files is one that is known.
func (r *Request) checkShape() error {
	if r.Key == "" && r.shape() == "" {
		return nil
	}
	if _, known := clientcfg.Lookup(r.Format); r.Format != "" && !known {
		return fmt.Errorf("--format: %w", &UnknownClientError{ID: r.Format})
	}
	switch {
	case r.Clients == "":
		return errors.New("--format and --key need --client-config with the path of a file")
	case slices.Contains(r.keys(), ""):
		return fmt.Errorf("--key takes keys separated by dots, or each preceded by a slash, not %q", r.Key)
	}
	return nil
}

// keys are the parts of --key.
func (r *Request) keys() []string {
	if rest, ok := strings.CutPrefix(r.Key, "/"); ok {
		return strings.Split(rest, "/")
	}
	if r.Key == "" {
		return nil
	}
	return strings.Split(r.Key, ".")
}

// filtered reports whether the servers are chosen by what they are.
func (r *Request) filtered() bool { return len(r.Labels) > 0 || r.Query != "" }

// ways counts the ways in which it is said which servers are meant.
func (r *Request) ways() int {
	n := 0
	for _, given := range []bool{len(r.Names) > 0, r.All, r.filtered()} {
		if given {
			n++
		}
	}
	return n
}

// Picks reports whether a person is asked for the servers, and for the clients
// unless they are named.
func (r *Request) Picks() bool { return !r.List && r.ways() == 0 }

// checkSelection holds that it is clear which servers are meant.
func (r *Request) checkSelection(attended func() bool) error {
	ways := r.ways()
	switch {
	case r.List && ways > 0:
		return errors.New("--list-clients takes no MCP servers")
	case r.List:
		return nil
	case r.Remove && r.filtered():
		return errors.New("--remove takes names of MCP servers, or --all: it does not ask the cluster")
	case ways > 1:
		return errors.New("give names, --all, or --labels and --query: these are three ways to choose")
	case ways == 0 && r.Remove:
		return errors.New("name the MCP servers, or give --all")
	case ways == 0 && !attended():
		return errors.New("name the MCP servers, or give --all, --labels or --query; and the clients with --client-config: there is no terminal to ask on")
	}
	_, err := access.ParseLabels(r.Labels)
	return err
}

// Targets are the files that are meant on a machine.
func (r *Request) Targets(m *Machine) Targets {
	return Targets{Machine: m, Scope: clientcfg.Scope(r.Scope), Print: r.Print, Format: r.shape(), Key: r.keys()}
}

// editing is how files are edited on a machine.
func (r *Request) editing(m *Machine) (clientcfg.Options, error) {
	self, err := m.Command()
	return clientcfg.Options{Force: r.Force, Self: self, JSON: clientcfg.JSONStyle(r.Style)}, err
}

// Removal is the request to take entries out: those for one proxy and one leaf
// cluster, or for all if these are empty. root is as in [Removal].
func (r *Request) Removal(m *Machine, proxy, leaf string, root func(proxy string) string) (*Removal, error) {
	editing, err := r.editing(m)
	return &Removal{Machine: m, Names: r.Names, All: r.All, Proxy: proxy, Leaf: leaf, Prefix: r.Prefix, Options: editing, Root: root}, err
}
