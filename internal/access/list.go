// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"slices"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Logins are the clusters of tshmcp's own logins, not to be sent to. The error
// is about those that cannot be read; the others are returned all the same.
func (o *Clusters) Logins() ([]*Cluster, error) {
	profiles, err := o.Store.Profiles()
	var all []*Cluster
	for _, p := range profiles {
		clock := teleport.NewClock(o.Now)
		clock.Assume(p.ClockSkew)
		all = append(all, &Cluster{Profile: &p, store: o.Store, clock: clock})
	}
	return all, err
}

// TSHLogins are the clusters of tsh's valid logins, but those that are known.
func (o *Clusters) TSHLogins(home identfile.TSH, known []*Cluster) ([]*Cluster, error) {
	if home.Dir == "" {
		return nil, nil
	}
	names, err := home.Names()
	var all []*Cluster
	for _, name := range names {
		p, err := home.Profile(name)
		if err != nil || slices.ContainsFunc(known, func(c *Cluster) bool { return c.Profile.Proxy == p.Proxy }) {
			continue
		}
		id, err := home.Identity(p)
		if err != nil || id.Check(o.Now()) != nil {
			continue
		}
		if c, err := o.borrow(Source{Addr: p.Proxy}, FromTSH, id); err == nil {
			all = append(all, c)
		}
	}
	return all, err
}
