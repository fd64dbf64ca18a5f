// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// keyringBackend keeps each credential in several entries of the keyring: the
// manifest under the account's own name, and parts named after it.
//
// There are two sets of parts, for odd and even generations. A write fills the
// set that is not in use, then writes the manifest, then empties the other
// set. So whatever moment it is cut off at, the manifest names a whole set,
// either the new one or the old one. The parts of a set are numbered from 1
// without gaps, also after an interruption: they are written upwards and
// removed downwards. That is how left-over parts are found, because a keyring
// cannot be listed through go-keyring.
type keyringBackend struct{ keyring timedKeyring }

const readAttempts = 5

func (b keyringBackend) usable(ctx context.Context, account string) error {
	_, err := b.keyring.get(ctx, account)
	return ignoreNotFound(err)
}

// load reads without a lock. If a writer comes in between, the manifest that
// was read names parts that are being replaced: then it is read again.
func (b keyringBackend) load(ctx context.Context, account string) (string, error) {
	var last manifest
	for range readAttempts {
		m, err := b.manifest(ctx, account)
		if err != nil {
			return "", err
		}
		text, err := b.parts(ctx, account, m)
		if m == last || !errors.Is(err, ErrNotFound) {
			return text, err
		}
		last = m
	}
	return "", fmt.Errorf("%w: %q keeps being replaced", ErrNotFound, account)
}

func (b keyringBackend) manifest(ctx context.Context, account string) (manifest, error) {
	s, err := b.keyring.get(ctx, account)
	if err != nil {
		return manifest{}, err
	}
	m, err := parseManifest(s)
	if err != nil {
		return manifest{}, fmt.Errorf("%w: manifest of %q: %w", ErrNotFound, account, err)
	}
	return m, nil
}

func (b keyringBackend) parts(ctx context.Context, account string, m manifest) (string, error) {
	parts := make([]string, m.Parts)
	for i := range parts {
		var err error
		if parts[i], err = b.keyring.get(ctx, partName(account, m.Generation, i+1)); err != nil {
			return "", err
		}
	}
	return m.join(parts)
}

func (b keyringBackend) save(ctx context.Context, account, text string) error {
	old, err := b.manifest(ctx, account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	parts := split(text, partSize)
	if len(parts) > maxParts {
		return errcode.Errorf(errcode.KeyringUnavailable, "credential of %d characters is too large for a keyring", len(text))
	}
	m := newManifest(old.Generation+1, len(parts), text)
	for i, part := range parts {
		if err := b.keyring.set(ctx, partName(account, m.Generation, i+1), part); err != nil {
			return err
		}
	}
	if err := b.keyring.set(ctx, account, m.String()); err != nil {
		return err
	}
	// The credential is stored. What is left over here is found by the next
	// save or removal.
	_ = b.clear(ctx, account, m.Generation, m.Parts, m.Parts)
	_ = b.clear(ctx, account, old.Generation, 0, old.Parts)
	return nil
}

// remove deletes a credential, also one that is only partly there. The
// manifest goes first: without it nothing is found.
func (b keyringBackend) remove(ctx context.Context, account string) error {
	m, err := b.manifest(ctx, account)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err := b.delete(ctx, account); err != nil {
		return err
	}
	return errors.Join(
		b.clear(ctx, account, m.Generation, 0, m.Parts),
		b.clear(ctx, account, m.Generation+1, 0, 0))
}

// clear deletes the parts of a generation's set that come after the first keep
// ones, from the last to the first. There are at least known.
func (b keyringBackend) clear(ctx context.Context, account string, generation, keep, known int) error {
	last, err := b.lastPart(ctx, account, generation, known)
	if err != nil {
		return err
	}
	for n := last; n > keep; n-- {
		if err := b.delete(ctx, partName(account, generation, n)); err != nil {
			return err
		}
	}
	return nil
}

// lastPart returns the number of the last part, looking onwards from known.
func (b keyringBackend) lastPart(ctx context.Context, account string, generation, known int) (int, error) {
	for ; known < maxParts; known++ {
		_, err := b.keyring.get(ctx, partName(account, generation, known+1))
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil {
			return 0, err
		}
	}
	return known, nil
}

func (b keyringBackend) delete(ctx context.Context, account string) error {
	return ignoreNotFound(b.keyring.delete(ctx, account))
}

// partName names an entry: "login alice@proxy:443 part a1".
func partName(account string, generation, n int) string {
	set := "a"
	if generation%2 == 0 {
		set = "b"
	}
	return fmt.Sprintf("%s part %s%d", account, set, n)
}
