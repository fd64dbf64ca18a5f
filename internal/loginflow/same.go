// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"cmp"
	"context"
	"errors"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// A login takes the place of the one before, and everything that runs with that
// one runs as whoever it brings. So it brings the same user of the same cluster;
// for another one somebody has to say so, and a bridge cannot.

// sameCluster refuses a proxy that answers as another cluster than at the login
// before, or asks. Nobody has signed in yet.
func (f *Flow) sameCluster(ctx context.Context, t *target) error {
	if t.before.Cluster == "" || t.before.Cluster == t.ping.ClusterName {
		return nil
	}
	return f.agree(ctx, &OtherClusterError{Proxy: t.proxy.Addr, Before: t.before.Cluster, Now: t.ping.ClusterName})
}

// sameUser refuses a user whom the login must not bring, or asks. Who was agreed
// to is not asked about again.
func (f *Flow) sameUser(ctx context.Context, t *target, user string) error {
	if other := f.other(t, user); other != nil {
		if !other.askable() {
			return other
		}
		if err := f.agree(ctx, other); err != nil {
			return err
		}
	}
	t.user = user
	return nil
}

// other is what is wrong with a user: nil for the one that is expected.
func (f *Flow) other(t *target, user string) *OtherUserError {
	e := &OtherUserError{Proxy: t.proxy.Addr, Cluster: t.ping.ClusterName, User: user, Bridge: f.Unattended}
	if e.Named = cmp.Or(t.user, f.User); e.Named != "" {
		e.Before = e.Named
	} else {
		e.Before = t.before.Username
	}
	if e.Before == "" || e.Before == user {
		return nil
	}
	return e
}

// judge is sameUser while the browser waits for what to show: a question that is
// still to be asked is returned as text.
func (f *Flow) judge(t *target) func(*teleport.Identity) (question string, err error) {
	return func(id *teleport.Identity) (string, error) {
		other := f.other(t, id.Username())
		if other == nil {
			return "", nil
		}
		if other.askable() && f.Lines == nil {
			if _, leave, err := f.Terminal(); err == nil {
				return other.Error(), leave()
			}
		}
		return "", other
	}
}

// agree asks a person whether a login may change what the error says, and is that
// error where nobody can be asked, or nobody agrees.
func (f *Flow) agree(ctx context.Context, change error) error {
	if f.Unattended || f.Lines != nil {
		return change
	}
	screen, leave, err := f.Terminal()
	var nobody *terminal.NoneError
	if errors.As(err, &nobody) {
		return change
	}
	if err != nil {
		return err
	}
	defer leave()
	yes, err := agrees(ctx, screen, sentence(change)+" Do that?", false)
	if err == nil && !yes {
		return change
	}
	return err
}

// renewable refuses a bridge what is no renewal. Its login may be gone, or that of
// somebody else, since the browser was opened.
func (f *Flow) renewable(t *target) error {
	if !f.Unattended {
		return nil
	}
	now, err := f.Store.Profile(t.proxy.Addr)
	if err != nil || now.Insecure || t.proxy.Insecure {
		return &NothingToRenewError{Proxy: t.proxy.Addr}
	}
	t.before = now
	if t.renews == nil {
		t.renews = now
	}
	return nil
}

// mayReplace decides whether an identity may take the place of the login before.
// Nothing of it is stored yet.
func (f *Flow) mayReplace(ctx context.Context, t *target, id *teleport.Identity) error {
	if f.Unattended {
		if err := cmp.Or(f.renewable(t), f.sameCluster(ctx, t)); err != nil {
			return err
		}
	}
	return f.sameUser(ctx, t, id.Username())
}

// tellReplaced says that somebody else's login is gone.
func (f *Flow) tellReplaced(t *target) {
	if was := t.before; was.Username != "" && (was.Username != t.profile.Username || was.Cluster != t.profile.Cluster) {
		f.Warn("%s at %s replaces %s at %s: what connects to %s runs as %s from now on",
			plain.Line(t.profile.Username), plain.Line(t.profile.Cluster),
			plain.Line(was.Username), plain.Line(was.Cluster), was.Proxy, plain.Line(t.profile.Username))
	}
}
