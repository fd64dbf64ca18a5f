// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// proxies returns the addresses of all proxies that something is stored for,
// sorted. It goes by the names of the files alone.
func (d stateDir) proxies() ([]string, error) {
	var proxies []string
	var errs []error
	for _, dir := range []string{profileDir, indexDir} {
		entries, err := plainfile.List(d.path(dir))
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
