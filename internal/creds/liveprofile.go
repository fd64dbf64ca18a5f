// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"io/fs"
	"os"
	"sync"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// LiveProfile is a profile that is asked for again and again, and read again when
// its file has changed. It is safe for concurrent use.
type LiveProfile struct {
	store *Store

	mu   sync.Mutex
	path string      // that last is from
	seen fs.FileInfo // of it, before it was read
	last *Profile    // nil: nothing is known
}

// Live returns a LiveProfile that has read nothing yet.
func Live(s *Store) *LiveProfile { return &LiveProfile{store: s} }

// Get is Store.Profile. What it returns is not to be changed.
func (l *LiveProfile) Get(proxy string) (*Profile, error) {
	ps := l.store.profiles()
	proxy, err := ps.resolve(proxy)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil || l.last.Proxy != proxy {
		l.path, l.last = ps.path(proxy), nil
	}
	seen := seenOf(l.path)
	if l.last != nil && seen != nil && plainfile.Unchanged(l.seen, seen) {
		return l.last, nil
	}
	p, err := ps.get(proxy)
	if l.seen, l.last = seen, p; seen == nil {
		l.last = nil // it came just now
	}
	return p, err
}

// seenOf is what can be seen of a profile without opening it, if it may be read; else
// nil. Its folder is looked at when it is read: what is the same file is as good as
// it was then.
func seenOf(path string) fs.FileInfo {
	info, err := plainfile.Check(path, plainfile.Own)
	if err != nil {
		return nil
	}
	os.SameFile(info, info) // Windows finds out at the first comparison which file it is
	return info
}
