// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// SaveLogin stores a login in the backend that p.Store names and makes its
// profile the current one. It takes the place of an earlier login to the same
// proxy, whose app certificates are deleted.
//
// What an earlier login left in the other backend, or under another user, is
// deleted too. If that fails it is no error: it is noted, and tried again by a
// later SaveLogin or DeleteLogin.
//
// The conditions are asked under the lock; if one fails, nothing changes.
func (s *Store) SaveLogin(ctx context.Context, p Profile, kp KeyPair, only ...Condition) error {
	p.Store = p.Store.orDefault()
	if err := p.check(); err != nil {
		return fmt.Errorf("save login: %w", err)
	}
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	for _, condition := range only {
		if err := condition(&p, s.Profile); err != nil {
			return err
		}
	}
	ix, err := s.index(p.Proxy)
	if err != nil {
		return err
	}
	// The app certificates go before the login changes: they were issued to
	// the earlier one.
	if err := s.vault().drop(ctx, ix, func(e entry) bool { return e.Store == p.Store && isApp(e.Account) }); err != nil {
		return err
	}
	login := loginEntry(&p)
	if err := s.vault().put(ctx, ix, login, &kp); err != nil {
		return err
	}
	if err := s.profiles().write(p); err != nil {
		return err
	}
	if err := s.profiles().setCurrent(p.Proxy); err != nil {
		return err
	}
	_ = s.vault().drop(ctx, ix, func(e entry) bool { return e != login })
	return nil
}

// Condition tells why a login is not to be saved. stored returns what is stored by
// then.
type Condition func(p *Profile, stored func(proxy string) (*Profile, error)) error

// Renews is for a login that nobody has asked for who could see what it takes the
// place of: only of before, or of one of the same user and cluster that was made
// since and ends earlier. Else it is ErrSuperseded or, after a logout, ErrNotFound.
func Renews(before *Profile) Condition {
	return func(p *Profile, stored func(string) (*Profile, error)) error {
		was, err := stored(p.Proxy)
		switch {
		case err != nil:
			return err
		case was.Insecure && !p.Insecure, was.Username != p.Username, was.Cluster != p.Cluster,
			!was.sameLogin(before) && !was.Expires.Before(p.Expires):
			return ErrSuperseded
		}
		return nil
	}
}

// Use makes the login to a proxy the current one. Without one it returns
// ErrNotFound.
func (s *Store) Use(ctx context.Context, proxy string) error {
	if current, err := s.Profile(""); err == nil && current.Proxy == proxy {
		return nil
	}
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := s.Profile(proxy); err != nil {
		return err
	}
	return s.profiles().setCurrent(proxy)
}

// Login returns the key and certificate of a profile's login, or ErrNotFound.
func (s *Store) Login(ctx context.Context, p *Profile) (*KeyPair, error) {
	return s.vault().get(ctx, loginEntry(p))
}

// Amend changes what is not secret about the login of p, such as the host CAs of
// leaf clusters and the reading of the clocks. The login must still be the one on
// disk: otherwise it returns ErrSuperseded or, after a logout, ErrNotFound.
func (s *Store) Amend(ctx context.Context, p *Profile, change func(*Profile)) error {
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return s.profiles().amend(p, change)
}

// changeLogin calls change under the lock for writers, with the profile on disk and
// the index of its proxy. The login of p must still be the one on disk, as for Amend.
func changeLogin(ctx context.Context, s *Store, p *Profile, change func(stored *Profile, ix *index) error) error {
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	stored, err := s.Profile(p.Proxy)
	if err != nil {
		return err
	}
	if !stored.sameLogin(p) {
		return ErrSuperseded
	}
	ix, err := s.index(p.Proxy)
	if err != nil {
		return err
	}
	return change(stored, ix)
}

// DeleteLogin deletes the login to a proxy ("" is the current one) with its app
// certificates, in every backend they were ever stored in, and then its
// profile. What is already gone is no error, unless there is nothing at all:
// then it is ErrNotFound. If a backend fails, the rest is deleted; the call can
// be repeated, also when the profile is gone.
func (s *Store) DeleteLogin(ctx context.Context, proxy string) (err error) {
	defer toRemove(&err)
	proxy, err = s.profiles().resolve(proxy)
	if err != nil {
		return err
	}
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	ix, indexErr := s.indexToDelete(proxy)
	p, profileErr := s.Profile(proxy)
	if indexErr == nil && len(ix.Entries) == 0 && errors.Is(profileErr, ErrNotFound) {
		return fmt.Errorf("%w: no login to %s", ErrNotFound, proxy)
	}
	err = errors.Join(indexErr, s.vault().drop(ctx, ix, func(entry) bool { return true }))
	if left := s.dir().remove(storeDir, isFileOf(proxy)); err == nil {
		err = left
	}
	if profileErr == nil && slices.Contains(ix.Entries, loginEntry(p)) {
		return err // still logged in
	}
	return errors.Join(err, s.profiles().delete(proxy))
}

// index returns the credentials of a proxy, with the login of its profile in
// any case.
func (s *Store) index(proxy string) (*index, error) {
	ix, err := s.vault().index(proxy)
	if err != nil {
		return nil, err
	}
	s.addLogin(ix)
	return ix, nil
}

// indexToDelete takes an index that others may have changed, too: what it names
// can only be deleted. Of one that cannot be read it returns the error, and the
// login of the profile.
func (s *Store) indexToDelete(proxy string) (*index, error) {
	data, err := plainfile.Read(s.vault().path(proxy), plainfile.Named, maxState)
	ix, err := s.vault().parse(proxy, data, err)
	s.addLogin(ix)
	return ix, err
}

func (s *Store) addLogin(ix *index) {
	if p, err := s.Profile(ix.Proxy); err == nil {
		if e := loginEntry(p); !slices.Contains(ix.Entries, e) {
			ix.Entries = append(ix.Entries, e)
		}
	}
}

func loginEntry(p *Profile) entry {
	return entry{p.Store.orDefault(), loginAccount(p)}
}
