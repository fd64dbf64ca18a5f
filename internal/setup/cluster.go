// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"path/filepath"
	"sort"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Servers are the MCP servers of the cluster that the request is about. leftOut is
// why others of them get no entry.
func (r *Request) Servers(ctx context.Context, c *access.Cluster) (servers []Server, leftOut []error, err error) {
	if app := c.OnlyApp(); app != "" && !r.filtered() {
		servers, err = onlyServer(ctx, c, app, r.Names)
		return servers, nil, err
	}
	s := Selection{
		Names: r.Names, Labels: r.Labels, Query: r.Query, Cluster: c.Name(), User: c.Profile.Username,
		Bridgeable: func(app teleport.App) error { return access.CheckBridgeable(app, r.Path) },
		TooOld:     access.Ages(ctx, c),
		Unknown:    func(name string, all []teleport.App) error { return access.UnknownServer(ctx, c, name, all) },
	}
	err = c.Ask(ctx, func(at access.Auths) (err error) {
		servers, leftOut, err = s.Servers(ctx, withGrants{at.Home, access.Grants(c)}, at.ID.Traits())
		return err
	})
	return servers, leftOut, err
}

// withGrants is a user's own access, with what access requests give for some apps.
type withGrants struct {
	*teleport.Auth
	grants []access.Grant
}

func (w withGrants) AppsWhere(ctx context.Context, query string) ([]teleport.App, error) {
	apps, err := w.Auth.AppsWhere(ctx, query)
	for _, grant := range w.grants {
		if err != nil {
			return nil, err
		}
		err = grant.Ask(ctx, func(at access.Auths) error {
			more, err := at.Home.AppsWhere(ctx, query)
			apps = append(apps, more...)
			return err
		})
	}
	sort.SliceStable(apps, func(i, j int) bool { return apps[i].Name < apps[j].Name })
	return apps, err
}

// onlyServer is the one app that a certificate is for, if no other was asked for.
// The cluster cannot be asked about it.
func onlyServer(ctx context.Context, c *access.Cluster, app string, names []string) ([]Server, error) {
	for _, name := range append([]string{app}, names...) {
		if _, err := c.Ready(ctx, name); err != nil {
			return nil, err
		}
	}
	return []Server{{Name: app}}, nil
}

// Planner plans the entries for servers of the cluster, to which the flags led.
func (r *Request) Planner(m *Machine, c *access.Cluster, f *settings.Flags) (*Planner, error) {
	editing, err := r.editing(m)
	if err != nil {
		return nil, err
	}
	pinned, err := pin(&m.Env, c, f)
	if err != nil {
		return nil, err
	}
	p := &Planner{
		Machine: m, Cluster: pinned, Prefix: r.Prefix, Path: r.Path, Headers: r.Headers, Print: r.Print, Options: editing,
		ByName: !r.All && !r.filtered(),
	}
	if c.From != access.FromFile { // connect remembers nothing of it
		p.Known = func(app string) []string {
			return recall.Of(m.StateDir(), c.Profile.Proxy, c.Leaf, app, r.Path, nil).Tools()
		}
	}
	return p, nil
}

// pin is what entries say of the cluster, and what connect needs besides.
func pin(e *settings.Env, c *access.Cluster, f *settings.Flags) (pinned Cluster, err error) {
	pinned = Cluster{
		Name: c.Profile.Cluster, Proxy: c.Profile.Proxy, Leaf: c.Leaf, NoTSH: f.TSH(e).Dir == "", Insecure: f.Insecure,
		SystemRoots: c.Profile.WebCA == "", StateDir: e.OwnStateDir(),
	}
	if pinned.Identity, err = f.IdentityPath(e); err != nil {
		return pinned, err
	}
	if f.CAFile != "" {
		if pinned.CAFile, err = filepath.Abs(f.CAFile); err != nil {
			return pinned, err
		}
	}
	if c.From == access.FromTSH && e.Getenv("TELEPORT_HOME") != "" {
		pinned.TSHHome = c.File()
	}
	if c.Profile.Store == creds.Keyring {
		pinned.Bus = e.OwnBus()
	}
	return pinned, nil
}
