// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// findTime bounds the way to a certificate, the cluster's answers included.
const findTime = 20 * time.Second

// links finds the link for the app's requests, and another one when it is of no
// more use.
type links struct{ *machine }

// toLink is the way to a link for all requests that need one.
var toLink = route[*link]{findBegun, findEnded, func(s *state) **flight[*link] { return &s.finding }, findTime}

// get returns a link whose certificate is valid for a while: the one in use, or
// one with a certificate out of the store, or with a new one. The store is read
// again whenever the one in use is no longer good, so a login made elsewhere
// heals a running bridge. Whoever needs one meanwhile waits for the same.
func (a *links) get(ctx context.Context) (*link, error) {
	for {
		gen := a.watch()
		if l := a.inHand(); l != nil && a.usable(l) {
			return l, nil
		}
		l, err := share(ctx, a.machine, toLink, func(ctx context.Context) (*link, error) { return a.find(ctx, gen) })
		if a.watch() == gen || ctx.Err() != nil {
			return l, err
		}
		// It was begun as another user.
	}
}

// watch looks whether another identity is found than before: in the identity file,
// as tsh's login, or as that of tshmcp. What was made with the earlier one is
// dropped then, though it is valid, and what is under way with it is not taken any
// more.
func (a *links) watch() (gen int) {
	var who access.Mark
	if a.cfg.Who != nil {
		who = a.cfg.Who(a.proxy())
	}
	var old *link
	changed := false
	a.move(otherUser, func(s *state) {
		changed = who.OtherAccess(s.who)
		if who.Replaces(s.who, s.link.end()) {
			s.gen++
			old, s.link, s.finding = s.link, nil, nil
			s.asking, s.found, s.asked = nil, finding{}, nil
		}
		s.who = who.Or(s.who)
		gen = s.gen
	})
	old.close()
	if changed && a.cfg.Changed != nil {
		a.cfg.Changed()
	}
	return gen
}

// proxy is that of the cluster that was opened first; empty before that.
func (a *links) proxy() (addr string) {
	a.move(nothingMoves, func(s *state) { addr = s.proxy })
	return addr
}

// open opens the cluster that this bridge belongs to: the one that was opened
// first, whoever logs in to which cluster meanwhile.
func (a *links) open() (*access.Cluster, error) {
	proxy := a.proxy()
	c, err := a.cfg.Open(proxy)
	if err != nil || proxy != "" {
		return c, err
	}
	a.move(opened, func(s *state) {
		if s.proxy == "" {
			s.proxy = c.Profile.Proxy
		}
		proxy = s.proxy
	})
	if c.Profile.Proxy == proxy {
		return c, nil
	}
	return a.cfg.Open(proxy)
}

// find is the work of get.
func (a *links) find(ctx context.Context, gen int) (*link, error) {
	c, err := a.open()
	if err != nil {
		return nil, err
	}
	l, err := a.stored(ctx, c, gen)
	if l == nil && err == nil {
		l, err = a.issue(ctx, c, gen)
	}
	if err != nil {
		return nil, err
	}
	a.install(linked, l, nil)
	return l, nil
}

// install takes a link into use, unless it belongs to an earlier identity, was
// given up meanwhile, or the one whose place it was to take is gone. A nil old is
// for any.
func (a *links) install(e event, l, old *link) {
	var before *link
	a.move(e, func(s *state) {
		if l.gen == s.gen && !slices.Contains(s.refused, l.serial()) && (old == nil || old == s.link) {
			before, s.link = s.link, l
		}
	})
	if before != l {
		before.close()
	}
}

// usable tells whether a certificate lasts for a while and was not given up.
func (a *links) usable(l *link) (good bool) {
	if l.over() || !l.valid() && !l.latest {
		return false
	}
	a.move(nothingMoves, func(s *state) { good = !slices.Contains(s.refused, l.serial()) })
	return good
}

// stored makes a link of the certificate in the store, or nil when it has no
// usable one.
func (a *links) stored(ctx context.Context, c *access.Cluster, gen int) (*link, error) {
	cert, err := c.StoredApp(ctx, a.cfg.App)
	var damaged *access.DamagedError
	if errors.As(err, &damaged) {
		a.cfg.Log.Warn(err.Error())
		return nil, nil
	}
	if err != nil || cert == nil {
		return nil, err
	}
	l := newLink(c, cert, gen, time.Time{})
	if !a.usable(l) {
		return nil, nil
	}
	return l, cert.Bridgeable(a.cfg.Path)
}

// issue makes a link of a new certificate, which is stored meanwhile.
func (a *links) issue(ctx context.Context, c *access.Cluster, gen int) (*link, error) {
	cert, err := c.IssueApp(ctx, a.cfg.App, a.cfg.Path)
	if err != nil {
		return nil, err
	}
	return newLink(c, cert, gen, a.cfg.Now()), nil
}
