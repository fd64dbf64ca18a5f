// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"slices"
	"strings"
	"sync"
)

// table holds the clients, in the order to list them in. The rows are in
// table_*.go. A row's places are tried in order, the first that applies is
// taken; the key "" stands for every system that has no key of its own. files
// are the ends of paths by which [ForPath] recognises the client.
// It is made when it is first looked into: a bridge knows no clients.
var table = sync.OnceValue(func() []Client {
	return slices.Concat(claudeClients(), visualStudioClients(), editorClients(), terminalClients(), appClients(), printedClients())
})

// Clients returns all known clients in the order to list them in.
func Clients() []Client {
	return slices.Clone(table())
}

// Lookup finds a client by id or alias, in any case.
func Lookup(idOrAlias string) (Client, bool) {
	for _, c := range table() {
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

// unknownName is what a client is called of which only a file is known.
const unknownName = "MCP client"

// anyFile is the client of a file that no row knows. The content decides: what
// has servers in a shape that is known gets more of them, and nothing else is
// written, since a client that finds no servers where it looks says nothing.
func anyFile() Client {
	return Client{
		Name:   unknownName,
		Format: JSONC,
		After:  "restart the client, or let it reload its MCP servers",
		layouts: []layout{
			ifFound(mcpServers), ifFound(zedServers), ifFound(ampServers),
			ifLike(openCodeServers2, listsCommand), ifLike(openCodeServers, listsCommand), ifLike(crushServers, hasType),
			ifLike(vsServers, hasServers),
		},
		values: valueRules{everywhere: dollarBrace},
		Limit:  usualLimit,
	}
}

func ifFound(l layout) layout {
	l.found = true
	return l
}

// ifLike is ifFound for a key that other programs use too, for something else.
func ifLike(l layout, like func(servers node) bool) layout {
	l.found, l.like = true, like
	return l
}

// hasServers reports whether at least one server is there, and nothing else.
func hasServers(n node) bool {
	return everyEntry(n, func(entry node) bool {
		for _, name := range []string{"command", "cmd", "url", "uri", "type"} {
			if m, err := find(entry, name); err == nil && m != nil && m.kind() == isText {
				return true
			}
		}
		return false
	})
}

// hasType reports the same of servers whose type is said, as Crush demands.
func hasType(n node) bool {
	return everyEntry(n, func(entry node) bool {
		m, err := find(entry, "type")
		return err == nil && m != nil && m.kind() == isText && slices.Contains([]string{"stdio", "http", "sse"}, m.str())
	})
}

// listsCommand reports the same of servers as opencode has them.
func listsCommand(n node) bool {
	return everyEntry(n, func(entry node) bool {
		m, err := find(entry, "type")
		return err == nil && m != nil && m.kind() == isText && (m.str() == "local" || m.str() == "remote")
	})
}

// everyEntry reports whether n has entries, and all are so.
func everyEntry(n node, so func(entry node) bool) bool {
	all, err := n.members()
	if err != nil {
		return false
	}
	some := false
	for m := range all {
		entry, err := m.get()
		if err != nil || entry.kind() != isObject || !so(entry) {
			return false
		}
		some = true
	}
	return some
}
