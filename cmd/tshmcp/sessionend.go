// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// sessionEndTime bounds what logout asks of keyrings and clusters beyond
// deleting the login.
const sessionEndTime = 5 * time.Second

// sessionEnd is what is needed to end the app sessions of a login once it is
// deleted here.
type sessionEnd struct {
	cluster  *cluster
	id       *teleport.Identity
	err      error // why there is no id, such as that the login has expired and an app's certificate has not
	sessions []string
	until    time.Time // when the last of them ends by itself
}

// remember reads the app sessions of a login that is about to be deleted. It
// returns nil if there is nothing that the cluster could be told.
func (o *logoutOptions) remember(ctx context.Context, proxy string) *sessionEnd {
	ctx, cancel := context.WithTimeout(ctx, sessionEndTime)
	defer cancel()
	c, err := o.openLogin(&o.sourceFlags, proxy)
	if err != nil {
		return nil
	}
	apps, err := c.store.Apps(c.profile)
	if err != nil || len(apps) == 0 {
		return nil
	}
	end := &sessionEnd{cluster: c}
	end.id, end.err = c.identity(ctx)
	for _, app := range apps {
		pair, err := c.loadApp(ctx, app)
		if err != nil {
			continue
		}
		cert, err := toCertificate(pair)
		if err != nil || !o.now().Before(cert.Leaf.NotAfter) {
			continue
		}
		if session := teleport.AppSession(cert.Leaf); session != "" {
			end.sessions = append(end.sessions, session)
			end.until = later(end.until, cert.Leaf.NotAfter)
		}
	}
	if len(end.sessions) == 0 {
		return nil
	}
	return end
}

// endSessions ends the app sessions of all clusters at once. A cluster that
// does not answer does not matter: without its certificate nobody uses a
// session, and it ends with the login.
func (o *logoutOptions) endSessions(ctx context.Context, ends []*sessionEnd) {
	ctx, cancel := context.WithTimeout(ctx, sessionEndTime)
	defer cancel()
	failed := make([]error, len(ends))
	var work sync.WaitGroup
	for i, end := range ends {
		work.Go(func() { failed[i] = end.run(ctx) })
	}
	work.Wait()
	for i, err := range failed {
		if err != nil {
			o.warn("the app sessions at %s were not ended, they last until %s: %v", oneLine(ends[i].cluster.profile.Cluster), localTime(ends[i].until), err)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (s *sessionEnd) run(ctx context.Context) error {
	if s.err != nil {
		return s.err
	}
	auth, err := s.cluster.proxy.DialAuth(s.id)
	if err != nil {
		return err
	}
	defer auth.Close()
	for _, session := range s.sessions {
		if err := auth.DeleteAppSession(ctx, session); err != nil {
			return err
		}
	}
	return nil
}
