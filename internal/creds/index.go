// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io/fs"
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

// vault has the credentials of all proxies, in whatever backend, with an index
// for each proxy. Whoever changes them holds the lock for writers.
type vault struct {
	dir     stateDir
	backend func(Backend) (backend, error)
}

func (v vault) path(proxy string) string {
	return v.dir.path(indexDir, fileName(proxy)+".json")
}

// index returns an empty index when there is none.
func (v vault) index(proxy string) (*index, error) {
	data, err := v.dir.read(v.path(proxy))
	return v.parse(proxy, data, err)
}

// parse takes what reading the file has returned. The index is never nil.
func (v vault) parse(proxy string, data []byte, err error) (*index, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return &index{Proxy: proxy}, nil
	}
	if err != nil {
		return &index{Proxy: proxy, unread: true}, err
	}
	var ix index
	if err := json.Unmarshal(data, &ix); err != nil {
		return &index{Proxy: proxy, unread: true}, &DamageError{What: "index", Path: v.path(proxy), Err: err}
	}
	if len(ix.Entries) == 0 { // such as null: one that names nothing is not written
		return &index{Proxy: proxy, unread: true}, &DamageError{What: "index", Path: v.path(proxy), Err: errors.New("names no credentials")}
	}
	ix.Proxy = proxy
	return &ix, nil
}

func (v vault) write(ix *index) error {
	if ix.unread {
		return nil
	}
	if len(ix.Entries) == 0 {
		return removeFile(v.path(ix.Proxy))
	}
	return v.dir.writeJSON(v.path(ix.Proxy), ix)
}

// put stores a credential and its index entry.
func (v vault) put(ctx context.Context, ix *index, e entry, kp *KeyPair) error {
	b, err := v.backend(e.Store)
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
		if err := v.write(ix); err != nil {
			return err
		}
	}
	return b.save(ctx, e.Account, text)
}

// drop deletes the credentials that match, and their index entries. A backend
// that failed once is not asked again; what could not be deleted stays in the
// index.
func (v vault) drop(ctx context.Context, ix *index, match func(entry) bool) error {
	var kept []entry
	var errs []error
	unusable := map[Backend]bool{}
	for _, e := range ix.Entries {
		if !match(e) || unusable[e.Store] {
			kept = append(kept, e)
			continue
		}
		if err := v.remove(ctx, e); err != nil {
			errs = append(errs, err)
			kept = append(kept, e)
			unusable[e.Store] = true
			continue
		}
		delete(ix.Until, e.Account)
	}
	if len(kept) < len(ix.Entries) {
		ix.Entries = kept
		errs = append(errs, v.write(ix))
	}
	return errors.Join(errs...)
}

func (v vault) remove(ctx context.Context, e entry) error {
	b, err := v.backend(e.Store)
	if err != nil {
		return err
	}
	return b.remove(ctx, e.Account)
}

func (v vault) get(ctx context.Context, e entry) (*KeyPair, error) {
	b, err := v.backend(e.Store)
	if err != nil {
		return nil, err
	}
	text, err := b.load(ctx, e.Account)
	if err != nil {
		return nil, err
	}
	return unpack(e.Account, text)
}

// noteExpiry keeps what is not secret about an app's certificate where no
// keyring has to be asked for it.
func (v vault) noteExpiry(ix *index, e entry, kp *KeyPair) error {
	cert, err := x509.ParseCertificate(kp.Cert)
	if err != nil {
		return nil // whoever needs the certificate will say so
	}
	if ix.Until == nil {
		ix.Until = map[string]time.Time{}
	}
	ix.Until[e.Account] = cert.NotAfter
	return v.write(ix)
}
