// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// Apps gets the certificates of apps by their names, with a login's Listen, Callback,
// Open, Teller and Log.
type Apps struct {
	*Flow
	Clusters *access.Clusters
	Leaf     string // the leaf cluster that has them; "", or the root's name, for the root
	Names    []string
}

// Keep gets and stores the certificates of the apps, and tells of each until when
// it can be used. The user confirms in the browser what needs a second factor.
// After a headless login they last for as long as it asked for: done is the login
// that they are for.
func (f Apps) Keep(ctx context.Context, done *Result, kept func(name string, until time.Time)) error {
	c, err := f.Clusters.OpenLogin(access.Source{Addr: done.Profile.Proxy, Leaf: f.Leaf, WebCA: f.WebCA, Insecure: done.Proxy.Insecure})
	if err != nil {
		return err
	}
	order := access.Order{Any: true}
	if !done.Valid && f.Connector == "headless" {
		order.Until = c.Now().Add(done.TTL)
	}
	for _, order.Name = range f.Names {
		cert, err := f.one(ctx, c, order)
		if err != nil {
			return err
		}
		kept(order.Name, cert.Leaf.NotAfter)
	}
	return nil
}

// one gets and stores the certificate of one app.
func (f Apps) one(ctx context.Context, c *access.Cluster, order access.Order) (*access.AppCert, error) {
	cert, err := access.Issue(ctx, c, order)
	if access.NeedsFactor(err) != nil {
		cert, err = (&Confirm{
			Cluster: c, App: order.Name, Listen: f.Listen, Callback: f.Callback, Open: f.Open, Teller: f.Teller, Log: f.Log,
		}).get(ctx)
	}
	if err != nil {
		return nil, err
	}
	return cert, access.SaveApp(ctx, c, cert)
}
