// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package signin sends a user to the browser from inside a running bridge: one
// tab for all bridges of a cluster, whatever process they are in, and after one
// that came to nothing none for a while. Who may ask for one, and when, is
// package appway's to decide.
package signin

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// shortest is the life of a login that is worth a tab when it is over.
const shortest = 30 * time.Second

// Gate opens the browser for one bridge at a time. It is safe for concurrent use.
type Gate struct {
	Clusters *access.Clusters
	Dir      string // the state directory
	Now      func() time.Time
	// Closed says why no browser would reach a person, or is empty.
	Closed func() string
	// Login signs the user in and keeps the login. It calls opened before a
	// browser opens. What its error says is told to the person.
	Login func(ctx context.Context, proxy string, opened func()) error
	// Confirm has the user give a second factor for an app of the cluster, and gets
	// its certificate and stores it. It calls opened before a browser opens. nil:
	// nobody is asked.
	Confirm func(ctx context.Context, c *access.Cluster, app string, opened func()) (*access.AppCert, error)
	// Source is the cluster as it is opened to compare the clocks.
	Source access.Source
}

// Renews tells whether there is a login to the proxy that a browser could renew.
// Where there is none, no bridge asks for one: what named the proxy may be a file
// that came with somebody's repository. One that was made without verifying the
// proxy is not renewed either.
func (g *Gate) Renews(proxy string) bool {
	p, err := g.Clusters.Store.Profile(proxy)
	return err == nil && !p.Insecure
}

// WhyNot says why no browser must be opened now, or is empty.
func (g *Gate) WhyNot(proxy string) string {
	if g.Source.Insecure {
		return "no browser is opened with --insecure"
	}
	if why := g.Closed(); why != "" {
		return "no browser here: " + why
	}
	if why, paused := g.paused(proxy); paused {
		return cmp.Or(why, "the last sign-in was not completed") + ", and no browser is opened for 15 minutes after that"
	}
	return ""
}

// LoggedIn tells whether there is a valid login to the proxy. One that ends at
// over counts for none: the cluster takes it for expired. Neither does one that
// was made without verifying the proxy, where it is verified.
func (g *Gate) LoggedIn(proxy string, over time.Time) bool {
	p, valid := g.Clusters.LoggedIn(proxy)
	return valid && !p.Expires.Equal(over) && (!p.Insecure || g.Source.Insecure)
}

// Attend waits for its turn among the bridges of the cluster and signs in, unless
// another one does meanwhile. nil means that there is a valid login.
func (g *Gate) Attend(ctx context.Context, proxy string, over time.Time) error {
	if !g.Renews(proxy) {
		return g.Refuse(proxy, over, "a browser is opened only to renew a login")
	}
	e := &errand{
		proxy:   proxy,
		done:    func() bool { return g.LoggedIn(proxy, over) },
		refuse:  func(why string) error { return g.Refuse(proxy, over, why) },
		pending: &PendingError{Proxy: proxy},
	}
	return g.inTurn(ctx, e, func(ctx context.Context) error {
		if why := g.whyNoTab(proxy); why != "" {
			return e.unless(e.refuse(why))
		}
		g.compareClocks(ctx, proxy)
		if e.done() {
			return nil
		}
		return g.signIn(ctx, e)
	})
}

// signIn opens the browser, and judges what comes of it.
func (g *Gate) signIn(ctx context.Context, e *errand) error {
	opened, err := attempt(ctx, ErrNobody, func(ctx context.Context, opened func()) error { return g.Login(ctx, e.proxy, opened) })
	switch {
	case e.done():
		g.noteShort(e.proxy)
		return nil
	case err == nil, errors.Is(context.Cause(ctx), errElsewhere):
		useless := g.useless(e.proxy)
		g.Pause(e.proxy, "the last sign-in did not help: "+useless)
		return e.refuse(useless)
	case ctx.Err() != nil: // with its bridge
		return err
	}
	var other *OtherError
	if !opened && !errors.As(err, &other) { // the person was not asked for anything
		return err
	}
	g.Pause(e.proxy, whyNothing(err))
	return e.refuse(errcode.Words(err))
}

// whyNothing says of a sign-in that came to nothing why, or is empty: it was not
// completed.
func whyNothing(err error) string {
	var (
		other  *OtherError
		denied *DeniedError
	)
	switch {
	case errors.As(err, &other):
		return other.Why
	case errors.Is(err, ErrNobody), errors.As(err, &denied):
		return ""
	}
	return "the last sign-in failed: " + errcode.Words(err)
}

// noteShort keeps a login that was made just now from costing a tab each time that
// it ends, if that is all the time.
func (g *Gate) noteShort(proxy string) {
	p, err := g.Clusters.Store.Profile(proxy)
	if err != nil || p.Issued.IsZero() {
		return
	}
	if life := p.Expires.Sub(p.Issued); life < shortest {
		g.Pause(proxy, fmt.Sprintf("the last sign-in brought a login of %v", life.Round(time.Second)))
	}
}

// useless says why a login that was made just now does not count.
func (g *Gate) useless(proxy string) string {
	c, err := g.Clusters.OpenLogin(g.Source.At(proxy))
	if err != nil {
		return "the login that was made is gone already"
	}
	why := "the login that was just made has ended already"
	if c.CheckExpiry() == nil {
		why = "the login that was just made is about to end"
	}
	return why + c.Expired().By.String()
}

// compareClocks asks the cluster for its time: the login may be valid by it.
func (g *Gate) compareClocks(ctx context.Context, proxy string) {
	if c, err := g.Clusters.OpenLogin(g.Source.At(proxy)); err == nil {
		c.CompareClocks(ctx)
	}
}

// MadeLately tells whether the login that missing is about was made so short a
// time ago that another one would be no better.
func (g *Gate) MadeLately(missing *access.NotLoggedInError) bool {
	c, err := g.Clusters.OpenLogin(g.Source.At(missing.Proxy))
	return err == nil && c.Profile.Expires.Equal(missing.Expired) &&
		!c.Profile.Issued.IsZero() && c.Now().Sub(c.Profile.Issued) < pauseTime
}
