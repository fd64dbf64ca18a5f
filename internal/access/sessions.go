// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// sessionEndTime bounds what is asked of a keyring, and then of clusters, for
// the end of app sessions.
const sessionEndTime = 5 * time.Second

// Sessions are the app sessions of a login, with what is needed to end them once
// the login is deleted here.
type Sessions struct {
	Cluster string
	Until   time.Time // when the last of them ends by itself

	proxy *teleport.Proxy
	id    *teleport.Identity
	err   error // why there is no id, such as that the login has expired and an app's certificate has not
	ids   []string
}

// SessionsOf reads the app sessions of a login that is about to be deleted. It
// returns nil if there is nothing that the cluster could be told.
func SessionsOf(ctx context.Context, c *Cluster) *Sessions {
	ctx, cancel := context.WithTimeout(ctx, sessionEndTime)
	defer cancel()
	apps, err := c.store.Apps(c.Profile)
	if err != nil || len(apps) == 0 {
		return nil
	}
	s := &Sessions{Cluster: c.Profile.Cluster, proxy: c.Proxy}
	s.id, s.err = c.Identity(ctx)
	for _, app := range apps {
		pair, err := c.store.App(ctx, c.Profile, app)
		if err != nil {
			continue
		}
		cert, err := toCertificate(pair)
		if err != nil || !c.Now().Before(cert.Leaf.NotAfter) {
			continue
		}
		if session := teleport.AppSession(cert.Leaf); session != "" {
			s.ids = append(s.ids, session)
			if cert.Leaf.NotAfter.After(s.Until) {
				s.Until = cert.Leaf.NotAfter
			}
		}
	}
	if len(s.ids) == 0 {
		return nil
	}
	return s
}

// end ends the sessions.
func (s *Sessions) end(ctx context.Context) error {
	if s.err != nil {
		return s.err
	}
	auth, err := s.proxy.DialAuth(s.id)
	if err != nil {
		return err
	}
	defer auth.Close()
	for _, id := range s.ids {
		if err := auth.DeleteAppSession(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// EndSessions ends those of all clusters at once, and returns why some were not,
// in the same order. A cluster that does not answer does not matter: without its
// certificate nobody uses a session, and it ends with the login.
func EndSessions(ctx context.Context, all []*Sessions) []error {
	ctx, cancel := context.WithTimeout(ctx, sessionEndTime)
	defer cancel()
	failed := make([]error, len(all))
	var work sync.WaitGroup
	for i, s := range all {
		work.Go(func() { failed[i] = s.end(ctx) })
	}
	work.Wait()
	return failed
}
