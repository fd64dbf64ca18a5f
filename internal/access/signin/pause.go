// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"os"
	"path/filepath"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// pauseTime is how long no bridge opens a tab after one that came to nothing.
const pauseTime = 15 * time.Minute

// pauseFile is touched when a sign-in came to nothing.
func pauseFile(dir, proxy string) string {
	return filepath.Join(dir, "refused", access.FileName(proxy))
}

// paused tells whether a sign-in came to nothing lately. A file from the future,
// when a clock that was wrong has been set, begins to count now.
func (g *Gate) paused(proxy string) bool {
	file := pauseFile(g.Dir, proxy)
	info, err := plainfile.Check(file, plainfile.Own)
	if err != nil {
		return false
	}
	now := g.Now()
	age := now.Sub(info.ModTime())
	if age < 0 && os.Chtimes(file, now, now) != nil {
		return false
	}
	return age < pauseTime
}

// Pause keeps all bridges from opening a tab for a while.
func (g *Gate) Pause(proxy string) {
	file := pauseFile(g.Dir, proxy)
	now := g.Now()
	if os.MkdirAll(filepath.Dir(file), 0o700) == nil && plainfile.Touch(file) == nil {
		_ = os.Chtimes(file, now, now)
	}
}

// Resume ends the pause. A login that a person has started does.
func Resume(dir, proxy string) { _ = os.Remove(pauseFile(dir, proxy)) }
