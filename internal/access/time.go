// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/x509"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

const (
	// longestMargin is how long what is used must still be valid, where it lives
	// long enough.
	longestMargin = time.Minute
	// clockTime bounds the question what time it is at the cluster.
	clockTime = 5 * time.Second
)

// backdated is how long before its issue a certificate is valid (protocol.md 5.1).
const backdated = time.Minute

// IssuedAt is when a certificate was issued, by the cluster's clock.
func IssuedAt(cert *x509.Certificate) time.Time {
	at := cert.NotBefore.Add(backdated)
	if at.After(cert.NotAfter) { // not backdated
		return cert.NotBefore
	}
	return at
}

// Margin is how long what is valid from begin to end must still be valid to be
// used: a minute, or a tenth of a short life. A zero begin is not known. It is the
// time of issue: a minute more would be much of a short life.
func Margin(begin, end time.Time) time.Duration {
	if begin.IsZero() {
		return longestMargin
	}
	return min(longestMargin, max(0, end.Sub(begin)/10))
}

// Expired is the error of a login of tshmcp's own that is over, or about to be.
func (c *Cluster) Expired() *NotLoggedInError {
	return &NotLoggedInError{
		Proxy: c.Profile.Proxy, Expired: c.Profile.Expires, Ending: c.Now().Before(c.Profile.Expires),
		By: Reading{Skew: c.clock.Skew()},
	}
}

// Overruled is the error of a login of tshmcp's own that is over by the cluster's
// word, whatever its clock says.
func (c *Cluster) Overruled() *NotLoggedInError {
	over := c.Expired()
	over.Ending, over.Overruled = false, over.Ending
	return over
}

// checkTime is CheckExpiry that does not call anything expired before it has asked
// the cluster for its time, unless that was found out, or asked for in vain, some
// minutes ago.
func (c *Cluster) checkTime(ctx context.Context) error {
	err := c.CheckExpiry()
	if err == nil || c.Proxy == nil {
		return err
	}
	c.clock.Doubt(ctx, c.Profile.Expires, c.CompareClocks)
	return c.CheckExpiry()
}

// CompareClocks asks the cluster what time it is there, and keeps what comes of it
// with a login. If it does not answer, nothing changes.
func (c *Cluster) CompareClocks(ctx context.Context) {
	asking, cancel := context.WithTimeout(ctx, clockTime)
	defer cancel()
	teleport.AskTime(asking, c.Proxy)
	keepSkew(ctx, c)
}

// keepSkew keeps what was found out about the clocks meanwhile.
func keepSkew(ctx context.Context, c *Cluster) {
	if skew := c.clock.Skew(); c.store != nil && c.clock.Measured() && skew != c.Profile.ClockSkew {
		c.keep(ctx, "the cluster's time", func(ctx context.Context, p *creds.Profile) error {
			return c.store.Amend(ctx, p, func(p *creds.Profile) { p.ClockSkew = skew })
		})
		c.Profile.ClockSkew = skew
	}
}

// Lasts is false for a login that has ended, or ends in a moment.
func (c *Cluster) Lasts() bool {
	return c.Now().Add(Margin(c.Profile.Issued, c.Profile.Expires)).Before(c.Profile.Expires)
}

// LoggedIn returns the profile of a login of tshmcp's own to the proxy, and
// whether it is valid for a while.
func (o *Clusters) LoggedIn(proxy string) (*creds.Profile, bool) {
	c, err := o.OpenLogin(Source{Addr: proxy})
	if err != nil {
		return nil, false
	}
	return c.Profile, c.Lasts()
}
