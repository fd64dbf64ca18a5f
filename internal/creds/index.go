// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"
)

// index lists the credentials of one proxy, because a keyring cannot be asked
// for them. An entry is added before its secret is written and taken out after
// the secret is deleted: nothing secret is ever without an entry, though an
// entry may be without its secret.
type index struct {
	Proxy   string  `json:"proxy"`
	Entries []entry `json:"entries"`
	// Until is when the certificates of apps expire, by account. It may lack one.
	Until map[string]time.Time `json:"until,omitempty"`

	unread bool // what is on disk could not be read, and stays
}

type entry struct {
	Store   Backend `json:"store"`
	Account string  `json:"account"`
}

func (s *Store) indexPath(proxy string) string {
	return filepath.Join(s.Dir, indexDir, fileName(proxy)+".json")
}

// readIndex returns an empty index when there is none.
func (s *Store) readIndex(proxy string) (*index, error) {
	data, err := s.read(s.indexPath(proxy))
	return s.parseIndex(proxy, data, err)
}

// parseIndex takes what reading the file has returned. The index is never nil.
func (s *Store) parseIndex(proxy string, data []byte, err error) (*index, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return &index{Proxy: proxy}, nil
	}
	if err != nil {
		return &index{Proxy: proxy, unread: true}, err
	}
	var ix index
	if err := json.Unmarshal(data, &ix); err != nil {
		return &index{Proxy: proxy, unread: true}, fmt.Errorf("index %s: %w", s.indexPath(proxy), err)
	}
	ix.Proxy = proxy
	return &ix, nil
}

func (s *Store) writeIndex(ix *index) error {
	if ix.unread {
		return nil
	}
	if len(ix.Entries) == 0 {
		return removeFile(s.indexPath(ix.Proxy))
	}
	return s.writeJSON(s.indexPath(ix.Proxy), ix)
}

// put stores a credential and its index entry.
func (s *Store) put(ctx context.Context, ix *index, e entry, kp *KeyPair) error {
	b, err := s.backend(e.Store)
	if err != nil {
		return err
	}
	text, err := pack(e.Account, kp)
	if err != nil {
		return err
	}
	if !slices.Contains(ix.Entries, e) {
		if err := b.usable(ctx, e.Account); err != nil {
			return err // nothing is stored, so nothing has to be deleted later
		}
		ix.Entries = append(ix.Entries, e)
		if err := s.writeIndex(ix); err != nil {
			return err
		}
	}
	return b.save(ctx, e.Account, text)
}

// drop deletes the credentials that match, and their index entries. A backend
// that failed once is not asked again; what could not be deleted stays in the
// index.
func (s *Store) drop(ctx context.Context, ix *index, match func(entry) bool) error {
	var kept []entry
	var errs []error
	unusable := map[Backend]bool{}
	for _, e := range ix.Entries {
		if !match(e) || unusable[e.Store] {
			kept = append(kept, e)
			continue
		}
		if err := s.remove(ctx, e); err != nil {
			errs = append(errs, err)
			kept = append(kept, e)
			unusable[e.Store] = true
			continue
		}
		delete(ix.Until, e.Account)
	}
	if len(kept) < len(ix.Entries) {
		ix.Entries = kept
		errs = append(errs, s.writeIndex(ix))
	}
	return errors.Join(errs...)
}

func (s *Store) remove(ctx context.Context, e entry) error {
	b, err := s.backend(e.Store)
	if err != nil {
		return err
	}
	return b.remove(ctx, e.Account)
}
