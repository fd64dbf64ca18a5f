// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// errUnconfirmed is why a second factor came to nothing that nobody gave.
var errUnconfirmed = errcode.New(errcode.SignInTimeout, "nobody confirmed in time")

// Attest waits for its turn among the bridges of the cluster and has the user confirm
// the use of an app in the browser, unless another bridge, or somebody on a terminal,
// does meanwhile. Tabs for that and those of sign-ins are never open at the same
// time, and neither are they for a while after one of either that came to nothing.
// The certificate is nil if it is in the store; usable says whether one that is there
// will do.
func (g *Gate) Attest(ctx context.Context, c *access.Cluster, missing *access.MFANeededError, usable func(*access.AppCert) bool) (cert *access.AppCert, err error) {
	refuse := func(why string) error { return &UnconfirmedError{Missing: missing, Why: why} }
	switch {
	case g.Confirm == nil || missing.From != "":
		return nil, missing
	case !g.Renews(missing.Proxy):
		return nil, refuse("a browser is opened only for a login that was made with the proxy verified")
	}
	was := access.AppUntil(c, missing.Name)
	e := &errand{
		proxy:   missing.Proxy,
		done:    func() bool { now := access.AppUntil(c, missing.Name); return !now.Equal(was) && c.Now().Before(now) },
		refuse:  refuse,
		pending: &PendingError{Proxy: missing.Proxy, App: missing},
	}
	err = g.inTurn(ctx, e, func(ctx context.Context) error {
		// It may have been stored before this bridge began to wait.
		if stored, err := c.StoredApp(ctx, missing.Name); err == nil && stored != nil && usable(stored) {
			return nil
		}
		if why := g.whyNoTab(missing.Proxy); why != "" {
			return refuse(why)
		}
		cert, err = g.confirm(ctx, c, missing)
		return err
	})
	return cert, err
}

// Prove is Attest for a command that begins anew when it is done: with the certificate
// in the store.
func (g *Gate) Prove(ctx context.Context, c *access.Cluster, missing *access.MFANeededError) error {
	_, err := g.Attest(ctx, c, missing, func(cert *access.AppCert) bool {
		return cert.HasFactor() && c.Now().Before(cert.Leaf.NotAfter)
	})
	return err
}

// confirm opens the browser, and judges what comes of it.
func (g *Gate) confirm(ctx context.Context, c *access.Cluster, missing *access.MFANeededError) (cert *access.AppCert, err error) {
	opened, err := attempt(ctx, errUnconfirmed, func(ctx context.Context, opened func()) (err error) {
		cert, err = g.Confirm(ctx, c, missing.Name, opened)
		return err
	})
	switch {
	case err == nil:
		if life := cert.Life(); life < shortest {
			g.Pause(missing.Proxy, fmt.Sprintf("the last confirmation brought a certificate of %v", life.Round(time.Second)))
		}
		return cert, nil
	case errors.Is(context.Cause(ctx), errElsewhere):
		return nil, nil
	case ctx.Err() != nil, !opened: // with its bridge; the person was not asked for anything
		return nil, err
	}
	g.Pause(missing.Proxy, "the use of "+missing.Name+" was not confirmed")
	return nil, &UnconfirmedError{Missing: missing, Why: errcode.Words(err), Asked: true}
}

// UnconfirmedError means that a second factor is needed, which is not asked for now,
// or was not given.
type UnconfirmedError struct {
	Missing *access.MFANeededError
	Why     string
	Asked   bool // in the browser
}

func (e *UnconfirmedError) Error() string { return e.Missing.Error() + " (" + e.Why + ")" }

// Unwrap returns what is missing.
func (e *UnconfirmedError) Unwrap() error { return e.Missing }

// ErrorCode tells what was not given from what was not asked for.
func (e *UnconfirmedError) ErrorCode() errcode.Code {
	if e.Asked {
		return errcode.MFADenied
	}
	return errcode.MFARequired
}
