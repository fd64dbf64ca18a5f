// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// logins are what a link may take first.
type logins struct{ *links }

// await is get for a request that can wait: without a valid login it waits for
// somebody to sign in, and for a second factor if the app needs one, as long as
// patience and ctx last. Only for a request that the client waits for is the browser
// opened.
func (g *logins) await(ctx context.Context, patience time.Duration) (*link, error) {
	l, err := g.get(ctx)
	g.tell(err)
	if err == nil || g.cfg.Waits == nil || !g.cfg.Waits(ctx) {
		return l, err
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range 2 { // the one may come after the other
		if failed := g.ask(waiting, err); failed != nil {
			g.tell(failed)
			return nil, failed
		}
		l, err = g.get(ctx)
		g.tell(err)
		if err == nil {
			break
		}
	}
	return l, err
}

// ask sends the user to the browser for what is missing, and returns that if it
// cannot be got there.
func (g *logins) ask(ctx context.Context, missing error) error {
	var login *access.NotLoggedInError
	factor := access.NeedsFactor(missing)
	switch {
	case errors.As(missing, &login) && g.renews(login.Proxy):
		return g.signIn(ctx, login)
	case factor != nil && g.proves(factor):
		return g.prove(ctx, factor)
	}
	return missing
}

// renews tells whether a missing login is one that a browser could renew.
func (g *logins) renews(proxy string) bool {
	return proxy != "" && g.cfg.Gate != nil && g.cfg.Gate.Renews(proxy)
}

// signInTime is more than a sign-in takes: it ends by itself.
const signInTime = 10 * time.Minute

var toLogin = route[struct{}]{signInBegun, signInEnded, func(s *state) **flight[struct{}] { return &s.signing }, signInTime}

// signIn returns nil as soon as there is a valid login to the proxy, made here,
// by another bridge or in a terminal.
func (g *logins) signIn(ctx context.Context, missing *access.NotLoggedInError) error {
	proxy := missing.Proxy
	if err := g.overrule(missing); err != nil {
		return err
	}
	return outlived(ctx, g.machine, toLogin, &signin.PendingError{Proxy: proxy}, func(ctx context.Context) error {
		return g.cfg.Gate.Attend(ctx, proxy, g.overruledLogin())
	})
}

// overrule notes a login that the cluster takes for expired although it is not by
// what is known of the clocks, so that it counts for none. If it was made just
// now, another would have no better luck: no tab is opened again soon.
func (g *logins) overrule(missing *access.NotLoggedInError) error {
	if !missing.Overruled {
		return nil
	}
	g.move(overruled, func(s *state) { s.over = missing.Expired })
	if !g.cfg.Gate.MadeLately(missing) {
		return nil
	}
	g.cfg.Gate.Pause(missing.Proxy, "the cluster called the last login expired as soon as it was made")
	return g.cfg.Gate.Refuse(missing.Proxy, missing.Expired, "it was made just now, and no browser is opened for 15 minutes after that")
}

func (g *logins) overruledLogin() (end time.Time) {
	g.move(nothingMoves, func(s *state) { end = s.over })
	return end
}
