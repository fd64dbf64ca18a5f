// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/request"
)

// known are the MCP servers of the cluster.
func (f *Finder) known(ctx context.Context) []inventory.Server {
	c, err := f.Open(ctx)
	if err != nil {
		return nil
	}
	servers, _ := inventory.Servers(ctx, c)
	return servers
}

func (f *Finder) servers(ctx context.Context) (all words) {
	for _, s := range f.known(ctx) {
		all.add(s.Name, s.Description)
	}
	return all
}

func (f *Finder) labels(ctx context.Context) (all words) {
	for _, s := range f.known(ctx) {
		for k, v := range s.Labels {
			if plain.Typable(k) && plain.Typable(v) {
				all = append(all, Word{Text: k + "=" + v})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Text < all[j].Text })
	return slices.Compact(all)
}

// leaves are the root and its leaf clusters that the user may know of. The root is
// asked, whatever TSHMCP_CLUSTER says.
func (f *Finder) leaves(ctx context.Context) (all words, err error) {
	c, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	all.add(c.Profile.Cluster, "")
	err = c.Root().Ask(ctx, func(at access.Auths) error {
		leaves, err := at.Root.Leaves(ctx)
		for _, leaf := range leaves {
			all.add(leaf.Name, "")
		}
		return err
	})
	return all, err
}

func (f *Finder) requestable(ctx context.Context) (all words) {
	c, err := f.Open(ctx)
	if err != nil {
		return nil
	}
	servers, _, _ := inventory.Requestable(ctx, c)
	for _, s := range servers {
		all.add(s.Name, s.Description)
	}
	return all
}

// desk is where the user requests access; nil where the cluster is not known.
func (f *Finder) desk(ctx context.Context) *request.Desk {
	c, err := f.Open(ctx)
	if err != nil {
		return nil
	}
	return &request.Desk{Cluster: c, Now: f.Now}
}

// approved are the requests that can be taken up, or waited for.
func (f *Finder) approved(ctx context.Context) (all words) {
	d := f.desk(ctx)
	if d == nil {
		return nil
	}
	entries, _ := d.List(ctx)
	for _, r := range entries {
		if !r.Assumed && (r.State == "approved" || r.State == "pending") {
			all.add(r.ID, r.State+": "+r.For())
		}
	}
	return all
}

func (f *Finder) assumed(ctx context.Context) (all words) {
	d := f.desk(ctx)
	if d == nil {
		return nil
	}
	for _, a := range d.Assumed() {
		means := strings.Join(append(inventory.NewAssumed(a).Apps, a.Roles...), ", ")
		for _, id := range a.Requests {
			all.add(id, means)
		}
	}
	return all
}
