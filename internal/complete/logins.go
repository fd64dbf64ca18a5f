// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"context"
	"slices"
)

// proxies are those of the logins.
func (f *Finder) proxies(context.Context) (all words) {
	profiles, _ := f.Store.Profiles() // one that cannot be read is none
	for _, p := range profiles {
		all.add(p.Proxy, p.Username+" at "+p.Cluster)
	}
	return all
}

// clusters are those of the logins.
func (f *Finder) clusters(context.Context) (all words) {
	profiles, _ := f.Store.Profiles()
	for _, p := range profiles {
		all.add(p.Cluster, p.Username+" at "+p.Cluster)
	}
	return all
}

// ways are those to sign in that there always are, and the connectors of the logins.
func (f *Finder) ways(context.Context) words {
	all := words{{"local", "with a password of the cluster itself"}, {"headless", "approved in a browser on another computer"}}
	profiles, _ := f.Store.Profiles()
	for _, p := range profiles {
		if !slices.ContainsFunc(all, func(w Word) bool { return w.Text == p.Auth }) {
			all.add(p.Auth, "")
		}
	}
	return all
}
