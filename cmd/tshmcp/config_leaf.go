// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// clusterArg begins the argument that pins an entry to a leaf cluster.
const clusterArg = "--cluster="

// entryName is the name of an entry before the client's rules. That of a leaf's
// app has the leaf in it, so that it does not replace the one of an app of the
// same name: names of apps have no underscore, and an app of the root can
// therefore not be called that.
func (o *configOptions) entryName(leaf, app string) string {
	if leaf == "" {
		return o.prefix + app
	}
	return o.prefix + leaf + "_" + app
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

// ofLeaf reports whether an entry is for the cluster that --cluster names; every
// entry is, if none is named. The name of a root is that of its login.
func (o *configOptions) ofLeaf(e clientcfg.Entry) bool {
	pinned := pinnedTo(e)
	if o.leaf == "" || pinned != "" {
		return o.leaf == "" || pinned == o.leaf
	}
	p, err := o.store().Profile(argument(e, "--proxy="))
	return err == nil && p.Cluster == o.leaf
}

// warnReplaced says which entries are about to become those of another MCP
// server: in a client that takes no underscore, or with a prefix of the user's
// own, that of a leaf may have the name of one of the root's.
func (o *configOptions) warnReplaced(p plan, self string, c *cluster) {
	all, err := p.Entries(p.before, self)
	if err != nil {
		return // Preview has understood the file
	}
	for _, found := range all {
		e, written := p.entries[found.Name]
		app, ok := connectsTo(found.Entry)
		if !written || !ok || !found.Ours || !ofCluster(found.Entry, c.profile.Proxy) {
			continue
		}
		if leaf := pinnedTo(found.Entry); app != e.Args[1] || leaf != c.leaf {
			o.warn("the entry %s in %s was for %s: another --name-prefix keeps both", found.Name, p.path, strings.TrimSpace(app+leafFlag(leaf)))
		}
	}
}
