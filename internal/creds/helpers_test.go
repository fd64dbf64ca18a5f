// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: one entry that goes alone. Commands remove whole logins.

package creds

import "context"

// deleteApp deletes the certificate of an app, if there is one.
func (s *Store) deleteApp(ctx context.Context, p *Profile, app App) (err error) {
	defer toRemove(&err)
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	ix, err := s.index(p.Proxy)
	if err != nil {
		return err
	}
	e := appEntry(p, app)
	return s.vault().drop(ctx, ix, func(other entry) bool { return other == e })
}
