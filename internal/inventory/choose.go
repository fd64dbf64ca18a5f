// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Filter chooses among the MCP servers of a cluster. The zero one takes all.
type Filter struct {
	Names  []string          // of servers, or patterns with * and ?
	Labels map[string]string // a server has all of them
	Query  string            // Teleport's predicate expression
	Search string            // words, each of which is in the name, the description or a label
}

// Listing are servers by name, and how many there were to choose from.
type Listing struct {
	Servers []Server
	Total   int // of the MCP servers for which the query is true
	Query   bool
}

// sum says how many there are, and in which cluster.
func (l *Listing) sum(cluster string) string {
	n := len(l.Servers)
	servers := "MCP servers"
	if l.Total == 1 {
		servers = "MCP server"
	}
	switch {
	case l.Query:
		return fmt.Sprintf("%d matching, in %s", n, plain.Line(cluster))
	case n < l.Total:
		return fmt.Sprintf("%d of %d %s in %s", n, l.Total, servers, plain.Line(cluster))
	}
	return fmt.Sprintf("%d %s in %s", n, servers, plain.Line(cluster))
}

// list lists those of the MCP servers that the filter lets through. For a name that
// is none, it returns the others with an error that says so.
func list(ctx context.Context, c *access.Cluster, f Filter) (*Listing, error) {
	all, others, err := listAll(ctx, c, f.Query)
	if err != nil {
		return nil, err
	}
	l := &Listing{Servers: []Server{}, Total: len(all), Query: f.Query != ""}
	for _, s := range all {
		if f.takes(s) {
			l.Servers = append(l.Servers, s)
		}
	}
	return l, f.missing(c, all, others)
}

// takes tells whether the filter lets a server through, but for the query.
func (f Filter) takes(s Server) bool {
	named := func(name string) bool { return isNamed(name, s.Name) }
	return (len(f.Names) == 0 || slices.ContainsFunc(f.Names, named)) && access.HasLabels(s.Labels, f.Labels) && found(f.Search, s)
}

// isNamed compares a name with one that was given, or with a pattern.
func isNamed(given, name string) bool {
	matches, err := path.Match(given, name)
	return given == name || err == nil && matches
}

// found looks for words in what is said about a server, whatever their case.
func found(words string, s Server) bool {
	text := []string{s.Name, s.Description}
	for k, v := range s.Labels {
		text = append(text, k+"="+v)
	}
	all := strings.ToLower(strings.Join(text, "\n"))
	for _, word := range strings.Fields(strings.ToLower(words)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// missing is the error of the first name that is no MCP server's; nil where a
// pattern finds nothing. A query may have left it out.
func (f Filter) missing(c *access.Cluster, servers []Server, others []teleport.App) error {
	for _, name := range f.Names {
		is := func(s Server) bool { return s.Name == name }
		if strings.ContainsAny(name, "*?[") || f.Query != "" || slices.ContainsFunc(servers, is) {
			continue
		}
		if i := slices.IndexFunc(others, func(app teleport.App) bool { return app.Name == name }); i >= 0 {
			return access.CheckBridgeable(others[i], "")
		}
		for _, s := range servers {
			others = append(others, teleport.App{Name: s.Name})
		}
		return access.NewUnknownServer(name, c, others)
	}
	return nil
}
