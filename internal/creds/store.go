// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// The store puts its parts together: profiles, secrets with their index, and the
// directory below both. Whatever is written is written under one lock.

func (s *Store) dir() stateDir { return stateDir(s.Dir) }

func (s *Store) profiles() profiles { return profiles{s.dir(), s.now} }

func (s *Store) vault() vault { return vault{s.dir(), s.backend} }

func (s *Store) backend(b Backend) (backend, error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	switch b.orDefault() {
	case Keyring:
		return keyringBackend{s.timedKeyring()}, nil
	case File:
		return fileBackend{s.dir()}, nil
	}
	return nil, errcode.Errorf(errcode.Internal, "unknown store %q", string(b))
}

func (s *Store) timedKeyring() timedKeyring {
	k := timedKeyring{keyring: s.keyring, timeout: s.Timeout, silence: &s.silence, asking: s.Asking}
	if k.keyring == nil {
		k.keyring, k.silence = osKeyring{}, &osSilence
	}
	if k.timeout <= 0 {
		k.timeout = defaultTimeout
	}
	return k
}

// Profile returns the profile of a proxy address, or the current one for "".
// Without one it returns ErrNotFound.
func (s *Store) Profile(proxy string) (*Profile, error) { return s.profiles().get(proxy) }

// Profiles returns all profiles, ordered by file name. The error joins one for
// each file that cannot be read; the others are returned all the same.
func (s *Store) Profiles() ([]Profile, error) { return s.profiles().all() }

// Proxies returns the addresses of all proxies that something is stored for,
// sorted: also where the profile cannot be read, or is gone, and secrets are
// left. It goes by the names of the files alone.
func (s *Store) Proxies() ([]string, error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	return s.dir().proxies()
}

// Lock keeps other processes, and other callers in this one, from taking the
// lock of the same name until unlock is called. It waits as long as ctx lasts:
// at its deadline the error is a *BusyError. The system frees the lock when its
// holder dies; the file stays. The store's own writes use another lock, so a
// Lock may be held around them.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	return lockFile(ctx, s.dir().path("locks", fileName(name)+".lock"), 0)
}

// lockWrites lets one writer at a time through, and removes what those that were
// killed have left.
func (s *Store) lockWrites(ctx context.Context) (unlock func(), err error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	wait := s.LockWait
	if wait <= 0 {
		wait = writeWait
	}
	unlock, err = lockTold(ctx, s.dir().path("write.lock"), wait, s.Held)
	if err == nil {
		s.dir().sweepTemporary()
	}
	return unlock, err
}

// Sweep removes what killed processes have left: files that were being written,
// and, where there is no login any more, whatever is in the file store, names a
// current login, or was logged. Each write does the first by itself.
func (s *Store) Sweep(ctx context.Context) (err error) {
	defer toRemove(&err)
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if proxies, err := s.Proxies(); err != nil || len(proxies) > 0 {
		return err
	}
	return errors.Join(
		removeFile(s.dir().path(currentFile)),
		s.dir().remove(logDir, func(string) bool { return true }),
		s.dir().remove(storeDir, func(string) bool { return true }))
}
