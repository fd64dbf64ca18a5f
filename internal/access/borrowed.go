// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/tls"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// checkBorrowed says why a borrowed identity is of no use now, or nil.
func (c *Cluster) checkBorrowed() error {
	err := c.borrowed.Check(c.Now())
	switch {
	case err == nil:
		return nil
	case c.From == FromTSH:
		return &TSHError{Proxy: c.Profile.Proxy, By: reading(c), Err: err}
	}
	return &IdentityError{File: c.borrowed.File, By: reading(c), Err: err}
}

// borrowedLogin is the borrowed identity if it is one that can ask the cluster.
func (c *Cluster) borrowedLogin(ctx context.Context) (*teleport.Identity, error) {
	if err := c.checkTime(ctx); err != nil {
		return nil, err
	}
	if c.borrowed.App != "" {
		return nil, &OneAppError{File: c.borrowed.File, App: c.borrowed.App}
	}
	return toTeleport(c.borrowed), nil
}

// OnlyApp is the one app that the identity opens, or empty.
func (c *Cluster) OnlyApp() string {
	if c.borrowed == nil {
		return ""
	}
	return c.borrowed.App
}

// Ready returns the app certificate that a borrowed identity is already, or nil
// when one has to be issued; and an error when it cannot be.
func (c *Cluster) Ready(ctx context.Context, app string) (*tls.Certificate, error) {
	if c.borrowed == nil {
		return nil, nil
	}
	if err := c.checkTime(ctx); err != nil {
		return nil, err
	}
	switch id := c.borrowed; {
	case id.App == "" && id.NoReissue:
		return nil, &NoReissueError{File: id.File}
	case id.App == "":
		return nil, nil
	case id.App != app:
		return nil, &OneAppError{File: id.File, App: id.App}
	}
	cert := toTeleport(c.borrowed).TLSCertificate()
	if home := teleport.AppCluster(cert.Leaf); c.Leaf != "" && home != c.Leaf {
		return nil, &OneAppError{File: c.borrowed.File, App: app, Cluster: home}
	}
	return &cert, nil
}

func toTeleport(id *identfile.Identity) *teleport.Identity {
	return &teleport.Identity{Key: id.Key, Cert: id.Cert, HostCAs: id.HostCAs}
}
