// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// askTime bounds the question whether the login that there is can still be used.
const askTime = 10 * time.Second

// standing is a login that there is already, of the target.
type standing struct {
	f *Flow
	t *target
}

// valid is the login that there is, if nothing that was asked for needs another
// one and the cluster takes it; else nil. It becomes the current one.
func (s standing) valid(ctx context.Context) (*Result, error) {
	if s.f.Force || s.f.Unattended || !s.enough() {
		return nil, nil
	}
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	if !s.taken(asking) {
		return nil, ctx.Err()
	}
	if err := s.f.Store.Use(ctx, s.t.before.Proxy); err != nil {
		return nil, err
	}
	if err := s.amend(ctx); err != nil {
		return nil, err
	}
	return &Result{Profile: s.t.before, Proxy: s.t.proxy, Valid: true}, nil
}

// amend keeps what was found out about the way to the cluster, if that is new.
func (s standing) amend(ctx context.Context) error {
	was, upgrade, skew := s.t.before, s.t.profile.ConnUpgrade, s.t.proxy.Clock.Skew()
	if was.ConnUpgrade == upgrade && was.ClockSkew == skew {
		return nil
	}
	return s.f.Store.Amend(ctx, was, func(p *creds.Profile) { p.ConnUpgrade, p.ClockSkew = upgrade, skew })
}

// enough compares what was asked for with the login before. How somebody would sign
// in, as by a listener of its own, is no reason to.
func (s standing) enough() bool {
	f, was := s.f, s.t.before
	same := func(asked, is string) bool { return asked == "" || asked == is }
	return was.Username != "" && f.TTL == 0 &&
		was.Cluster == s.t.ping.ClusterName && was.Insecure == s.t.proxy.Insecure &&
		same(f.User, was.Username) && same(f.Connector, was.Auth) && same(f.WebCA, was.WebCA) &&
		same(string(f.Backend), string(was.Store))
}

// taken asks the store for the login before, and the cluster whether it takes it.
// It is not, too, where nobody can say.
func (s standing) taken(ctx context.Context) bool {
	c, err := access.Stored(s.f.Store, s.t.before, s.t.proxy)
	if err != nil || !c.Lasts() {
		return false
	}
	return c.Ask(ctx, func(at access.Auths) error {
		_, err := at.Home.Roles(ctx)
		return err
	}) == nil
}
