// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

const (
	// doubtPause is how long a clock that was compared, or could not be, is left
	// alone.
	doubtPause = 5 * time.Minute
	// doubtTime bounds the question what time it is at the cluster.
	doubtTime = 5 * time.Second
	// maxDoubts bounds what is remembered of questions that came to nothing.
	maxDoubts = 64
)

// Skewed says by how much and which way this machine's clock differs from that
// of the cluster, which is skew ahead; empty for not more than a minute.
func Skewed(skew time.Duration) string {
	if skew == 0 {
		return ""
	}
	which := "behind"
	if skew < 0 {
		which = "ahead of"
	}
	by := strings.TrimSuffix(skew.Abs().Round(time.Minute).String(), "0s")
	return fmt.Sprintf("this machine's clock is %s %s the cluster's", by, which)
}

// Guessed is [Clock.Skew] by the word of somebody who answers for the cluster and
// could not be verified, as nobody can with a clock that is far off; known is false
// if nobody has said anything, or the cluster itself has since. It is good enough to
// be told, and nothing is decided by it.
func (c *Clock) Guessed() (skew time.Duration, known bool) {
	if c == nil {
		return 0, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.guess.skew, !c.guess.made.IsZero()
}

// Doubt has ask find out what time it is at the cluster, within some seconds, before
// what ends at end is taken for over: once, and again after some minutes. It does not
// if that was found out lately. Whoever comes meanwhile waits for the same.
func (c *Clock) Doubt(ctx context.Context, end time.Time, ask func(context.Context)) {
	if c == nil {
		return
	}
	select {
	case c.asking <- struct{}{}:
		defer func() { <-c.asking }()
	case <-ctx.Done():
		return
	}
	if c.lately(func() time.Time { return c.seen }) || lately(c.doubted[end.Unix()]) {
		return
	}
	asking, cancel := context.WithTimeout(ctx, doubtTime)
	defer cancel()
	ask(asking)
	if ctx.Err() != nil {
		return // it was not for want of an answer
	}
	if len(c.doubted) >= maxDoubts {
		clear(c.doubted)
	}
	c.doubted[end.Unix()] = time.Now()
}

func (c *Clock) lately(when func() time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return lately(when())
}

// lately is about the time that passes, whatever the clock is set to.
func lately(t time.Time) bool { return !t.IsZero() && time.Since(t) < doubtPause }

// AskUnverified is what time it is by the word of whoever answers at the address of
// the proxy, as a difference to this machine's; nothing is sent there. known is
// false without an answer.
func AskUnverified(ctx context.Context, p *Proxy) (skew time.Duration, known bool) {
	unverified := *p
	unverified.Insecure, unverified.Clock = true, NewClock(p.Clock.machineTime())
	_, _ = unverified.Find(ctx)
	return unverified.Clock.Skew(), unverified.Clock.Measured()
}

// untimely is the certificate that err is about, if it is one that is not valid yet,
// or not any more; else nil.
func untimely(err error) *x509.Certificate {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return invalid.Cert
	}
	return nil
}

// otherTime asks the cluster what time it is there, if err is that a certificate is
// not valid at what was taken for it by that skew, and tells whether it is another.
func otherTime(ctx context.Context, p *Proxy, err error, skew time.Duration) bool {
	cert := untimely(err)
	if cert == nil {
		return false
	}
	p.Clock.Doubt(ctx, cert.NotAfter, func(ctx context.Context) { _, _ = p.Find(ctx) })
	return (p.Clock.Skew() - skew).Abs() > leastSkew
}

// blame completes the error of the way to the proxy: where that is a certificate's
// time, this machine's clock may be the cause.
func blame(p *Proxy, e *ReachError) *ReachError {
	if cert := untimely(e.Err); cert != nil && p.Clock != nil {
		e.Skew = p.Clock.blamed(cert)
	}
	return e
}

// blameWeb is blame of the web address, at which nobody is left who could be believed.
func blameWeb(ctx context.Context, p *Proxy, e *ReachError) *ReachError {
	if untimely(e.Err) != nil {
		guessTime(ctx, p)
	}
	return blame(p, e)
}

// AskTime asks the cluster what time it is there; where it cannot be verified, anybody
// who answers for it.
func AskTime(ctx context.Context, p *Proxy) {
	_, err := p.Find(ctx)
	var unverified *tls.CertificateVerificationError
	if errors.As(err, &unverified) {
		guessTime(ctx, p)
	}
}

func guessTime(ctx context.Context, p *Proxy) {
	if p.Insecure || p.Clock == nil || p.Clock.lately(func() time.Time { return p.Clock.guess.made }) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, doubtTime)
	defer cancel()
	if skew, known := AskUnverified(ctx, p); known {
		p.Clock.take(skew)
	}
}

func (c *Clock) take(skew time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.guess = guess{skew, time.Now()}
}

// blamed is the skew, guessed or not, if cert is valid at the cluster's time.
func (c *Clock) blamed(cert *x509.Certificate) time.Duration {
	skew, known := c.Guessed()
	if !known {
		skew = c.Skew()
	}
	if at := c.time().Add(skew); at.Before(cert.NotBefore) || at.After(cert.NotAfter) {
		return 0
	}
	return skew
}
