// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// Live reads an identity file or a directory of tbot, and reads it again when
// it has changed. The zero value has read nothing yet. It is safe for
// concurrent use.
type Live struct {
	mu   sync.Mutex
	path string        // that last is from
	seen []fs.FileInfo // its files, as they were before it was read
	last *Identity
}

// Load returns the identity that the file holds; the same pointer as long as
// the file stays what it is. A file that is damaged, as one is while somebody
// writes it, does not take away an identity that is still valid at now.
func (l *Live) Load(path string, now time.Time) (*Identity, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := look(path)
	known := l.last != nil && l.path == path
	if known && unchanged(l.seen, seen) {
		return l.last, nil
	}
	id, err := read(path)
	if err == nil {
		l.path, l.last, l.seen = path, id, seen
		return id, nil
	}
	var bad *MalformedError
	if errors.As(err, &bad) && known && l.last.Check(now) == nil {
		return l.last, nil
	}
	return nil, err
}

// look notes what can be seen of the files without opening them; nil stands
// for one that is not there.
func look(path string) []fs.FileInfo {
	paths := []string{path}
	for _, name := range append([]string{tbotIdentity, tbotCert, tbotKey}, tbotCAs...) {
		paths = append(paths, filepath.Join(path, name))
	}
	seen := make([]fs.FileInfo, len(paths))
	for i, p := range paths {
		info, err := plainfile.Stat(p)
		if err != nil {
			continue
		}
		// Windows finds out at the first comparison which file a path names,
		// which might be another one by then.
		os.SameFile(info, info)
		seen[i] = info
	}
	return seen
}

func unchanged(before, now []fs.FileInfo) bool {
	for i, b := range before {
		n := now[i]
		if (b == nil) != (n == nil) {
			return false
		}
		if b != nil && !plainfile.Unchanged(b, n) {
			return false
		}
	}
	return true
}
