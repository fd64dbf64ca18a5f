// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"slices"
	"time"
)

// When a refused certificate is replaced by a new one. Access that is really
// denied, and an app that is offline, shall not cost a certificate for every
// request.
const (
	// renewalPause is the pause after the proxy has refused one that was new.
	renewalPause = 5 * time.Minute
	// denialPause is that after the app service has: about the time after which
	// it judges anew a session that is left alone (protocol.md 15.3).
	denialPause = 30 * time.Second
	// renewals is how many are replaced within renewalPause in all.
	renewals = 5
	// badCerts is how many refused certificates are remembered: they may still
	// be in the store.
	badCerts = 8
)

// reject keeps cert, which was refused, from being used again and says whether
// another one may do better: one that is there already, or one that get finds.
func (a *appCerts) reject(ctx context.Context, cert *appCert, pause time.Duration) bool {
	return a.giveUp(cert, pause) || a.outdated(ctx, cert) && a.giveUp(cert, 0)
}

// giveUp drops cert if it may be replaced now. One that is new and has never
// been of use is kept for the pause; 0 means that it is known to be of no more
// use, while another one is.
func (a *appCerts) giveUp(cert *appCert, pause time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.replaced = slices.DeleteFunc(a.replaced, func(t time.Time) bool { return now.Sub(t) >= renewalPause })
	switch {
	case a.current != cert:
		return true
	case pause == 0:
		a.replaced = nil
	case len(a.replaced) >= renewals:
		return false
	case !cert.passed.Load() && now.Sub(cert.issued) < pause:
		return false
	default:
		a.replaced = append(a.replaced, now)
	}
	a.bad = append(a.bad, cert.Leaf.SerialNumber.String())
	a.bad = a.bad[max(0, len(a.bad)-badCerts):]
	a.current = nil
	return true
}

// outdated tells whether somebody has logged in since cert was made, or logged
// out, or has had another certificate for the app issued.
func (a *appCerts) outdated(ctx context.Context, cert *appCert) bool {
	c, err := a.open()
	if err != nil || !c.Profile.Expires.Equal(cert.login.Profile.Expires) {
		return true // what is wrong shows when the next one is looked for
	}
	stored, err := a.stored(ctx, c)
	return err == nil && stored != nil && !bytes.Equal(stored.Leaf.Raw, cert.Leaf.Raw)
}

// usable tells whether cert is good for a while and was not refused.
func (a *appCerts) usable(cert *appCert) bool {
	if cert == nil || !a.now().Add(certMargin).Before(cert.Leaf.NotAfter) {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return !slices.Contains(a.bad, cert.Leaf.SerialNumber.String())
}

// superseded tells whether the login that cert was made with is over, though
// cert is still valid.
func (c *appCert) superseded() bool { return c.login != nil && c.login.Superseded(c.Leaf.NotAfter) }
