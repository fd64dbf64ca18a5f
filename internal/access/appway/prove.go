// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// factorPause is how long a certificate that took a second factor is kept although it
// is refused, unless another one is known to do better: the next one costs the person
// a tab, and an app that is offline refuses them all.
const factorPause = 15 * time.Minute

var toProof = route[struct{}]{proofBegun, proofEnded, func(s *state) **flight[struct{}] { return &s.proving }, signInTime}

// proves tells whether a second factor is one that the user could be asked for.
func (g *logins) proves(missing *access.MFANeededError) bool {
	return missing.From == "" && g.renews(missing.Proxy) && g.cfg.Gate.Confirm != nil
}

// prove returns nil as soon as there is a certificate that was got with a second
// factor, here, by another bridge or in a terminal.
func (g *logins) prove(ctx context.Context, missing *access.MFANeededError) error {
	return outlived(ctx, g.machine, toProof, &signin.PendingError{Proxy: missing.Proxy, App: missing},
		func(ctx context.Context) error { return g.attest(ctx, missing) })
}

// attest takes the certificate into use. It may not be in the store yet.
func (g *logins) attest(ctx context.Context, missing *access.MFANeededError) error {
	gen := g.watch()
	c, err := g.open()
	if err != nil {
		return err
	}
	usable := func(cert *access.AppCert) bool {
		return cert.HasFactor() && g.usable(newLink(c, cert, gen, time.Time{}))
	}
	cert, err := g.cfg.Gate.Attest(ctx, c, missing, usable)
	if err != nil || cert == nil {
		return err
	}
	g.install(proved, newLink(c, cert, gen, g.cfg.Now()), nil)
	return nil
}

// over is what was found to stand between the user and the app for what comes over
// a link. Where it was got with a second factor, that is not it.
func (f finding) over(l *link) finding {
	if access.NeedsFactor(f.why) != nil && l.cert.HasFactor() {
		f.why = nil
	}
	return f
}

// proven gives up a link that was got without the second factor that is missing, so
// that the next one is got with it.
func (s *sending) proven(l *link, why error) bool {
	return access.NeedsFactor(why) != nil && s.replaced(l, outdone)
}
