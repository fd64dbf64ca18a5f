// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"path/filepath"
	"slices"
	"strings"
)

// table holds the clients, in the order to list them in. The rows are in
// table_*.go. A row's places are tried in order, the first that applies is
// taken; the key "" stands for every system that has no key of its own. files
// are path suffixes by which [ForPath] recognises the client.
var table = slices.Concat(claudeClients, visualStudioClients, editorClients, terminalClients, appClients, printedClients)

// Clients returns all known clients in the order to list them in.
func Clients() []Client {
	return slices.Clone(table)
}

// Lookup finds a client by id or alias, in any case.
func Lookup(idOrAlias string) (Client, bool) {
	for _, c := range table {
		for _, id := range append([]string{c.ID}, c.Aliases...) {
			if strings.EqualFold(id, idOrAlias) {
				return c, true
			}
		}
	}
	return Client{}, false
}

// everywhere are places that are the same on every system.
func everywhere(places ...place) map[string][]place {
	return map[string][]place{"": places}
}

// inHome is a file that is at the same place below the home directory on every
// system, or in the directory that a variable names.
func inHome(path string) map[string][]place {
	return everywhere(place{path: "$HOME/" + path})
}

// anyFile is the client of a file that no row knows. Several shapes are in use;
// the content decides, and a new file gets the commonest one.
var anyFile = Client{
	Name:    "MCP client",
	Format:  JSONC,
	After:   "restart the client, or let it reload its MCP servers",
	layouts: []layout{mcpServers, vsServers},
	values:  valueRules{everywhere: dollarBrace},
	Limit:   usualLimit,
}

// anyTOML and anyYAML know the shapes of the clients with such files, but none
// to begin with.
var (
	anyTOML = []layout{ifFound(codexServers)}
	anyYAML = []layout{ifFound(gooseServers), ifFound(continueServers)}
)

func ifFound(l layout) layout {
	l.found = true
	return l
}

// ForPath returns a client for the file at path, an absolute path. A path that
// a known client uses gives that client with this file; any other file gets
// the shape that it has, or "mcpServers" if it is new and JSON. [Client.Path]
// of the result is path.
func ForPath(path string) Client {
	slashed := "/" + strings.ToLower(strings.ReplaceAll(path, `\`, "/"))
	for _, c := range table {
		for _, suffix := range c.files {
			if strings.HasSuffix(slashed, "/"+strings.ToLower(suffix)) {
				c.file = path
				return c
			}
		}
	}
	c := anyFile
	c.file = path
	switch filepath.Ext(slashed) {
	case ".toml":
		c.Format, c.layouts = TOML, anyTOML
	case ".yaml", ".yml":
		c.Format, c.layouts = YAML, anyYAML
	}
	return c
}
