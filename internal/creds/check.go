// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import "context"

// Check tells whether credentials can be kept in a backend, so that nobody
// signs in only to learn that the result cannot be stored. Its errors are
// those of SaveLogin: *KeyringError, *plainfile.ModeError and its like, or one of package fs.
func (s *Store) Check(ctx context.Context, b Backend) error {
	backend, err := s.backend(b.orDefault())
	if err != nil {
		return err
	}
	return backend.usable(ctx, "check")
}
