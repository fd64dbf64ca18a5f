// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// assumedAgain takes up again what access requests had given to the same user's login
// before: the certificate of a new one has nothing of it (protocol.md 7.6). What the
// cluster does not give again is told, with the command that tries.
func assumedAgain(ctx context.Context, t *target, to Teller, id *teleport.Identity) (kept []creds.Assumed) {
	was := t.before
	if len(was.Assumed) == 0 || was.Username != id.Username() || was.Cluster != id.Cluster() {
		return nil
	}
	root, failed := t.proxy.DialAuth(id)
	if failed == nil {
		defer root.Close()
	}
	for _, a := range was.Assumed {
		if !t.proxy.Clock.Now().Before(a.Expires) {
			continue
		}
		err := failed
		if err == nil {
			a, err = again(ctx, root, a)
		}
		if err == nil {
			kept = append(kept, a)
			continue
		}
		for _, one := range a.Requests {
			to.Warn("what access request %s gave ended with the login before: %s; to take it up again: %s",
				plain.Line(one), plain.Line(err.Error()), plain.Command("tshmcp", "request", "assume", one, "--proxy="+t.profile.Proxy))
		}
	}
	return kept
}

// again is what was assumed, with the key of another login.
func again(ctx context.Context, root *teleport.RootAuth, a creds.Assumed) (creds.Assumed, error) {
	cert, err := teleport.AccessRequests{RootAuth: root}.Assume(ctx, a.Requests)
	if err != nil {
		return a, err
	}
	fresh := access.NewAssumed(a.Requests, cert)
	fresh.Apps = a.Apps
	return fresh, nil
}
