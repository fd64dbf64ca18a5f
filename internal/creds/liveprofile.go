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
// its file has changed. The zero value has read nothing yet. It is safe for concurrent
// use.
type LiveProfile struct {
	mu   sync.Mutex
	path string      // that last is from
	seen fs.FileInfo // of it, before it was read
	last *Profile    // nil: nothing is known
}

// Get is the store's Profile. What it returns is not to be changed.
func (l *LiveProfile) Get(s *Store, proxy string) (*Profile, error) {
	ps := s.profiles()
	proxy, err := ps.resolve(proxy)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if path := ps.path(proxy); l.path != path {
		l.path, l.last = path, nil
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

// ProfileFiles are the files in which Profile finds the profile of a proxy address, or
// the current one for "": they may not be there.
func (s *Store) ProfileFiles(proxy string) []string {
	if s.Dir == "" {
		return nil
	}
	ps := s.profiles()
	var files []string
	if proxy == "" {
		files = append(files, ps.dir.path(currentFile))
		if proxy, _ = ps.resolve(""); proxy == "" {
			return files
		}
	}
	return append(files, ps.path(proxy))
}

// seenOf is what can be seen of a profile without opening it, if it may be read; else
// nil. Its folder is looked at when it is read: what is the same file is as good as
// it was then.
func seenOf(path string) fs.FileInfo {
	info, err := plainfile.Within(path, func() (fs.FileInfo, error) { return plainfile.Check(path, plainfile.Own) })
	if err != nil {
		return nil
	}
	os.SameFile(info, info) // Windows finds out at the first comparison which file it is
	return info
}
