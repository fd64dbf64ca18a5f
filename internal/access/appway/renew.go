// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"bytes"
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

const (
	// idleTime is the pause between looks at a certificate that is not there.
	idleTime = 5 * time.Minute
	// followTime is when it begins to be noticed, for a client that asks for nothing, who
	// is logged in and with what assumed: it keeps up no start.
	followTime = 10 * time.Second
	// refusals is how many refused certificates are remembered.
	refusals = 8
)

// keep renews the certificate before it expires, so that no request has to wait
// for that, until ctx ends. A certificate never outlives the login, so there is
// something to do only when somebody has logged in anew since, or when the
// cluster gave less time than the login has. Nobody is sent to the browser.
func (a *links) keep(ctx context.Context) {
	for wait(ctx, a.untilRenewal()) {
		if err := a.renew(ctx); err != nil && ctx.Err() == nil {
			a.cfg.Log.Debug("the app certificate was not renewed", "err", err)
		}
	}
}

// follow notices who is logged in, and with what assumed, although no request asks,
// until ctx ends.
func (a *links) follow(ctx context.Context) {
	if a.cfg.Follow == nil || !wait(ctx, followTime) {
		return
	}
	a.cfg.Follow(ctx, a.proxy, func() { a.watch() })
}

// wait tells whether that time has passed, and ctx has not ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// untilRenewal is the time until nine tenths of the certificate's life are over,
// and at least a minute.
func (a *links) untilRenewal() time.Duration {
	l := a.inHand()
	if l == nil {
		return idleTime
	}
	leaf := l.cert.Leaf
	life := leaf.NotAfter.Sub(leaf.NotBefore)
	return max(leaf.NotAfter.Add(-life/10).Sub(l.cluster.Now()), time.Minute)
}

// renew replaces the certificate in use by one that lasts longer, if the login
// allows one.
func (a *links) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	gen := a.watch()
	old := a.inHand()
	if old == nil || old.cert.HasFactor() { // the next one takes a person, and so a request that waits
		return nil
	}
	c, err := a.open()
	if err != nil {
		return err
	}
	if !access.Until(access.As(c, a.cfg.App)).After(old.end().Add(old.margin())) {
		return nil
	}
	l, err := a.issue(ctx, c, gen)
	if err != nil {
		return err
	}
	a.install(renewed, l, old)
	return nil
}

// reject keeps a certificate, which was refused, from being used again and says
// whether another one may do better: one that is there already, or one that get
// finds.
func (a *links) reject(ctx context.Context, l *link, why grounds) bool {
	if l.cluster.OnlyApp() != "" { // there is another one only in another file
		return a.watch() != l.gen
	}
	return a.giveUp(l, why) || a.outdated(ctx, l) && a.giveUp(l, outdone)
}

// giveUp drops the link if it may be replaced now.
func (a *links) giveUp(l *link, why grounds) (given bool) {
	now := a.cfg.Now()
	a.move(givenUp, func(s *state) {
		if given = s.link != l || s.mayReplace(l, why, now); !given || s.link != l {
			return
		}
		s.refused = append(s.refused, l.serial())
		s.refused = s.refused[max(0, len(s.refused)-refusals):]
		s.link = nil
	})
	if given {
		l.close()
	}
	return given
}

// outdated tells whether somebody has logged in since the certificate was made,
// or logged out, or has had another one for the app issued.
func (a *links) outdated(ctx context.Context, l *link) bool {
	c, err := a.open()
	if err != nil || !c.Profile.Expires.Equal(l.cluster.Profile.Expires) {
		return true // what is wrong shows when the next one is looked for
	}
	stored, err := a.stored(ctx, c, l.gen)
	return err == nil && stored != nil && !bytes.Equal(stored.cert.Leaf.Raw, l.cert.Leaf.Raw)
}

// forget makes the next request read the profile again when the proxy's CA is
// not the one it names: a login with --ca-file mends that.
func (a *links) forget(l *link) {
	a.move(dropped, func(s *state) {
		if s.link == l {
			s.link = nil
		}
	})
	l.close()
}
