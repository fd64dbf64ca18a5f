// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// goal is where an entry of ours leads: no two entries of a file have the same.
type goal struct {
	proxy string // host[:port]; "" if the entry does not say, so that the last login counts
	leaf  string // "": the root
	app   string
}

// alone are the flags of connect that have no value.
var alone = []string{"--no-tsh", "--insecure", "--debug"}

// goalOf reads where an entry leads, also if a person has written it by hand.
func goalOf(e clientcfg.Entry) (goal, bool) {
	g, _, found := goalAndPath(e)
	return g, found
}

// goalAndPath is goalOf with the path at which an ordinary app serves MCP, or "".
func goalAndPath(e clientcfg.Entry) (g goal, path string, found bool) {
	args := e.Started().Args
	if len(args) < 2 || args[0] != "connect" {
		return goal{}, "", false
	}
	for i := 1; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		switch {
		case args[i] == "--":
			if i+1 < len(args) {
				g.app, found = args[i+1], true
			}
			return g, path, found
		case !strings.HasPrefix(name, "-"):
			if !found {
				g.app, found = args[i], true
			}
			continue
		case slices.Contains(alone, name):
			continue
		case !joined && i+1 < len(args):
			i++
			value = args[i]
		}
		switch name {
		case "--proxy":
			g.proxy = sameProxy(value)
		case "--cluster":
			g.leaf = value
		case "--path":
			path = value
		}
	}
	return g, path, found
}

// sameProxy is an address of a proxy as the entries of this program have it,
// without a port where a person has named none.
func sameProxy(addr string) string {
	to, err := teleport.ReadAddr(addr)
	if err != nil {
		return strings.ToLower(addr)
	}
	return strings.TrimSuffix(to.At(to.Port), ":")
}

// isProxy reports whether two addresses can be of one proxy. One without a port
// is at any of those that are tried then.
func isProxy(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	port, more := strings.CutPrefix(b, a+":")
	return a == b || more && slices.Contains(teleport.DefaultPorts, port)
}

// is reports whether an entry leads to the same server. One that names no proxy
// leads to that of the last login, which is taken for this one.
func (g goal) is(wanted goal) bool {
	return g.app == wanted.app && g.leaf == wanted.leaf && (g.proxy == "" || isProxy(g.proxy, wanted.proxy))
}

// text is the goal for people, without what it has in common with another.
func (g goal) text() string {
	text := g.app
	if g.proxy != "" {
		text += " " + proxyArg + g.proxy
	}
	if g.leaf != "" {
		text += " " + clusterArg + g.leaf
	}
	return text
}
