// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"cmp"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Apps returns the apps with a certificate of this login, those of the root
// first, sorted by leaf and name. It reads the index alone: no keyring is asked,
// and a certificate may have expired or be gone. A name too long for an account
// is as it is in there.
func (s *Store) Apps(p *Profile) ([]App, error) {
	until, err := s.AppsUntil(p)
	return slices.SortedFunc(maps.Keys(until), func(a, b App) int {
		return cmp.Or(cmp.Compare(a.Leaf, b.Leaf), cmp.Compare(a.Name, b.Name))
	}), err
}

// AppsUntil is Apps with the time at which each certificate expires, which is
// the zero time where it is not known.
func (s *Store) AppsUntil(p *Profile) (map[App]time.Time, error) {
	ix, err := s.readIndex(p.Proxy)
	if err != nil {
		return nil, err
	}
	apps := map[App]time.Time{}
	for _, e := range ix.Entries {
		name, ok := strings.CutPrefix(e.Account, appPrefix)
		if !ok || e.Store != p.Store.orDefault() {
			continue
		}
		if name, ok = strings.CutSuffix(name, " "+identityName(p)); ok {
			name, leaf, _ := strings.Cut(name, "@")
			apps[App{Leaf: unescape(leaf), Name: unescape(name)}] = ix.Until[e.Account]
		}
	}
	return apps, nil
}

// Proxies returns the addresses of all proxies that something is stored for,
// sorted: also where the profile cannot be read, or is gone, and secrets are
// left. It goes by the names of the files alone.
func (s *Store) Proxies() ([]string, error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	var proxies []string
	var errs []error
	for _, dir := range []string{profileDir, indexDir} {
		entries, err := os.ReadDir(filepath.Join(s.Dir, dir))
		errs = append(errs, ignoreNotExist(inState(reading, err)))
		for _, e := range entries {
			stem, ok := strings.CutSuffix(e.Name(), ".json")
			if proxy := proxyOf(stem); ok && fileName(proxy) == stem {
				proxies = append(proxies, proxy)
			}
		}
	}
	slices.Sort(proxies)
	return slices.Compact(proxies), errors.Join(errs...)
}

// proxyOf is the inverse of fileName.
func proxyOf(stem string) string {
	// The mark of a name that a system would not take; an escape has two digits
	// behind it.
	if name, ok := strings.CutPrefix(stem, "%"); ok && fileName(unescape(strings.ReplaceAll(name, "_", ":"))) == stem {
		stem = name
	}
	return unescape(strings.ReplaceAll(stem, "_", ":"))
}

// unescape is the inverse of escape; what was cut stays cut.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '^' && i+1 < len(s):
			i++
			b.WriteString(strings.ToUpper(s[i : i+1]))
		case c == '%' && i+2 < len(s):
			if raw, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.Write(raw)
				i += 2
				continue
			}
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
