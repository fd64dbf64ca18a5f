// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// certMargin is how long a certificate must still be valid to be used.
const certMargin = time.Minute

// certTimeout bounds the way to a certificate, the cluster's answers included.
const certTimeout = 20 * time.Second

// appCert is a certificate for one app, and how the cluster took it.
type appCert struct {
	*access.AppCert
	login  *access.Cluster // as whom it was made
	issued time.Time       // when this process had it issued; zero if somebody else did

	passed atomic.Bool            // a request with it got through
	denied atomic.Pointer[denial] // how the app service denied it; nil: it did not, or not lately
}

// denial is how a certificate was denied.
type denial struct {
	answer    teleport.Answer
	explained bool // the auth service named the reason
}

// appCerts gives the certificate with which one app is reached: from memory,
// from the store, or a new one from the cluster, in this order. The store is
// read again whenever the certificate in hand is no longer good, so a login
// made elsewhere heals a running bridge.
type appCerts struct {
	open func() (*access.Cluster, error)
	app  string
	path string // --path, for an ordinary HTTP app
	now  func() time.Time
	log  *slog.Logger
	// signIn waits until somebody has signed in to the cluster; nil: it cannot
	// be done from here. It is called for requests that wait, not ahead of them.
	signIn func(ctx context.Context, missing *access.NotLoggedInError) error
	// tell is told what became of looking for a certificate, and reports whether
	// a login is missing.
	tell func(error) bool

	finding shared[*appCert]

	mu       sync.Mutex // never held while anything is waited for
	current  *appCert
	bad      []string    // serial numbers of the last certificates that were refused
	replaced []time.Time // when the last of them were given up without a newer login
}

// await is get for a request that can wait: without a valid login it waits for
// somebody to sign in, as long as patience and ctx last.
func (a *appCerts) await(ctx context.Context, patience time.Duration) (*appCert, error) {
	cert, err := a.get(ctx)
	a.tell(err)
	var missing *access.NotLoggedInError
	if !errors.As(err, &missing) || missing.Proxy == "" || a.signIn == nil {
		return cert, err
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := a.signIn(waiting, missing); err != nil {
		a.tell(err)
		return nil, err
	}
	cert, err = a.get(ctx)
	a.tell(err)
	return cert, err
}

// keep renews the certificate before it expires, so that no request has to
// wait for that, until ctx ends. A certificate never outlives the login, so
// there is something to do only when somebody has logged in anew since, or when
// the cluster gave less time than the login has.
func (a *appCerts) keep(ctx context.Context) {
	for {
		timer := time.NewTimer(a.untilRenewal())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
			if err := a.renew(ctx); err != nil && ctx.Err() == nil {
				a.log.Debug("the app certificate was not renewed", "err", err)
			}
		}
	}
}

// untilRenewal is the time until nine tenths of the certificate's life are
// over, and at least a minute.
func (a *appCerts) untilRenewal() time.Duration {
	cert := a.inHand()
	if cert == nil {
		return renewalPause
	}
	life := cert.Leaf.NotAfter.Sub(cert.Leaf.NotBefore)
	return max(cert.Leaf.NotAfter.Add(-life/10).Sub(a.now()), time.Minute)
}

// renew replaces the certificate in hand by one that lasts longer, if the login
// allows one.
func (a *appCerts) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, certTimeout)
	defer cancel()
	c, err := a.open()
	if err != nil {
		return err
	}
	old := a.inHand()
	if old == nil || !c.Profile.Expires.After(old.Leaf.NotAfter.Add(certMargin)) {
		return nil
	}
	cert, err := a.issue(ctx, c)
	if err != nil {
		return err
	}
	a.take(cert)
	return nil
}

// get returns a certificate that is valid for at least certMargin. Whoever
// needs one meanwhile waits for the same, at most certTimeout.
func (a *appCerts) get(ctx context.Context) (*appCert, error) {
	if cert := a.inHand(); a.usable(cert) && !cert.superseded() {
		return cert, nil
	}
	return a.finding.do(ctx, certTimeout, a.find)
}

func (a *appCerts) find(ctx context.Context) (*appCert, error) {
	if cert := a.inHand(); a.usable(cert) && !cert.superseded() { // found since
		return cert, nil
	}
	c, err := a.open()
	if err != nil {
		return nil, err
	}
	cert, err := a.stored(ctx, c)
	if cert == nil && err == nil {
		cert, err = a.issue(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	a.take(cert)
	return cert, nil
}

// inHand is the certificate that the next request would use, or nil.
func (a *appCerts) inHand() *appCert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current
}

func (a *appCerts) take(cert *appCert) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.current = cert
}

// stored is the certificate in the store, or nil when it has no usable one.
func (a *appCerts) stored(ctx context.Context, c *access.Cluster) (*appCert, error) {
	found, err := c.StoredApp(ctx, a.app)
	var damaged *access.DamagedError
	if errors.As(err, &damaged) {
		a.log.Warn(err.Error())
		return nil, nil
	}
	if err != nil || found == nil {
		return nil, err
	}
	cert := &appCert{AppCert: found, login: c}
	if !a.usable(cert) {
		return nil, nil
	}
	return cert, found.Bridgeable(a.path)
}

// issue asks the cluster for a new certificate and stores it.
func (a *appCerts) issue(ctx context.Context, c *access.Cluster) (*appCert, error) {
	cert, err := c.IssueApp(ctx, a.app, a.path)
	if err != nil {
		return nil, err
	}
	if cert.Unsaved != nil {
		// The call can go on; only the next start has to ask again.
		a.log.Warn("the app certificate could not be stored", "err", cert.Unsaved)
	}
	return &appCert{AppCert: cert, login: c, issued: a.now()}, nil
}
