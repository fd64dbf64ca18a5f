// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package logout decides what tshmcp logout does: which logins go, what goes with
// them, and how their app sessions are ended. What is stored here goes first, and
// without a network; then the clusters are told.
package logout

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
)

// Logout ends logins. All of it must be set, but for TSH.
type Logout struct {
	Store    *creds.Store
	Clusters *access.Clusters
	StateDir string
	TSH      identfile.TSH // empty: tsh's logins are not used
	Now      func() time.Time
	Teller
}

// Teller tells the person what happens.
type Teller interface {
	// NotLoggedIn tells that there is no login to a proxy, or where that is empty none at
	// all, and which proxies there are logins to.
	NotLoggedIn(proxy string, known []string)
	LoggedOut(cluster string)
	// Default tells which login commands use from now on, as the one that they
	// used is gone.
	Default(p *creds.Profile)
	// TSHLeft tells that a login of tsh to the proxy is left, which is used from
	// now on.
	TSHLeft(proxy string)
	// NotEnded tells of app sessions that the cluster could not be told of.
	NotEnded(s *access.Sessions, err error)
}

// lockWait is how long a logout waits for others that write credentials.
const lockWait = 10 * time.Second

// From ends the login to a proxy, host:port, or to the cluster whose name stands in the
// place of the host; "" is the last one.
func (l *Logout) From(ctx context.Context, proxy string) error {
	proxy = l.named(proxy)
	before, _ := l.Store.Profile("")
	ends, err := l.delete(ctx, []string{proxy})
	if now, failed := l.Store.Profile(""); failed == nil && before != nil && now.Proxy != before.Proxy {
		l.Default(now)
	}
	l.end(ctx, ends)
	return err
}

// named is the proxy of the login that is meant: a person may know the cluster's name
// alone, and only one login can be meant by that.
func (l *Logout) named(proxy string) string {
	host, _, err := net.SplitHostPort(proxy)
	if err != nil {
		host = proxy
	}
	profiles, _ := l.Store.Profiles()
	var found []string
	for _, p := range profiles {
		switch {
		case p.Proxy == proxy:
			return proxy
		case p.Cluster == host:
			found = append(found, p.Proxy)
		}
	}
	if len(found) != 1 || proxy == "" {
		return proxy
	}
	return found[0]
}

// All ends all logins, and removes whatever else is left of any.
func (l *Logout) All(ctx context.Context) error {
	proxies, unlisted := l.Store.Proxies()
	if len(proxies) == 0 && unlisted == nil {
		l.NotLoggedIn("", nil)
	}
	ends, err := l.delete(ctx, proxies)
	if !errors.Is(err, creds.ErrBusy) {
		err = also(err, l.Store.Sweep(ctx)) // which lists them again
	}
	l.end(ctx, ends)
	return err
}

// delete deletes the logins to proxies, each whatever becomes of the others, and
// returns the app sessions of those that are gone.
func (l *Logout) delete(ctx context.Context, proxies []string) (ends []*access.Sessions, err error) {
	l.Store.LockWait = lockWait
	for _, proxy := range proxies {
		end := l.sessions(ctx, proxy)
		failed := l.one(ctx, proxy)
		if err = also(err, failed); failed == nil && end != nil {
			ends = append(ends, end)
		}
		if errors.Is(failed, creds.ErrBusy) { // one lock is for all
			break
		}
	}
	return ends, err
}

// end ends app sessions, as far as their clusters answer.
func (l *Logout) end(ctx context.Context, ends []*access.Sessions) {
	for i, err := range access.EndSessions(ctx, ends) {
		if err != nil {
			l.NotEnded(ends[i], err)
		}
	}
}

// sessions are the app sessions of the login to a proxy, nil without any.
func (l *Logout) sessions(ctx context.Context, proxy string) *access.Sessions {
	c, err := l.Clusters.OpenLogin(access.Source{Addr: proxy})
	if err != nil {
		return nil
	}
	return access.SessionsOf(ctx, c)
}

// also joins two errors on one line.
func also(err, next error) error {
	switch {
	case next == nil:
		return err
	case err == nil:
		return next
	}
	return fmt.Errorf("%w; %w", err, next)
}

// one deletes what is stored for one proxy, or for the current one if it is
// empty. A profile that cannot be read must not keep the secrets alive.
func (l *Logout) one(ctx context.Context, proxy string) error {
	name := proxy
	if p, err := l.Store.Profile(proxy); err == nil {
		name = fmt.Sprintf("%s (%s)", p.Cluster, p.Proxy)
		proxy = p.Proxy
	}
	if name == "" {
		name = "the last login's cluster" // whose profile cannot be read
	}
	err := l.Store.DeleteLogin(ctx, proxy)
	switch {
	case errors.Is(err, creds.ErrNotFound):
		known, _ := l.Store.Proxies()
		l.NotLoggedIn(proxy, known)
	case err != nil:
		return err
	default:
		if err := l.forget(proxy); err != nil {
			return err
		}
		l.LoggedOut(name)
	}
	if id, err := access.TSHLogin(l.TSH, proxy); err == nil && id.Check(l.Now()) == nil {
		l.TSHLeft(id.Proxy)
	}
	return nil
}

// forget removes what is kept of a proxy without being secret. Where its name is
// not known, that stays.
func (l *Logout) forget(proxy string) error {
	if proxy == "" {
		return nil
	}
	signin.Resume(l.StateDir, proxy)
	return recall.Forget(l.StateDir, proxy)
}
